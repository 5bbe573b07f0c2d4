"""Turning a lead into what it turned out to be: a contact, a company, a deal, or any of them (mission C4, C19)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.addresses import AddressLists, domain_of
from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require, require_made
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.records.arrivals import MADE
from crm.records.channels import EMAIL, give_channels
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal, require_amount
from crm.records.fields.editing import fill_in
from crm.records.fields.standard import STANDARD
from crm.records.gone import Record
from crm.records.handing_over import tell_of_lead
from crm.records.lead_values import told_by, write_on
from crm.records.leads import enter_stage, stage_for
from crm.records.modes import Client
from crm.records.repository import conversion, writing
from crm.records.repository.standing import keep_records
from crm.records.teams import HeldTeam, OneOfMany, Team, require_receiver
from storage.held_keys import hold_keys
from storage.models import Lead, LeadState, RecordType
from storage.sessions import WriteSession


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a lead becomes: that client (None: no client), and a deal or none.

    A contact or company that is named is taken; else a contact with the lead's address or phone, or the company of its domain,
    unless `anew`; else a new one. What is new belongs to `responsible_id`, to one of the `team`, or (neither) to whoever the
    lead belongs to. The deal is called as the lead and begins in `stage_id`, or where new deals do. What is planned stays so,
    unless it is to be `complete`.
    """

    client: Client | None = Client.CONTACT
    deal: bool = True
    contact_id: int | None = None
    company_id: int | None = None
    anew: bool = False
    contact_name: str = ""
    company_name: str = ""
    stage_id: int | None = None
    title: str = ""
    amount: int | None = None
    """The lead's where it is None."""
    currency: str = ""
    """The company's where it is empty."""
    responsible_id: int | None = None
    team: Team | None = None
    complete: bool = False
    along: tuple[str, ...] | None = None
    """Keys of the lead's fields that are written on what it becomes; None: all that can be."""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """More that is written on what is new, by its kind (`deal`) and the key of the field."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a lead became, and who is responsible for it now. A repeat lead keeps the client that it named."""

    deal_id: int | None
    contact_id: int | None
    company_id: int | None
    responsible_id: int | None = None

    @property
    def records(self) -> list[Record]:
        """The deal, contact and company, as far as there are."""
        parties = (
            (RecordType.DEAL, self.deal_id),
            (RecordType.CONTACT, self.contact_id),
            (RecordType.COMPANY, self.company_id),
        )
        return [(kind, record_id) for kind, record_id in parties if record_id is not None]


DEFAULT = Conversion()
SYSTEM = Viewer.system()


def convert_lead(
    session: WriteSession,
    lead_id: int,
    how: Conversion = DEFAULT,
    *,
    into: int | None = None,
    viewer: Viewer = SYSTEM,
    one_of: OneOfMany | None = None,
    by_stage: bool = False,
) -> Converted:
    """Turn an active lead into client and deal; it goes into the stage `into`, or the first one for converted leads.

    Raises `NotFound`, `Conflict` when it is not active any more, `UsageError` for what can not be chosen, `Forbidden` where the
    viewer may not add what it becomes, or not change a known client that it would give an address or phone.

    The lead stays readable, with its mail; all that stands on it stands on the new records too, which own it from now on,
    its tags, notes and custom fields are written on them, whoever followed it follows them, and later mail of its addresses
    finds the client. A repeat lead becomes a repeat deal of the client that it names, and nothing else. A new person who is
    responsible hears of it, at once or (`one_of` many) with the last of them. `by_stage`: whose that is was chosen in
    Settings, and who moves the lead need not have the right to choose it.
    """
    team = how.team if one_of is None else None  # Of many it was asked for before the first of them.
    require_receiver(session, SYSTEM if by_stage else viewer, how.responsible_id, team)
    hold_clients(session, [lead_id])
    stage = stage_for(session, LeadState.CONVERTED, into)
    lead = writing.lead_for_change(session, lead_id)
    if lead.state is not LeadState.ACTIVE:
        raise Conflict("Only an active lead can be converted.")
    _check(viewer, lead, how)
    told, made = told_by(session, viewer, lead_id, how.along), set[Record]()
    before = lead.responsible_id
    chosen = how.responsible_id if how.team is None else _turn(session, how.team, one_of)
    if chosen is not None and chosen != before:
        if not by_stage:
            _require_field(viewer, RecordType.LEAD, "responsible_id")
        lead.responsible_id = chosen
    known = lead.contact_id, lead.company_id
    contact_id, company_id = known if lead.repeat else _client(session, viewer, lead, how, made)
    deal_id = _make_deal(session, viewer, lead, how, contact_id, company_id) if how.deal else None
    converted = Converted(deal_id, contact_id, company_id, lead.responsible_id)
    lead.contact_id, lead.company_id, lead.deal_id, lead.converted_at = contact_id, company_id, deal_id, utcnow()
    enter_stage(session, lead, stage, viewer.user_id)
    if how.complete:
        conversion.complete_planned(session, lead_id, lead.converted_at)
    _hand_over(session, lead_id, converted.records)
    made |= {record for record in converted.records if record[0] is RecordType.DEAL}
    money = ("currency",) if lead.amount and _takes_amount(viewer, how) else ()
    _fill_in(session, SYSTEM if by_stage else viewer, how, made, of_lead=money)
    write_on(session, viewer, told, converted.records, made)
    handed_to = lead.responsible_id if lead.responsible_id not in (before, viewer.user_id) else None
    if one_of is not None:
        one_of.done(handed_to)
    elif handed_to is not None:
        tell_of_lead(session, lead.id, lead.title, converted.records[0], handed_to)
    return converted


