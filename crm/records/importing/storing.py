"""Decisions become rows: records with ids, who was made for them, channels, changes, and what each row has done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.addresses import address_key
from core.clock import utcnow
from crm.records.channels import EMAIL, PHONE
from crm.records.importing.deciding import SOURCE, Decision
from crm.records.importing.picture import Known
from crm.records.importing.repository import records, runs
from crm.records.importing.stages import Stages
from crm.records.importing.standing import STAGE, columns_of, moved_columns, note_move
from crm.records.importing.values import ChannelKey
from crm.records.repository.naming import TABLES
from storage.ids import reserve_ids
from storage.models import Company, Contact, RecordType, RowOutcome
from storage.sessions import WriteSession


@dataclass(slots=True)
class Storing:
    """Writes what was decided about some rows of a file; `user_id` is who imports it."""

    session: WriteSession
    kind: RecordType
    stages: Stages
    user_id: int | None
    _ids: dict[int, int] = field(default_factory=dict)
    """Of companies and contacts that were made, by the negative ids of what was decided."""

    def store(self, row_ids: Sequence[int], decisions: list[Decision]) -> None:
        """Write all of it."""
        self._companies(decisions)
        self._contacts(decisions)
        made = [decision.known for decision in decisions if decision.outcome is RowOutcome.NEW and decision.known]
        self._new(made)
        mine = {id(known) for known in made}
        known = [one for one in decisions if one.known is not None and id(one.known) not in mine]
        self._changed(known)
        self._history(known)
        given = [row for decision in decisions for row in self._channels(decision)]
        records.insert_channels(self.session, given)
        runs.change_rows(
            self.session, [self._mark(row_id, decision) for row_id, decision in zip(row_ids, decisions, strict=True)]
        )

    def _companies(self, decisions: list[Decision]) -> None:
        made = [decision.company for decision in decisions if decision.company is not None]
        fresh = reserve_ids(self.session, Company, len(made))
        self._ids |= dict(zip((company.id for company in made), fresh, strict=True))
        now = utcnow()
        rows = [
            {"id": number, "name": one.name, "domain": one.domain, "source": SOURCE, "created_at": now}
            for one, number in zip(made, fresh, strict=True)
        ]
        records.insert_companies(self.session, rows)

    def _contacts(self, decisions: list[Decision]) -> None:
        """Those that leads and deals name; they are found by their addresses."""
        made = [decision.contact for decision in decisions if decision.contact is not None]
        fresh = reserve_ids(self.session, Contact, len(made))
        self._ids |= dict(zip((contact.id for contact in made), fresh, strict=True))
        blank = {"position": "", "tags": [], "source": SOURCE, "created_at": utcnow()}
        rows = [
            {**blank, "id": self._ids[one.id], "name": one.name, "company_id": self._stored(one.company_id)}
            for one in made
        ]
        records.insert_contacts(self.session, rows)
        emails = [(one, address_key(one.email)) for one in made if one.email]
        channels = [_channel(EMAIL, key, one.email, RecordType.CONTACT, self._ids[one.id]) for one, key in emails]
        records.insert_channels(self.session, channels)

    def _new(self, made: list[Known]) -> None:
        """New records, as the last row about each of them leaves them; from here on they have their ids."""
        now = utcnow()
        rows = []
        for known, record_id in zip(made, reserve_ids(self.session, TABLES[self.kind], len(made)), strict=True):
            known.id = record_id
            values = {name: self._stored(value) for name, value in known.values.items()}
            columns = {name: records.as_column(name, value) for name, value in values.items()}
            follows = columns_of(self.kind, values, self.stages, now)
            rows.append({"id": record_id, **columns, **follows, "created_at": known.since or now})
        records.insert_records(self.session, self.kind, rows)
        records.insert_custom(self.session, {known.id: known.custom for known in made})

    def _changed(self, decisions: list[Decision]) -> None:
        changed: dict[int, dict[str, Any]] = {}
        for decision in decisions:
            if decision.known is not None and decision.changes:
                after = {name: self._stored(value) for name, (_, value) in decision.changes.items()}
                changed.setdefault(decision.known.id, {}).update(after)
        now = utcnow()
        for record_id, values in sorted(changed.items()):
            columns = {name: records.as_column(name, value) for name, value in values.items()}
            follows = moved_columns(self.kind, values, self.stages, now)
            records.change_record(self.session, self.kind, record_id, {**columns, **follows})

    def _history(self, decisions: list[Decision]) -> None:
        """One edit for each record that was there before, as if somebody had typed it; of a stage a line in its timeline."""
        edits: dict[int, dict[str, list[Any]]] = {}
        given: dict[int, set[ChannelKey]] = {}
        known = {decision.known.id: decision.known for decision in decisions if decision.known}
        for decision in decisions:
            if decision.known is not None:
                edit = edits.setdefault(decision.known.id, {})
                for name, (before, after) in decision.changes.items():
                    edit.setdefault(name, [self._stored(before), None])[1] = self._stored(after)
                given.setdefault(decision.known.id, set()).update(decision.channels)
        for record_id, keys in given.items():
            for name, kind in (("emails", EMAIL), ("phones", PHONE)):
                after = {key: value for key, value in known[record_id].channels.items() if key[0] == kind}
                if not keys.isdisjoint(after):
                    before = [value for key, value in after.items() if key not in keys]
                    edits[record_id][name] = [before, list(after.values())]
        for record_id, edit in sorted(edits.items()):
            if STAGE in edit:
                row = self.session.get_one(TABLES[self.kind], record_id)
                note_move(self.session, row, edit.pop(STAGE), self.stages, self.user_id)
        rows = [
            edit_row(self.kind, record_id, changes, self.user_id)
            for record_id, edit in edits.items()
            if (changes := {name: pair for name, pair in edit.items() if pair[0] != pair[1]})
        ]
        records.add_history(self.session, rows)

    def _channels(self, decision: Decision) -> list[dict[str, Any]]:
        if decision.known is None:
            return []
        number = decision.known.id
        return [_channel(kind, key, value, self.kind, number) for (kind, key), value in decision.channels.items()]

    def _mark(self, row_id: int, decision: Decision) -> dict[str, Any]:
        refusal = decision.refusal
        return {
            "id": row_id,
            "outcome": decision.outcome,
            "refused_column": refusal.column if refusal else "",
            "refused_because": refusal.reason if refusal else "",
            "record_id": decision.known.id if decision.known else None,
            "contact_id": self._ids[decision.contact.id] if decision.contact else None,
            "company_id": self._ids[decision.company.id] if decision.company else None,
            "changes": self._record(decision),
        }

    def _record(self, decision: Decision) -> dict[str, Any] | None:
        """What undoing goes by: each field before and after, and the channels that were given."""
        if not decision.changes and not decision.channels:
            return None
        fields = {
            name: [self._stored(before), self._stored(after)] for name, (before, after) in decision.changes.items()
        }
        given: list[ChannelKey] = list(decision.channels)
        return {"fields": fields, "channels": [[*key, decision.channels[key]] for key in given]}

    def _stored(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value)
        return self._ids.get(value, value) if isinstance(value, int) and value < 0 else value


def edit_row(kind: RecordType, record_id: int, changes: dict[str, list[Any]], user_id: int | None) -> dict[str, Any]:
    """A row of the history of a record."""
    return {
        "record_type": kind,
        "record_id": record_id,
        "at": utcnow(),
        "user_id": user_id,
        "changes": changes,
    }


def _channel(kind: str, key: str, value: str, record_type: RecordType, record_id: int) -> dict[str, Any]:
    return {"kind": kind, "key": key, "value": value, "record_type": record_type, "record_id": record_id}
