"""People with narrow rights who look at everything in the midst of a history. See `test_any_history.py`.

What they may see is reckoned from the rows and their rights alone, not by the code that answers.
"""

import os
from datetime import UTC
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import NotFound
from crm.access.rights import Act, Rights, Scope
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.searching import search_threads
from crm.conversations.views.threads import MailView, ThreadFilter
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm.records.views import RecordFilter
from crm.stream.timeline.repository import stream, timeline
from crm.stream.views import StreamFilter
from crm_world import NOW
from integration.crm.merges_in_history import SYSTEM
from integration.crm.policies_in_history import Policies
from integration.crm.what_holds import TABLES, Key
from storage.models import ActivityBinding, RecordType, Role
from storage.sessions import ReadSession

OFTEN = 1.0 if os.environ.get("LONG_HISTORIES") else 0.25
"""Of how many steps somebody looks afterwards."""
LISTS = {
    RecordType.CONTACT: (reading.contacts, reading.contact),
    RecordType.COMPANY: (reading.companies, reading.company),
    RecordType.LEAD: (reading.leads, reading.lead),
    RecordType.DEAL: (reading.deals, reading.deal),
}
MOST = 1_000


class Sights(Policies):
    """`sellers` are two people of one department without a mailbox, each with rights of a role that changes."""

    eyes: list[Viewer]

    def begin_sights(self) -> None:
        self.eyes = [self._drawn(each) for each in self.sellers]

    def rights_change(self) -> str:
        at = self.random.randrange(len(self.eyes))
        self.eyes[at] = self._drawn(self.sellers[at])
        return f"person {self.sellers[at]} sees {self._told(self.eyes[at])}"

    def record_is_handed_over(self) -> str:
        kind = self.random.choice(list(TABLES))
        found = self.some(TABLES[kind])
        if not found:
            return ""
        row, to = self.random.choice(found), self.random.choice([*self.sellers, self.world.ann, None])
        with self.world.store.database.unit_of_work() as session:
            edit_record(session, SYSTEM, (kind, row.id), {"responsible_id": to})
        return f"{kind.value} {row.id} is handed to {to}"

    def somebody_looks(self) -> None:
        """Sometimes: what one of them is shown is what they may see, no more; of lists also no less."""
        if self.random.random() >= OFTEN:
            return
        viewer = self.random.choice(self.eyes)
        there = {kind: self.some(table) for kind, table in TABLES.items()}
        seen = {(kind, row.id) for kind, rows in there.items() for row in rows if self._may_see(viewer, kind, row)}
        self.met["somebody looks"] += 1
        self.met["somebody does not see all"] += len(seen) < sum(map(len, there.values()))
        with self.world.one_look() as session:
            for kind, rows in there.items():
                self._look_at_lists(session, viewer, kind, [row.id for row in rows], seen)
            for record in [(kind, row.id) for kind, rows in there.items() for row in rows[-3:]]:
                self._look_at_one(session, viewer, record, seen)
            self._look_at_entries(viewer, stream(session, viewer, StreamFilter(mine=False), limit=MOST).entries, seen)
            for address in self.people:
                found = reading.find_by_address(session, viewer, address)
                self._demand_seen({(one.type, one.id) for one in found}, seen, "found by its address")
            wanted = ThreadFilter(MailView.ALL, None, False, "offer")
            found_mail = search_threads(
                self.world.store, session, viewer, reach_of(session, viewer), wanted, NOW, zone=UTC
            )
            assert not found_mail.rows, "Who has no mailbox finds no mail by search."

    def _look_at_lists(
        self, session: ReadSession, viewer: Viewer, kind: RecordType, ids: list[int], seen: set[Key]
    ) -> None:
        listed = LISTS[kind][0](session, viewer, RecordFilter(ids=tuple(ids), limit=MOST))
        assert {(kind, row.id) for row in listed} == {key for key in seen if key[0] is kind}, "A list shows others."
        by_words = LISTS[kind][0](session, viewer, RecordFilter(words="client", limit=MOST))
        self._demand_seen({(kind, row.id) for row in by_words}, seen, "found by a word")
        for row in listed:
            named = (getattr(row, name, None) for name in ("contact", "company", "deal"))
            names = {(one.type, one.id) for one in named if one}
            self._demand_known(viewer, names, seen, f"named by {kind.value} {row.id}")

    def _look_at_one(self, session: ReadSession, viewer: Viewer, record: Key, seen: set[Key]) -> None:
        if record not in seen:
            for look in (
                lambda: LISTS[record[0]][1](session, viewer, record[1]),
                lambda: timeline(session, viewer, record),
            ):
                with pytest.raises(NotFound):
                    look()
            return
        assert LISTS[record[0]][1](session, viewer, record[1]).id == record[1]
        shown = timeline(session, viewer, record, limit=MOST)
        self._look_at_entries(viewer, (*shown.planned, *shown.past.entries), seen)

    def _look_at_entries(self, viewer: Viewer, entries: Any, seen: set[Key]) -> None:
        ids = [entry.id for entry in entries]
        bound: dict[int, set[Key]] = {}
        for row in self.world.rows(select(ActivityBinding).where(ActivityBinding.activity_id.in_(ids))):
            bound.setdefault(row.activity_id, set()).add((row.record_type, row.record_id))
        for entry in entries:
            self._demand_seen({(one.type, one.id) for one in entry.records}, seen, f"named by entry {entry.id}")
            here = bound.get(entry.id, set())
            if here & seen or not any(map(self._is_of_this, here)):
                continue
            # On what was deleted, or on what is of an earlier history.
            may_know = any(self._may_see(viewer, key[0], self.row(key)) for key in here)
            assert may_know, f"Entry {entry.id} stands on {here}, none of which may be seen."

    def _demand_known(self, viewer: Viewer, named: set[Key], seen: set[Key], how: str) -> None:
        """What was deleted is named still, to those who might see it."""
        gone = {key for key in named - seen if self._is_of_this(key)}
        rows = {key: self.row(key) for key in gone}
        may_be = {key for key, row in rows.items() if row.deleted_at and self._may_see(viewer, key[0], row)}
        self._demand_seen(named - may_be, seen, how)

    def _demand_seen(self, shown: set[Key], seen: set[Key], how: str) -> None:
        beyond = {key for key in shown - seen if self._is_of_this(key)}
        assert not beyond, f"{beyond} may not be seen, and is {how}."

    def _is_of_this(self, key: Key) -> bool:
        """Whether it is of this history and not of one before, of which nothing is reckoned."""
        return key[1] > self.first[TABLES[key[0]]]

    def _may_see(self, viewer: Viewer, kind: RecordType, row: Any) -> bool:
        scope = viewer.rights.records[kind][Act.SEE]
        theirs = {Scope.NONE: set(), Scope.OWN: {viewer.user_id}, Scope.DEPARTMENT: set(self.sellers)}
        return scope is Scope.ALL or row.responsible_id in theirs[scope]

    def _drawn(self, user_id: int) -> Viewer:
        scopes = {kind: reach(self.random.choice([Scope.OWN, *Scope])) for kind in RecordType}
        return Viewer(user_id, Role.OWN, Rights(scopes), frozenset(self.sellers))

    def _told(self, viewer: Viewer) -> str:
        return ", ".join(f"{kind.value} {it[Act.SEE].value}" for kind, it in viewer.rights.records.items())