def _turn(session: WriteSession, team: Team, one_of: OneOfMany | None) -> int:
    """Who of a team is next; nobody else gives out its turns until this unit ends."""
    if one_of is not None:
        return one_of.turn()
    held = HeldTeam(session, team)
    user_id = held.next()
    held.write()
    return user_id


def hold_clients(session: WriteSession, lead_ids: Sequence[int]) -> None:
    """Let nobody merge records, or make a client of an address, phone or domain of these leads, until this unit ends.

    To be called before any of the leads is held: mail that comes in holds what it needs in this order.
    """
    keep_records(session)
    channels = [each for lead_id in lead_ids for each in writing.channels_of(session, RecordType.LEAD, lead_id)]
    hold_keys(session, {each["key"] for each in channels} | set(domains_of(channels, read_lists(session))))


def _check(viewer: Viewer, lead: Lead, how: Conversion) -> None:
    if lead.repeat and not how.deal:
        raise UsageError("The client of a repeat lead is known: it can only become a deal.")
    if how.client is None and not how.deal:
        raise UsageError("Choose what the lead becomes: a contact, a company, a deal, or several of them.")
    for kind in how.values:
        if kind not in MADE or {"responsible_id", "contact_id", "company_id"} & {*how.values[kind]}:
            raise UsageError("More fields are those of a deal, contact or company, without whom they belong to.")
    require_amount(how.amount or 0)
    if how.amount:
        _require_field(viewer, RecordType.DEAL, "amount")


def _make_deal(
    session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion, contact_id: int | None, company_id: int | None
) -> int:
    viewer.require(Act.CREATE, RecordType.DEAL)
    amount, currency = how.amount or 0, how.currency
    if _takes_amount(viewer, how):
        amount, currency = lead.amount, lead.currency or currency
    deal_id = create_deal(
        session,
        how.title or lead.title,
        stage_id=how.stage_id,
        contact_id=contact_id,
        company_id=company_id,
        amount=amount,
        currency=currency,
        repeat=lead.repeat,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )
    require_made(session, viewer, (RecordType.DEAL, deal_id))
    return deal_id


def _takes_amount(viewer: Viewer, how: Conversion) -> bool:
    """Whether the deal gets the amount that the lead has, and its currency with it: not where another was chosen."""
    if how.amount is not None or "amount" in how.values.get(RecordType.DEAL.value, {}):
        return False
    return not viewer.hides(RecordType.LEAD, "amount") and viewer.may_edit_field(RecordType.DEAL, "amount")


def _fill_in(
    session: WriteSession, author: Viewer, how: Conversion, made: set[Record], *, of_lead: Collection[str] = ()
) -> None:
    """Write what was chosen for new records; of a deal not what it has `of_lead`. Raises `UsageError`, `Forbidden` for a field
    that the author may not fill in."""
    for record in sorted(made):
        kept = of_lead if record[0] is RecordType.DEAL else ()
        wanted = {key: value for key, value in how.values.get(record[0].value, {}).items() if key not in kept}
        if wanted:
            fill_in(session, author, record, wanted)


def _client(
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
        _require_field(viewer, RecordType.CONTACT, "company_id")
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
        _require_field(viewer, RecordType.COMPANY, "domain")
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


def domains_of(channels: list[dict[str, str]], lists: AddressLists) -> list[str]:
    """The registrable domains of addresses, as far as they tell of a company."""
    keys = [channel["key"] for channel in channels if channel["kind"] == EMAIL]
    return [name for key in keys if (name := lists.organisation(domain_of(key)))]


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
            _require_field(viewer, record[0], key)
    give_channels(session, *record, emails=emails, phones=phones)


def _require_field(viewer: Viewer, kind: RecordType, key: str) -> None:
    """Raises `Forbidden` where converting would write what the viewer may not."""
    if not viewer.may_edit_field(kind, key):
        name = next(one.name for one in STANDARD[kind] if one.key == key)
        raise Forbidden(
            f"Converting this lead would fill in {name} of a {kind.value}, and your role does not let you: ask an administrator."
        )


def _hand_over(session: WriteSession, lead_id: int, records: list[Record]) -> None:
    activities = writing.activities_of(session, RecordType.LEAD, lead_id)
    writing.hand_over(session, activities, records)
    conversion.follow_too(session, (RecordType.LEAD, lead_id), records[:1])
