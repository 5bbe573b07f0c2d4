"""What follows when a field of a record changes: an amount its currency, a name its parts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.currencies import minor_digits, smallest_units
from core.errors import UsageError
from crm.office.settings import read_office
from crm.records.contacts import whole_name
from crm.records.fields.values import Value
from crm.records.merge_fields import MONEY
from crm.records.repository.fields import RecordRow
from crm.records.repository.products import has_lines
from storage.models import Contact, Deal, Lead
from storage.sessions import ReadSession

Changes = dict[str, tuple[Value, Value]]
"""By key of the field: its value before and after."""
AMOUNT, CURRENCY = MONEY
FIRST, LAST = "first_name", "last_name"


def in_its_currency(session: ReadSession, row: RecordRow, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with an amount in the smallest unit."""
    amount = wanted.get(AMOUNT)
    if not isinstance(amount, Decimal) or not isinstance(row, Deal | Lead):
        return wanted
    currency = wanted.get(CURRENCY, row.currency) or read_office(session).currency
    return {**wanted, AMOUNT: smallest_units(amount, str(currency))}


def with_its_currency(session: ReadSession, lead: Lead, changes: Changes) -> Changes:
    """An amount has a currency: the company's, where nobody says one."""
    amount, currency = (changes.get(key, ("", getattr(lead, key)))[1] for key in (AMOUNT, CURRENCY))
    if currency or not amount or not {AMOUNT, CURRENCY} & changes.keys():
        return changes
    company = read_office(session).currency
    rest = {key: change for key, change in changes.items() if key != CURRENCY}
    return rest if company == lead.currency else rest | {CURRENCY: (lead.currency, company)}


def amount_in_new_currency(session: ReadSession, row: Deal | Lead, old: Value, new: Value) -> Changes:
    """The same amount in whole units, where those of the new currency have more or fewer decimals: 1200.00 EUR, 1200 JPY."""
    more = minor_digits(str(new)) - minor_digits(str(old))
    if not more:
        return {}
    if isinstance(row, Deal) and has_lines(session, row.id):
        raise UsageError(f"Its products have prices in {old}, and {new} has other decimals: take them away first.")
    amount = smallest_units(Decimal(row.amount).scaleb(-minor_digits(str(old))), str(new))
    return {AMOUNT: (row.amount, amount)} if amount != row.amount else {}


def name_of_parts(contact: Contact, changes: Changes) -> Changes:
    """A name that is made of first and last name, or is only an address, follows them; one that somebody wrote stays."""
    if FIRST not in changes and LAST not in changes:
        return {}
    parts = {key: (getattr(contact, key), getattr(contact, key)) for key in (FIRST, LAST)} | changes
    before, after = (whole_name(parts[FIRST][at], parts[LAST][at]) for at in (0, 1))
    follows = contact.name == before or "@" in contact.name
    return {"name": (contact.name, after)} if follows and after and after != contact.name else {}
