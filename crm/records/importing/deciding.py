"""What becomes of a row: a new record, one that is completed or overwritten, one that stays as it is, or a refusal.

Which record it is about: `finding`. Whose it is: `clients`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.currencies import minor_digits, smallest_units
from crm.records.fields.standard import ADDRESS
from crm.records.fields.values import is_empty
from crm.records.importing.choices import Choices
from crm.records.importing.clients import COMPANY, CONTACT, Found, clients_of, free_domain
from crm.records.importing.finding import found_for
from crm.records.importing.kinds import Kind, OnKnown
from crm.records.importing.known_clients import KnownCompany, KnownContact
from crm.records.importing.picture import Known, Picture
from crm.records.importing.values import ChannelKey, Refusal, Values
from crm.records.merge_fields import MONEY
from storage.models import LeadState, RecordType, RowOutcome

SEVERAL_KNOWN: Mapping[RecordType, str] = {
    RecordType.CONTACT: "Its addresses belong to {} contacts here: merge these first.",
    RecordType.COMPANY: "There are {} companies here that it may be about: give its domain, or merge these first.",
    RecordType.LEAD: "There are {} leads here that it may be about: merge these first.",
    RecordType.DEAL: "There are {} such deals here: give its Mailsync ID.",
}
OTHER_STATE = "The lead stands in “{}”, and “{}” is for {} leads: move it by hand."
SOURCE = "import"
"""Where new records come from, unless the row tells."""
GOES_WITH = {"currency": "amount"}
"""Columns that say something only together with another: they are taken where that one is."""
Change = tuple[Any, Any]
"""Before and after."""


@dataclass(slots=True)
class Decision:
    """What becomes of one row. `known` as it is afterwards; ids may be negative (`picture.Known`)."""

    outcome: RowOutcome
    known: Known | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    channels: dict[ChannelKey, str] = field(default_factory=dict)
    """What it gets."""
    company: KnownCompany | None = None
    contact: KnownContact | None = None
    """Who are made for it."""
    refusal: Refusal | None = None


def decide(row: Values | Refusal, picture: Picture, choices: Choices) -> Decision:
    """Decide, and have the picture show it from then on."""
    if isinstance(row, Refusal):
        return _refused(row)
    clients = clients_of(row, picture, picture.kind, choices.missing)
    if isinstance(clients, Refusal):
        return _refused(clients)
    found = [] if choices.known is OnKnown.ADD else found_for(row, clients, picture)
    if len(found) > 1:
        return _refused(Refusal("", SEVERAL_KNOWN[picture.kind.type].format(len(found))))
    if not found:
        return _new(row, clients, picture, choices.responsible_id)
    return _again(row, clients, found[0], picture, choices.known)


def _refused(refusal: Refusal) -> Decision:
    return Decision(RowOutcome.REFUSED, refusal=refusal)


def _new(row: Values, clients: Found, picture: Picture, responsible_id: int | None) -> Decision:
    kind = picture.kind
    told = {**_clients_in(clients, kind), **row.columns}
    values = {name: told.get(name, empty) for name, empty in kind.columns.items()}
    values[kind.label] = row.called
    values["source"] = values["source"] or SOURCE
    values["responsible_id"] = values["responsible_id"] or responsible_id
    if "currency" in values and (values["amount"] or kind.type is RecordType.DEAL):
        values["currency"] = values["currency"] or row.currency
    if row.begins_in is not None:
        values["stage_id"] = row.begins_in.id
    if kind.type is RecordType.COMPANY:
        values["domain"] = free_domain(row, picture)
    known = Known(
        id=picture.next_id(),
        values=values,
        channels=dict(row.channels),
        custom=dict(row.custom),
        since=row.since,
        touched=True,
        made=True,
    )
    clients.make(picture)
    picture.add(known)
    _show_company(known, picture)
    changes: dict[str, Change] = {name: (None, value) for name, value in values.items()}
    changes |= {key: (None, value) for key, value in row.custom.items()}
    return Decision(RowOutcome.NEW, known, changes, dict(row.channels), clients.company, clients.contact)


def _again(row: Values, clients: Found, known: Known, picture: Picture, on_known: OnKnown) -> Decision:
    """A record that the file itself has made is completed in any case: rows about one person are one contact."""
    outcome = RowOutcome.JOINED if known.touched else RowOutcome.UNCHANGED
    how = OnKnown.COMPLETE if known.made else on_known
    decision = Decision(outcome, known)
    if how is OnKnown.SKIP:
        known.touched = True
        return decision
    overwrites = how is OnKnown.OVERWRITE
    wanted = _wanted(row, clients, known, picture.kind, overwrites=overwrites)
    refusal = _against(known, wanted, picture)
    if refusal is not None:
        return _refused(refusal)
    known.touched = True
    clients.taken_for(wanted)
    clients.make(picture)
    decision.company, decision.contact = clients.company, clients.contact
    for name, (before, after) in wanted.items():
        decision.changes[name] = (before, after)
        known.values[name] = after
    if wanted.keys() & set(MONEY):  # Undoing asks whether the other one stands as it is left, too.
        decision.changes |= {name: wanted.get(name, (known.values[name], known.values[name])) for name in MONEY}
    if {"name", "title"} & wanted.keys():
        picture.renamed(known)
    _show_company(known, picture)
    _fill_in(row, known, decision, overwrites=overwrites)
    if not overwrites or row.columns.get("tags"):
        _tag(row, known, decision, overwrites=overwrites)
    for key, value in row.channels.items():
        if key not in known.channels:
            known.channels[key] = decision.channels[key] = value
            picture.hold(key, known.id)
    if outcome is RowOutcome.UNCHANGED and (decision.changes or decision.channels):
        decision.outcome = RowOutcome.CHANGED
    return decision


def _wanted(row: Values, clients: Found, known: Known, kind: Kind, *, overwrites: bool) -> dict[str, Change]:
    """What the row changes of the record's columns, but for tags."""
    told = {name: value for name, value in row.columns.items() if name != "tags"} | _named_clients(row, clients, kind)
    if "currency" in kind.columns and ("currency" in told) != (row.amount is not None):
        told["amount"] = _amount_with(row, known)
        if not known.values["currency"]:
            told["currency"] = row.currency
    if not overwrites and _is_elsewhere(told, known):
        told = {name: value for name, value in told.items() if name not in ADDRESS}
    changes: dict[str, Change] = {}
    for name, value in told.items():
        before = known.values[name]
        may_take = overwrites or not _says(name, known.values[GOES_WITH.get(name, name)])
        is_told = value or (overwrites and name == "amount")
        if is_told and value != before and may_take:
            changes[name] = (before, value)
    return changes


