"""A template filled in for one person: with what their records say, and the placeholders of what they do not."""

import re
from dataclasses import dataclass

from crm.access import repository as people
from crm.access.viewer import Viewer
from crm.outgoing import repository as outgoing
from crm.outgoing.templates.repository import template
from crm.records.naming import first_name, on_one_line
from crm.records.repository import reading
from crm.records.views import RecordFilter
from delivery.liquid_limits import Unknown
from delivery.liquid_text import parse, render
from storage.models import RecordType, StageKind
from storage.sessions import ReadSession

KNOWN = {
    "contact.first_name": "the first name of whom you write to",
    "contact.name": "their whole name",
    "contact.email": "the address that you write to",
    "contact.position": "their position",
    "contact.company": "the company they work for",
    "company.name": "the same",
    "deal.title": "their newest open deal",
    "me.name": "your name",
    "me.first_name": "your first name",
    "me.email": "the address that you write from",
}
"""What people may write, and what it means."""
_LEFT = re.compile(r"\{\{[^{}]*\}\}|\{\{")
_CUT = "{{"
"""What a filter leaves of a placeholder that it cuts."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A mail as the template makes it.

    `missing`: placeholders that nothing is known for; they stand in the text, unless a filter made them something else.
    """

    subject: str
    text: str
    missing: tuple[str, ...]


def fill(
    session: ReadSession, viewer: Viewer, template_id: int, *, to: str, name: str = "", mailbox_id: int | None = None
) -> Filled:
    """The template for the person with the address `to`, written as `name` there, from a mailbox of the viewer's.

    Raises `NotFound` for a template or mailbox that is not theirs to use, `UsageError` where a filter fails.
    """
    found = template(session, viewer, template_id)
    known = _about_person(session, viewer, to, name) | _about_me(session, viewer, mailbox_id)
    used: list[str] = []
    values = {path: known.get(path) or Unknown(path, used.append) for path in KNOWN}
    subject = render(parse(found.subject, "The subject", KNOWN), values, "The subject")
    text = render(parse(found.text, "The text", KNOWN), values, "The text")
    missing = (*placeholders_in(subject, text), *(f"{{{{ {path} }}}}" for path in used))
    return Filled(" ".join(subject.split()), text, tuple(dict.fromkeys(missing)))


def placeholders_in(*texts: str) -> tuple[str, ...]:
    """Placeholders of ours that nobody has filled in, each once, in order; `{{` where one is never closed."""
    found = [re.sub(r"\s+", " ", one) for text in texts for one in _LEFT.findall(text)]
    ours = [one for one in found if one == _CUT or one.strip("{} ").lower() in KNOWN]
    return tuple(dict.fromkeys(ours))


def _about_person(session: ReadSession, viewer: Viewer, address: str, name: str) -> dict[str, str | None]:
    """From the contact with that address; without one, from how the address is written."""
    named = reading.find_by_address(session, viewer, address) if address else []
    contact_id = next((one.id for one in named if one.type is RecordType.CONTACT), None)
    if contact_id is None:
        leads = [reading.lead(session, viewer, one.id) for one in named if one.type is RecordType.LEAD]
        said = on_one_line(leads[0].name if leads else "") or on_one_line(name)
        return {"contact.name": said, "contact.first_name": first_name(said), "contact.email": address or None}
    contact = reading.contact(session, viewer, contact_id)
    company = on_one_line(contact.company.name) if contact.company else None
    wanted = RecordFilter(contact_id=contact_id, stage_kind=StageKind.OPEN, limit=1)
    deals = reading.deals(session, viewer, wanted)
    said = on_one_line(contact.name)
    return {
        "contact.name": said,
        "contact.first_name": first_name(said, str(contact.fields.get("first_name") or "")),
        "contact.email": address,
        "contact.position": on_one_line(contact.position),
        "contact.company": company,
        "company.name": company,
        "deal.title": on_one_line(deals[0].title) if deals else None,
    }


def _about_me(session: ReadSession, viewer: Viewer, mailbox_id: int | None) -> dict[str, str | None]:
    person = people.person(session, viewer, viewer.user_id) if viewer.user_id is not None else None
    name = on_one_line(person.name) if person else None
    mailbox = outgoing.mailbox(session, viewer, mailbox_id) if mailbox_id is not None else None
    return {"me.name": name, "me.first_name": first_name(name), "me.email": mailbox.email if mailbox else None}
