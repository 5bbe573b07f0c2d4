"""The contact and company that a lead becomes: known ones by its addresses, phones and domain, or new ones."""

from collections.abc import Sequence

from core.addresses import AddressLists, domain_of
from core.errors import Forbidden
from crm.access.rights import Act
from crm.access.rights.repository import require, require_made
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.records.channels import EMAIL, give_channels
from crm.records.contacts import create_company, create_contact
from crm.records.fields.standard import STANDARD
from crm.records.gone import Record
from crm.records.modes import Client
from crm.records.outcomes import Conversion
from crm.records.repository import conversion, writing
from crm.records.repository.standing import keep_records
from storage.held_keys import hold_keys
from storage.models import Lead, RecordType
from storage.sessions import WriteSession


def hold_clients(session: WriteSession, lead_ids: Sequence[int]) -> None:
    """Let nobody merge records, or make a client of an address, phone or domain of these leads, until this unit ends.

    To be called before any of the leads is held: mail that comes in holds what it needs in this order.
    """
    keep_records(session)
    channels = [each for lead_id in lead_ids for each in writing.channels_of(session, RecordType.LEAD, lead_id)]
    hold_keys(session, {each["key"] for each in channels} | set(domains_of(channels, read_lists(session))))


def domains_of(channels: list[dict[str, str]], lists: AddressLists) -> list[str]:
    """The registrable domains of addresses, as far as they tell of a company."""
    keys = [channel["key"] for channel in channels if channel["kind"] == EMAIL]
    return [name for key in keys if (name := lists.organisation(domain_of(key)))]


def client_of(
    session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion, made: set[Record]
) -> tuple[int | None, int | None]:
    """The contact and company that a lead becomes, known or new (`made`), with its addresses and phones."""
    channels = writing.channels_of(session, RecordType.LEAD, lead.id)
    contact_id, company_id = _known(session, viewer, lead, how)
    taken_by_itself = contact_id is not None and how.contact_id is None
    if company_id is None and how.client in (Client.COMPANY, Client.BOTH) and not taken_by_itself:
        domains = domains_of(channels, read_lists(session))
        company_id = _company_of(session, viewer, how, domains)
        if company_id is None:
            company_id = _make_company(session, viewer, lead, how, domains)
            made.add((RecordType.COMPANY, company_id))
    if contact_id is None and how.client in (Client.CONTACT, Client.BOTH):
        contact_id = _make_contact(session, viewer, lead, how, company_id)
        made.add((RecordType.CONTACT, contact_id))
    if contact_id is not None:
        _give(session, viewer, channels, (RecordType.CONTACT, contact_id), made)
    elif company_id is not None:
        _give(session, viewer, channels, (RecordType.COMPANY, company_id), made)
    return contact_id, company_id


def _known(session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion) -> tuple[int | None, int | None]:
    """The contact and company that were chosen, or that are known by the lead's channels; a contact brings its company."""
    if how.contact_id or how.company_id:
        theirs = conversion.require_client(session, how.contact_id, how.company_id)
        makes_company = how.anew and how.client in (Client.COMPANY, Client.BOTH)
        return how.contact_id, how.company_id or (None if makes_company else theirs)
    known = conversion.known_contact(session, viewer, lead.id) if how.client and not how.anew else None
    return (known.id, known.company_id) if known else (None, None)


def _make_contact(session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion, company_id: int | None) -> int:
    viewer.require(Act.CREATE, RecordType.CONTACT)
    if company_id is not None:
        require_field(viewer, RecordType.CONTACT, "company_id")
    contact_id = create_contact(
        session,
        how.contact_name or lead.name or lead.title,
        company_id=company_id,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )
    require_made(session, viewer, (RecordType.CONTACT, contact_id))
    return contact_id


def _company_of(session: WriteSession, viewer: Viewer, how: Conversion, domains: list[str]) -> int | None:
    """The known company of the lead's domain."""
    known = writing.company_by_domain(session, viewer, domains[0]) if domains and not how.anew else None
    return known.id if known else None


def _make_company(session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion, domains: list[str]) -> int:
    """A new company of the lead's domain; by the name that the lead tells, or the person's where the domain tells nothing."""
    viewer.require(Act.CREATE, RecordType.COMPANY)
    if domains:
        require_field(viewer, RecordType.COMPANY, "domain")
    theirs = "" if viewer.hides(RecordType.LEAD, "company_name") else lead.company_name
    company_id = create_company(
        session,
        how.company_name or theirs or (domains[0] if domains else lead.name or lead.title),
        domain=domains[0] if domains else None,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )
    require_made(session, viewer, (RecordType.COMPANY, company_id))
    return company_id


def _give(
    session: WriteSession, viewer: Viewer, channels: list[dict[str, str]], record: Record, made: set[Record]
) -> None:
    """Give the lead's addresses and phones to its client: the right to change one is asked only where it gets anything."""
    theirs = {(one["kind"], one["key"]) for one in writing.channels_of(session, *record)}
    new = [channel for channel in channels if (channel["kind"], channel["key"]) not in theirs]
    if not new:
        return
    if record not in made:
        require(session, viewer, Act.EDIT, record)
    emails = [channel["value"] for channel in new if channel["kind"] == EMAIL]
    phones = [channel["value"] for channel in new if channel["kind"] != EMAIL]
    for key, values in (("emails", emails), ("phones", phones)):
        if values:
            require_field(viewer, record[0], key)
    give_channels(session, *record, emails=emails, phones=phones)


def require_field(viewer: Viewer, kind: RecordType, key: str) -> None:
    """Raises `Forbidden` where converting would write what the viewer may not."""
    if not viewer.may_edit_field(kind, key):
        name = next(one.name for one in STANDARD[kind] if one.key == key)
        raise Forbidden(
            f"Converting this lead would fill in {name} of a {kind.value}, and your role does not let you: ask an administrator."
        )
