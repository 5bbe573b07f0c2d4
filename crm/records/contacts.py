"""Contacts and companies made by hand, by the command line, or by an import."""

from collections.abc import Iterable

from core.addresses import BUILT_IN, AddressLists, organisational_domain
from core.clock import utcnow
from core.errors import UsageError
from crm.office.address_lists import read_lists
from crm.records.channels import give_channels
from crm.records.repository import writing
from storage.models import Company, Contact, RecordType
from storage.sessions import WriteSession


def create_contact(
    session: WriteSession,
    name: str,
    *,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    company_id: int | None = None,
    responsible_id: int | None = None,
    position: str = "",
    tags: Iterable[str] = (),
    source: str = "",
) -> int:
    """A new contact with its channels; its id. Raises `UsageError` without a name or with an address without @."""
    contact = Contact(
        name=_named(name),
        position=position,
        company_id=company_id,
        responsible_id=responsible_id,
        tags=list(tags),
        source=source,
        created_at=utcnow(),
    )
    contact_id = writing.add(session, contact)
    give_channels(session, RecordType.CONTACT, contact_id, emails=emails, phones=phones)
    return contact_id


def create_company(
    session: WriteSession,
    name: str,
    *,
    domain: str | None = None,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    responsible_id: int | None = None,
    source: str = "",
) -> int:
    """A new company; its id. A `domain` lets mail of its people find it: kept as registrable domain, never free-mail."""
    company = Company(
        name=_named(name),
        domain=company_domain(domain, read_lists(session)) if domain else None,
        responsible_id=responsible_id,
        source=source,
        created_at=utcnow(),
    )
    company_id = writing.add(session, company)
    give_channels(session, RecordType.COMPANY, company_id, emails=emails, phones=phones)
    return company_id


def whole_name(first: object, last: object) -> str:
    """The name that first and last name make, as people of most countries say it; empty of neither."""
    return " ".join(str(part) for part in (first, last) if part)


def company_domain(domain: str, lists: AddressLists = BUILT_IN) -> str:
    """The registrable domain. Raises `UsageError` for one where anybody can have a mailbox."""
    registrable = organisational_domain(domain.strip().lower().removeprefix("www."))
    if lists.is_free_mail(registrable):
        raise UsageError("Anybody can have an address there: give the company's own domain, or none.")
    return registrable


def _named(name: str) -> str:
    if not name.strip():
        raise UsageError("A record needs a name.")
    return name.strip()
