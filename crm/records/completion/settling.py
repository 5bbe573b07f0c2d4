"""Accepting a suggestion, which is an edit like any other, and declining one for good."""

from enum import StrEnum
from typing import Any

from core.errors import Forbidden, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records import on_behalf
from crm.records.completion import repository
from crm.records.completion.suggesting import Suggestion
from crm.records.contacts import create_company
from crm.records.fields.editing import edit_record, held_values
from crm.records.fields.standard import ADDRESS
from crm.records.repository import reading
from storage.models import RecordType
from storage.sessions import WriteSession

SOURCE = "signature"
FILLED = ("name", "position", "website", *ADDRESS)
"""Fields that take a suggestion as it is."""
SUGGESTED = frozenset({*FILLED, "company", "phones", "emails"})
LONGEST_KEY = 500
NOTHING_SUGGESTED = "That is nothing that a contact is completed by."
FIELDS = {"company": "company_id"}
"""The keys of fields, where a suggestion calls them otherwise."""


class Wish(StrEnum):
    """What is done with a suggestion: put into the contact, or never made again."""

    ACCEPT = "accept"
    DECLINE = "decline"


def settle(session: WriteSession, viewer: Viewer, contact_id: int, field: str, value: str, wish: Wish) -> None:
    """Do with a suggestion, as it was given, what a person wishes. Raises as `accept` and `decline` do."""
    act = accept if wish is Wish.ACCEPT else decline
    act(session, viewer, contact_id, Suggestion.of(field, value))


def accept(session: WriteSession, viewer: Viewer, contact_id: int, suggestion: Suggestion) -> None:
    """Put it into the contact: a phone or address behind those that are there, a company by its name, known or new.

    Raises `Forbidden` for guests, `NotFound`, and `UsageError` for what can not stand in the field.
    """
    viewer.require_write()
    contact = (RecordType.CONTACT, contact_id)
    require(session, viewer, Act.EDIT, contact)
    if not viewer.may_edit_field(RecordType.CONTACT, FIELDS.get(suggestion.field, suggestion.field)):
        raise Forbidden("Your role does not let you change this field of a contact.")
    has = held_values(session, viewer, contact)
    wanted: dict[str, Any]
    match suggestion.field:
        case "phones" | "emails":
            known = has[suggestion.field]
            wanted = {suggestion.field: [*(known if isinstance(known, list) else []), suggestion.value]}
        case "company":
            known_id = repository.company_named(session, viewer, suggestion.value)
            company_id = known_id or on_behalf.add(
                session,
                viewer,
                RecordType.COMPANY,
                create_company,
                name=suggestion.value,
                responsible_id=viewer.user_id,
                source=SOURCE,
            )
            wanted = {"company_id": company_id}
        case field if field in FILLED:
            wanted = {field: suggestion.value}
        case _:
            raise UsageError(NOTHING_SUGGESTED)
    edit_record(session, viewer, contact, wanted)


def decline(session: WriteSession, viewer: Viewer, contact_id: int, suggestion: Suggestion) -> None:
    """Never suggest that again for this contact. Raises `Forbidden` for guests, `NotFound`, and `UsageError`."""
    viewer.require_write()
    if suggestion.field not in SUGGESTED:
        raise UsageError(NOTHING_SUGGESTED)
    if len(suggestion.key) > LONGEST_KEY:
        raise UsageError("That is too long to have been suggested.")
    require(session, viewer, Act.EDIT, (RecordType.CONTACT, contact_id))
    reading.contact(session, viewer, contact_id)
    repository.decline(session, contact_id, suggestion.field, suggestion.key)
