"""Which company and which contact a row belongs to: one that is here, one that has to be made, or none.

In lists of people a company is found by its name, else by its domain, and made where there is none. Leads and deals name
companies and contacts that somebody has to be sure of: of several nobody is chosen, and none is made unless a person said so.
"""

from collections.abc import Collection
from dataclasses import dataclass

from core.addresses import address_key
from crm.records.importing.kinds import Kind, Missing
from crm.records.importing.known_clients import KnownCompany, KnownContact, age
from crm.records.importing.picture import Picture
from crm.records.importing.values import Clients, Refusal, Values
from storage.models import RecordType

COMPANY, CONTACT = "company_id", "contact_id"
SEVERAL_COMPANIES = "There are {} companies called “{}”: add a column with the domain."
SEVERAL_CONTACTS = "There are {} contacts called “{}”: add a column with the e-mail address."
SEVERAL_WITH_EMAIL = "There are {} contacts with the address “{}”: merge these first."
NO_COMPANY = "There is no company “{}” here: add it first, have it made, or leave this column out."
NO_CONTACT = "There is no contact “{}” here: add them first, have them made, or leave this column out."


@dataclass(slots=True)
class Found:
    """The ids, and what `make` would make; negative ids as in `KnownCompany`."""

    company_id: int | None = None
    contact_id: int | None = None
    company: KnownCompany | None = None
    contact: KnownContact | None = None

    def make(self, picture: Picture) -> None:
        """Have the picture show what is to be made."""
        if self.company is not None:
            picture.companies.add([self.company])
        if self.contact is not None:
            picture.contacts.add(self.contact, [address_key(self.contact.email)] if self.contact.email else [])

    def taken_for(self, columns: Collection[str]) -> None:
        """Leave out what was to be made for other columns than these; a contact brings their company along."""
        if CONTACT not in columns:
            self.contact = None
        if self.company is not None and COMPANY not in columns and self.contact is None:
            self.company = None

    @property
    def is_known(self) -> bool:
        """Whether the row names anybody, and nobody has to be made."""
        named = self.company_id is not None or self.contact_id is not None
        return named and self.company is None and self.contact is None


def company_of(row: Values, picture: Picture) -> Found:
    """The company of a row of people. The oldest of several that fit."""
    told = row.clients
    if not told.company:
        return Found(picture.companies.of_domain(told.domain or told.mail_domain))
    fitting = _fitting(told, picture)
    if fitting:
        return Found(fitting[0].id)
    of_domain = picture.companies.of_domain(told.domain)
    if of_domain is not None:
        return Found(of_domain)
    return _made(told.company, free_domain(row, picture), picture)


def clients_of(row: Values, picture: Picture, kind: Kind, missing: Missing) -> Found | Refusal:
    """The company and the contact of a row, as records of that kind name them."""
    if not kind.names_clients:
        return company_of(row, picture) if kind.type is RecordType.CONTACT else Found()
    found = _named_company(row, picture, missing)
    if isinstance(found, Refusal):
        return found
    return _with_contact(row.clients, found, picture, missing)


def free_domain(row: Values, picture: Picture) -> str | None:
    """By which mail of a new company will be recognised: as the row tells, else that of its address, unless another has it."""
    told = row.clients
    if told.domain:
        return told.domain
    return told.mail_domain if told.mail_domain and picture.companies.of_domain(told.mail_domain) is None else None


def _fitting(told: Clients, picture: Picture) -> list[KnownCompany]:
    """Companies of the row's name which have no other domain than it tells; the surest first."""
    called = picture.companies.called(told.company)
    fitting = [company for company in called if not told.domain or company.domain in (None, told.domain)]
    return sorted(fitting, key=lambda company: (bool(told.domain) and company.domain != told.domain, age(company.id)))


def _made(name: str, domain: str | None, picture: Picture) -> Found:
    company = KnownCompany(picture.next_id(), name, domain)
    return Found(company.id, company=company)


def _named_company(row: Values, picture: Picture, missing: Missing) -> Found | Refusal:
    told = row.clients
    if not told.company and not told.domain:
        return Found()
    fitting = _fitting(told, picture) if told.company else []
    sure = [company for company in fitting if told.domain and company.domain == told.domain] or fitting
    if len(sure) > 1:
        return Refusal("", SEVERAL_COMPANIES.format(len(sure), told.company))
    company_id = sure[0].id if sure else picture.companies.of_domain(told.domain)
    if company_id is not None:
        return Found(company_id)
    if missing is Missing.REFUSE:
        return Refusal("", NO_COMPANY.format(told.company or told.domain))
    return _made(told.company or told.domain, told.domain or None, picture)


def _with_contact(told: Clients, found: Found, picture: Picture, missing: Missing) -> Found | Refusal:
    """By the address, where the row has one: who else is called so is somebody else."""
    if not told.contact and not told.contact_email:
        return found
    if told.contact_email:
        fitting = list(picture.contacts.having(address_key(told.contact_email)))
        several = SEVERAL_WITH_EMAIL.format(len(fitting), told.contact_email)
    else:
        fitting = list(picture.contacts.called(told.contact))
        of_company = [one for one in fitting if found.company_id is not None and one.company_id == found.company_id]
        fitting = of_company or fitting
        several = SEVERAL_CONTACTS.format(len(fitting), told.contact)
    if len(fitting) > 1:
        return Refusal("", several)
    if fitting:
        found.contact_id = fitting[0].id
    elif missing is Missing.REFUSE:
        return Refusal("", NO_CONTACT.format(told.contact_email or told.contact))
    else:
        name = told.contact or told.contact_email
        found.contact = KnownContact(picture.next_id(), name, found.company_id, told.contact_email)
        found.contact_id = found.contact.id
    return found
