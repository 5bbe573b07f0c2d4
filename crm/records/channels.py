"""Addresses and phones of records, in the form in which they are looked up."""

from collections.abc import Iterable

from core.addresses import address_key
from core.errors import UsageError
from crm.office.phones import full_number
from crm.office.settings import read_office
from crm.records.repository import writing
from storage.models import RecordType
from storage.sessions import WriteSession

EMAIL, PHONE = "email", "phone"


def give_channels(
    session: WriteSession, record_type: RecordType, record_id: int, *, emails: Iterable[str], phones: Iterable[str] = ()
) -> None:
    """Add addresses and phones to a record; what it has already stays. Raises `UsageError` for an address without @."""
    keyed = {(EMAIL, email_key(value)): value.strip() for value in emails}
    if told := [value for value in phones if phone_key(value)]:
        country = read_office(session).phone_country
        keyed |= {(PHONE, phone_key(value, country)): value.strip() for value in told}
    rows = [{"kind": kind, "key": key, "value": value} for (kind, key), value in keyed.items()]
    writing.add_channels(session, record_type, record_id, rows)


def email_key(value: str) -> str:
    """The key of an e-mail address. Raises `UsageError` when it has no @ or nothing beside it."""
    key = address_key(value)
    local, _, domain = key.rpartition("@")
    if not local or not domain:
        raise UsageError("An e-mail address looks like name@example.com: please correct it.")
    return key


def phone_key(value: str, country: str = "") -> str:
    """The whole number, `+48600100200`, where it is written with its code or the country is known; else its digits.

    The country is the company's at the moment at which a number is noted: the key that is stored then stays, whatever
    becomes of that setting (`crm.records.renumbering`).
    """
    if whole := full_number(value, country):
        return whole
    digits = "".join(character for character in value if character.isdigit())
    return f"+{digits}" if digits and value.strip().startswith("+") else digits
