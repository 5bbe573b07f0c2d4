"""Writing templates: what would go wrong when a mail is written is told when the template is."""

from dataclasses import dataclass

from core.clock import utcnow
from core.errors import Forbidden, UsageError
from crm.access.viewer import Viewer
from crm.outgoing.templates import repository
from crm.outgoing.templates.filling import KNOWN
from delivery.liquid_text import parse
from storage.sessions import WriteSession

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_TEXT = 100, 500, 100_000


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a person writes. A `shared` one is everybody's."""

    name: str
    subject: str
    text: str
    shared: bool = False


def add_template(session: WriteSession, viewer: Viewer, written: TemplateText) -> int:
    """Keep a new template; its id. Raises `UsageError` for what Liquid does not understand, `Forbidden` for guests."""
    viewer.require_write()
    now = utcnow()
    made = {"maker_id": viewer.user_id, "created_at": now, "changed_at": now}
    if viewer.user_id is None and not written.shared:
        raise UsageError("A template of one person needs that person: share it, or make it in their name.")
    return repository.insert_template(session, _checked(written) | made | {"owner_id": _owner(viewer, written)})


def change_template(session: WriteSession, viewer: Viewer, template_id: int, written: TemplateText) -> None:
    """Write a template anew. One of your own can be shared; one that is shared no more is its maker's again.

    Raises `NotFound`, `Forbidden` for a shared template of somebody else's, `UsageError` where no person is left whose
    own it would be, and as `add_template`.
    """
    before = _changeable(session, viewer, template_id)
    values = _checked(written) | {"changed_at": utcnow()}
    if written.shared != before.shared:
        values |= {"owner_id": None if written.shared else _maker(session, template_id)}
    repository.update_template(session, template_id, values)


def delete_template(session: WriteSession, viewer: Viewer, template_id: int) -> None:
    """Forget a template. Mails that were written with it stay as they are. Raises as `change_template`."""
    _changeable(session, viewer, template_id)
    repository.delete_template(session, template_id)


def _changeable(session: WriteSession, viewer: Viewer, template_id: int) -> repository.TemplateView:
    viewer.require_write()
    found = repository.template(session, viewer, template_id)
    if not found.may_change:
        raise Forbidden("This template is shared by a colleague: they, or an administrator, can change it.")
    return found


def _maker(session: WriteSession, template_id: int) -> int:
    maker_id = repository.maker_of(session, template_id)
    if maker_id is None:
        raise UsageError("No person made this template, so it can only be everybody's: leave it shared, or delete it.")
    return maker_id


def _owner(viewer: Viewer, written: TemplateText) -> int | None:
    return None if written.shared else viewer.user_id


def _checked(written: TemplateText) -> dict[str, object]:
    name, subject = " ".join(written.name.split()), " ".join(written.subject.split())
    text = written.text.replace("\r\n", "\n").strip()
    if not name:
        raise UsageError("Give the template a name, by which it is found again.")
    if not text:
        raise UsageError("The template has no text yet: write what the mail shall say.")
    if len(name) > LONGEST_NAME or len(subject) > LONGEST_SUBJECT or len(text) > LONGEST_TEXT:
        raise UsageError(
            f"That is too long: a name has at most {LONGEST_NAME} letters, a subject {LONGEST_SUBJECT}, a text {LONGEST_TEXT}."
        )
    parse(subject, "The subject", KNOWN)
    parse(text, "The text", KNOWN)
    return {"name": name, "subject": subject, "text": text}
