"""Accepting a suggestion, which is an edit like any other, and declining one for good."""

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.channels import EMAIL, PHONE
from crm.records.completion import repository
from crm.records.completion.suggesting import Suggestion, known_channels
from crm.records.contacts import create_company
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from storage.models import RecordType
from storage.sessions import WriteSession

SOURCE = "signature"


def accept(session: WriteSession, viewer: Viewer, contact_id: int, suggestion: Suggestion) -> None:
    """Put it into the contact: a phone or address behind those that are there, a company by its name, known or new.

    Raises `Forbidden` for guests, `NotFound`, and `UsageError` for what can not stand in the field.
    """
    viewer.require_write()
    reading.contact(session, viewer, contact_id)
    wanted: dict[str, str | int | list[str]]
    match suggestion.field:
        case "phones":
            wanted = {"phones": [*known_channels(session, contact_id, PHONE), suggestion.value]}
        case "emails":
            wanted = {"emails": [*known_channels(session, contact_id, EMAIL), suggestion.value]}
        case "company":
            known = repository.company_named(session, suggestion.value)
            company_id = known or create_company(
                session, suggestion.value, responsible_id=viewer.user_id, source=SOURCE
            )
            wanted = {"company_id": company_id}
        case "name" | "position":
            wanted = {suggestion.field: suggestion.value}
        case _:
            raise UsageError("That is nothing that a contact is completed by.")
    edit_record(session, viewer, (RecordType.CONTACT, contact_id), wanted)


def decline(session: WriteSession, viewer: Viewer, contact_id: int, suggestion: Suggestion) -> None:
    """Never suggest that again for this contact. Raises `Forbidden` for guests, and `NotFound`."""
    viewer.require_write()
    reading.contact(session, viewer, contact_id)
    repository.decline(session, contact_id, suggestion.field, suggestion.key)
