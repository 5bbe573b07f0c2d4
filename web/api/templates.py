"""Templates of single mails, and a mail filled in with one."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, Field

from crm.access.api_tokens import Scope
from crm.outgoing.templates import keeping, repository
from crm.outgoing.templates.filling import Filled, fill
from crm.outgoing.templates.keeping import TemplateText
from crm.outgoing.templates.repository import TemplateView
from storage.writer_lock import Urgency
from web.api.callers import MailReader, MailSender, needs
from web.api.records import Made
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/templates", tags=["outgoing"])


class TemplateIn(BaseModel):
    """Subject and text in Liquid; a `shared` one is everybody's."""

    name: str
    subject: str = ""
    text: str
    shared: bool = False

    def written(self) -> TemplateText:
        """The same for the use case."""
        return TemplateText(self.name, self.subject, self.text, self.shared)


class For(BaseModel):
    """Whom a mail goes to. `name` counts where no record has the address."""

    to: Annotated[str, Field(description="The address.")]
    name: str = ""
    mailbox_id: RowId | None = None


@router.get("")
def all_templates(request: Request, viewer: MailReader) -> list[TemplateView]:
    """Everybody's and the person's own, by name."""
    with services_of(request).store.database.reading() as session:
        return repository.templates(session, viewer)


@router.post("", status_code=201)
def add(request: Request, viewer: MailSender, given: TemplateIn) -> Made:
    """Keep a new one."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=keeping.add_template(session, viewer, given.written()))


@router.get("/{template_id}")
def one(request: Request, viewer: MailReader, template_id: RowId) -> TemplateView:
    """One template."""
    with services_of(request).store.database.reading() as session:
        return repository.template(session, viewer, template_id)


@router.put("/{template_id}", status_code=204)
def change(request: Request, viewer: MailSender, template_id: RowId, given: TemplateIn) -> None:
    """Write it anew."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.change_template(session, viewer, template_id, given.written())


@router.delete("/{template_id}", status_code=204)
def remove(request: Request, viewer: MailSender, template_id: RowId) -> None:
    """Forget it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.delete_template(session, viewer, template_id)


@router.post("/{template_id}/fill", dependencies=[Depends(needs(Scope.RECORDS_READ))])
def filled(request: Request, viewer: MailReader, template_id: RowId, given: For) -> Filled:
    """Subject and text for one person; placeholders that nothing is known for stand in them, and in `missing`.

    It tells what records say, so the token needs `records:read` too.
    """
    with services_of(request).store.database.reading() as session:
        return fill(session, viewer, template_id, to=given.to, name=given.name, mailbox_id=given.mailbox_id)
