"""What a contact's mail tells about them, for programs."""

from fastapi import Request
from pydantic import BaseModel

from crm.records.completion.settling import Wish
from crm.records.completion.settling import settle as settle_suggestion
from crm.records.completion.suggesting import Suggestion, suggestions_for
from storage.writer_lock import Urgency
from web.api.callers import MailReader, RecordWriter
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/contacts", tags=["records"])


class Settled(BaseModel):
    """One suggestion, as it was given, and what becomes of it."""

    field: str
    value: str
    wish: Wish


@router.get("/{contact_id}/suggestions")
def suggestions(request: Request, viewer: MailReader, contact_id: RowId) -> list[Suggestion]:
    """What the newest mails that the person may read tell about the contact beyond what is known."""
    services = services_of(request)
    with services.store.database.reading() as session:
        return suggestions_for(services.store, session, viewer, contact_id)


@router.post("/{contact_id}/suggestions", status_code=204)
def settle(request: Request, viewer: RecordWriter, contact_id: RowId, settled: Settled) -> None:
    """Put a suggestion into the contact, or never have it made again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        settle_suggestion(session, viewer, contact_id, settled.field, settled.value, settled.wish)
