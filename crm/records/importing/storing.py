"""Decisions become rows: companies and contacts with ids, channels, changed contacts, and what each row has done."""

from collections.abc import Sequence
from typing import Any

from core.clock import utcnow
from crm.records.channels import EMAIL, PHONE
from crm.records.importing.deciding import COLUMNS, SOURCE, Decision
from crm.records.importing.repository import people, runs
from crm.records.importing.values import ChannelKey
from storage.ids import reserve_ids
from storage.models import Company, Contact, RecordType, RowOutcome
from storage.sessions import WriteSession

Ids = dict[int, int]
"""By the negative ids of what was decided."""


def store_decisions(
    session: WriteSession, row_ids: Sequence[int], decisions: list[Decision], user_id: int | None
) -> None:
    """Write all that was decided about these rows of the file; `user_id` is who imports it."""
    companies = _companies(session, decisions)
    _contacts(session, decisions, companies)
    _changed_contacts(session, decisions, companies)
    _history(session, decisions, companies, user_id)
    people.insert_channels(session, [row for decision in decisions for row in _channels(decision)])
    runs.change_rows(
        session, [_mark(row_id, decision, companies) for row_id, decision in zip(row_ids, decisions, strict=True)]
    )


def _companies(session: WriteSession, decisions: list[Decision]) -> Ids:
    made = [decision.company for decision in decisions if decision.company is not None]
    ids = dict(zip((company.id for company in made), reserve_ids(session, Company, len(made)), strict=True))
    now = utcnow()
    rows = [
        {"id": ids[company.id], "name": company.name, "domain": company.domain, "source": SOURCE, "created_at": now}
        for company in made
    ]
    people.insert_companies(session, rows)
    return ids


def _contacts(session: WriteSession, decisions: list[Decision], companies: Ids) -> None:
    """New contacts, as the last row about each of them leaves them; from here on they have their ids."""
    made = [decision.known for decision in decisions if decision.outcome is RowOutcome.NEW and decision.known]
    now = utcnow()
    for known, contact_id in zip(made, reserve_ids(session, Contact, len(made)), strict=True):
        known.id = contact_id
    rows = [
        {
            "id": known.id,
            **{name: _stored(getattr(known, name), companies) for name in COLUMNS},
            "created_at": known.since or now,
        }
        for known in made
    ]
    people.insert_contacts(session, rows)
    people.insert_custom(session, {known.id: known.custom for known in made})


def _changed_contacts(session: WriteSession, decisions: list[Decision], companies: Ids) -> None:
    made = {id(decision.known) for decision in decisions if decision.outcome is RowOutcome.NEW}
    changed: dict[int, dict[str, Any]] = {}
    for decision in decisions:
        if decision.known is not None and decision.changes and id(decision.known) not in made:
            after = {name: _stored(value, companies) for name, (_, value) in decision.changes.items()}
            changed.setdefault(decision.known.id, {}).update(after)
    for contact_id, values in sorted(changed.items()):
        people.change_contact(session, contact_id, values)


def _history(session: WriteSession, decisions: list[Decision], companies: Ids, user_id: int | None) -> None:
    """One edit for each contact that was there before, as if somebody had typed it."""
    made = {id(decision.known) for decision in decisions if decision.outcome is RowOutcome.NEW}
    edits: dict[int, dict[str, list[Any]]] = {}
    given: dict[int, set[ChannelKey]] = {}
    known = {
        decision.known.id: decision.known for decision in decisions if decision.known and id(decision.known) not in made
    }
    for decision in decisions:
        if decision.known is not None and decision.known.id in known:
            edit = edits.setdefault(decision.known.id, {})
            for name, (before, after) in decision.changes.items():
                edit.setdefault(name, [_stored(before, companies), None])[1] = _stored(after, companies)
            given.setdefault(decision.known.id, set()).update(decision.channels)
    for contact_id, keys in given.items():
        for name, kind in (("emails", EMAIL), ("phones", PHONE)):
            after = {key: value for key, value in known[contact_id].channels.items() if key[0] == kind}
            if not keys.isdisjoint(after):
                before = [value for key, value in after.items() if key not in keys]
                edits[contact_id][name] = [before, list(after.values())]
    people.add_history(
        session, [edit_row(contact_id, changes, user_id) for contact_id, changes in edits.items() if changes]
    )


def edit_row(contact_id: int, changes: dict[str, list[Any]], user_id: int | None) -> dict[str, Any]:
    """A row of the history of a contact."""
    return {
        "record_type": RecordType.CONTACT,
        "record_id": contact_id,
        "at": utcnow(),
        "user_id": user_id,
        "changes": changes,
    }


def _channels(decision: Decision) -> list[dict[str, Any]]:
    if decision.known is None:
        return []
    return [
        {
            "kind": kind,
            "key": key,
            "value": value,
            "record_type": RecordType.CONTACT,
            "record_id": decision.known.id,
        }
        for (kind, key), value in decision.channels.items()
    ]


def _mark(row_id: int, decision: Decision, companies: Ids) -> dict[str, Any]:
    refusal = decision.refusal
    return {
        "id": row_id,
        "outcome": decision.outcome,
        "refused_column": refusal.column if refusal else "",
        "refused_because": refusal.reason if refusal else "",
        "contact_id": decision.known.id if decision.known else None,
        "company_id": companies[decision.company.id] if decision.company else None,
        "changes": _record(decision, companies),
    }


def _record(decision: Decision, companies: Ids) -> dict[str, Any] | None:
    """What undoing goes by: each field before and after, and the channels that were given."""
    if not decision.changes and not decision.channels:
        return None
    fields = {
        name: [_stored(before, companies), _stored(after, companies)]
        for name, (before, after) in decision.changes.items()
    }
    given: list[ChannelKey] = list(decision.channels)
    return {"fields": fields, "channels": [[*key, decision.channels[key]] for key in given]}


def _stored(value: Any, companies: Ids) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return companies.get(value, value) if isinstance(value, int) and value < 0 else value
