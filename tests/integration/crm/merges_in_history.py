"""Merges as steps of a history, and taking them back: who has what afterwards. See `test_any_history.py`."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.merging import merge, undo_merge
from crm_world import World
from integration.crm.what_holds import TABLES, Facts, Had, Key
from storage.models import Lead, LeadState, RecordType

SYSTEM = Viewer.system()


class Merges(Facts):
    """What is merged and taken back; `met` tells how often an act found something to do, and a check something to look at."""

    def __init__(self, world: World, random: Random) -> None:
        super().__init__(world)
        self.random = random
        self.met: Counter[str] = Counter()
        self.merges: dict[int, dict[Key, Had]] = {}
        """By merge what each of its records had before; the first one survived."""

    def contacts_are_merged(self) -> str:
        return self._two_of(RecordType.CONTACT)

    def companies_are_merged(self) -> str:
        return self._two_of(RecordType.COMPANY)

    def leads_are_merged(self) -> str:
        return self._two_of(RecordType.LEAD, Lead.state == LeadState.ACTIVE)

    def _two_of(self, kind: RecordType, *where: Any) -> str:
        found = [row.id for row in self.some(TABLES[kind], *where)]
        if len(found) < 2:
            return ""
        survivor, other = self.random.sample(found, 2)
        self.merge((kind, survivor), (kind, other))
        return f"{kind.value} {other} merged into {survivor}"

    def merge(self, survivor: Key, other: Key) -> None:
        """Let one of two have all, and look whether it does."""
        mine, theirs = self.had(survivor), self.had(other)
        with self.world.store.database.unit_of_work() as session:
            self.merges[merge(session, SYSTEM, survivor, [other[1]], {})] = {survivor: mine, other: theirs}
        now = self.had(survivor)
        assert set(now.channels) == {*mine.channels, *theirs.channels}
        assert now.fields == theirs.fields | mine.fields
        assert now.owned == mine.owned | theirs.owned
        assert now.stands == mine.stands | theirs.stands
        assert now.followers == mine.followers | theirs.followers
        assert now.named_by == mine.named_by | theirs.named_by

    def merge_is_taken_back(self) -> str:
        if not self.merges:
            return ""
        chosen = self.random.choice(list(self.merges))
        survivor, other = self.merges[chosen]
        with_others = any(number > chosen and survivor == next(iter(had)) for number, had in self.merges.items())
        if with_others or self.row(survivor).deleted_at is not None:
            with pytest.raises(Conflict), self.world.store.database.unit_of_work() as session:
                undo_merge(session, SYSTEM, chosen)
            return f"merge {chosen} stays"
        before = self.had(survivor)
        with self.world.store.database.unit_of_work() as session:
            undo_merge(session, SYSTEM, chosen)
        had = self.merges.pop(chosen)
        self._look_at_parted(had[survivor], had[other], before, self.had(survivor), self.had(other))
        self.met[f"merges of {survivor[0].value} taken back"] += 1
        return f"merge {chosen} taken back"

    def _look_at_parted(self, own: Had, their: Had, before: Had, left: Had, back: Had) -> None:
        """Each has what it had and what was merged still had before the merge was taken back; the rest stays."""
        assert (back.channels, back.fields) == (their.channels, their.fields), (
            "It has not what it had before the merge."
        )
        moved = set(their.channels) - set(own.channels)
        gone = {
            each for each, text in their.fields.items() if each not in own.fields and before.fields.get(each) == text
        }
        assert left.channels == [each for each in before.channels if each not in moved]
        assert left.fields == {each: text for each, text in before.fields.items() if each not in gone}
        assert back.owned >= their.owned & before.owned
        assert left.owned | back.owned == before.owned
        assert back.followers >= their.followers & before.followers
        assert back.named_by >= their.named_by & before.named_by
        assert left.named_by == before.named_by - back.named_by
        since = before.stands - own.stands - their.stands
        assert since <= left.stands, "What came since stays where it is."