def _is_elsewhere(told: Mapping[str, Any], known: Known) -> bool:
    """Whether the row tells of another address than stands there: half of each of two is none."""
    parts = [part for part in ADDRESS if told.get(part) and known.values.get(part)]
    return any(told[part] != known.values[part] for part in parts)


def _amount_with(row: Values, known: Known) -> int:
    """An amount that is told without a currency is one in the record's own; a currency alone leaves the amount in whole units."""
    own, now = known.values["currency"] or row.currency, known.values["amount"]
    if row.amount is not None:
        return smallest_units(row.amount, own)
    return smallest_units(Decimal(now).scaleb(-minor_digits(own)), row.currency)


def _named_clients(row: Values, clients: Found, kind: Kind) -> dict[str, Any]:
    """Nobody is put to a company because of their address alone, once they are known."""
    if not kind.names_clients and not row.clients.company:
        return {}
    return {name: value for name, value in _clients_in(clients, kind).items() if value is not None}


def _clients_in(clients: Found, kind: Kind) -> dict[str, Any]:
    told = {COMPANY: clients.company_id, CONTACT: clients.contact_id}
    return {name: value for name, value in told.items() if name in kind.columns}


def _against(known: Known, wanted: Mapping[str, Change], picture: Picture) -> Refusal | None:
    """Why a record can not be changed so."""
    for name in wanted:
        if name in known.fixed:
            return Refusal("", known.fixed[name])
    if "stage_id" in wanted and picture.kind.type is RecordType.LEAD:
        before, after = (picture.stages.by_id.get(stage_id) for stage_id in wanted["stage_id"])
        if before is not None and after is not None and before.kind is not after.kind:
            return Refusal("", OTHER_STATE.format(before.name, after.name, LeadState(after.kind).value))
    return None


def _show_company(known: Known, picture: Picture) -> None:
    """A company is found by the name and domain that it has now."""
    if picture.kind.type is RecordType.COMPANY:
        picture.companies.put(KnownCompany(known.id, known.name, known.values["domain"]))


def _fill_in(row: Values, known: Known, decision: Decision, *, overwrites: bool) -> None:
    """Custom fields."""
    for name, value in row.custom.items():
        before = known.custom.get(name)
        if value != before and (overwrites or is_empty(before)):
            decision.changes[name] = (before, value)
            known.custom[name] = value


def _says(name: str, value: Any) -> bool:
    """Whether a column is filled: a name that is only an address was put there because nobody knew the name."""
    return bool(value) and not (name == "name" and "@" in value)


def _tag(row: Values, known: Known, decision: Decision, *, overwrites: bool) -> None:
    before, told = known.values["tags"], row.columns.get("tags", ())
    tags = told if overwrites else tuple(dict.fromkeys([*before, *told]))
    if tags != before:
        decision.changes["tags"] = (before, tags)
        known.values["tags"] = tags
