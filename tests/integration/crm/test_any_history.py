"""Any history of a small company: whatever comes and whatever people do, each mail stands where it must, once.

Each begins with people, companies, deals, leads and a merge. A step is a mail (new, a reply, a forward; in one of two
mailboxes, in Junk, moved), or an act: deals are closed and opened again, leads converted, called junk and taken up, records
made by hand, edited, handed over, merged, deleted, restored and followed, merges taken back; the mode changes, and what the
mailboxes say of strangers and of some senders, and people's rights. After each one all that must always hold is looked at, and
after some of them (in long histories after each) somebody with narrow rights looks at everything. Hypothesis chooses a seed
for each step; a failure is told as the shortest history that it can make of it.

    LONG_HISTORIES=500 .venv/bin/pytest -n0 tests/integration/crm/test_any_history.py   # as many histories, other ones each time
"""

import os
from collections import Counter
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, create_field
from crm.records.pipelines import ensure_defaults
from crm_world import Box, World
from integration.crm.history import ACTS, History
from storage.models import FieldKind, RecordType
from storage.store import Store

LONG = os.environ.get("LONG_HISTORIES")
HISTORIES = int(LONG or 8)
STEPS = 40
CHANCE = st.integers(0, 2**32)
LEAST = dict.fromkeys((act.__name__ for act in ACTS), 1) | {
    "mail_comes": 35,
    "mail of somebody with an open item": 20,
    "mail of a stranger": 2,
    "mail of an exception": 1,
    "mail of a stranger that makes nothing": 1,
    "somebody looks": 40,
    "somebody does not see all": 20,
    "merges of contact taken back": 3,
    "merges of company taken back": 1,
    "merges of lead taken back": 1,
}
"""How often each act must find something to do, and each check something to look at, in the histories of every run."""


@pytest.mark.slow
@pytest.mark.timeout(HISTORIES * 10 + 400)  # A failure is made shorter for five minutes at most.
def test_any_history(store: Store) -> None:
    world = World(store)
    boxes: tuple[Box, Box] = (world.sales, world.add_mailbox("ann@ours.example", owner_id=world.ann))
    sellers = [world.add_user(f"{name}@ours.example", name) for name in ("nina", "nils")]
    with store.database.unit_of_work() as session:
        ensure_defaults(session)
        named = NewField(RecordType.CONTACT, "Colour", FieldKind.TEXT)
        colour = f"field_{create_field(session, Viewer.system(), named)}"
    numbers = count(1)

    class AnyHistory(RuleBasedStateMachine):
        """Each run has people of its own, whose number is never used again."""

        history: History

        @initialize(seed=CHANCE)
        def begins(self, seed: int) -> None:
            self.history = History(world, boxes, sellers, next(numbers), Random(seed), colour)
            self.history.begin()

        @rule(seed=CHANCE)
        def goes_on(self, seed: int) -> None:
            random = Random(seed or len(self.history.told))  # The simplest history is no history of one act.
            self.history.step(random.choice(ACTS), random)

        def teardown(self) -> None:
            histories.append(self.history)
            note("\n".join(self.history.told))

    histories: list[History] = []
    run_state_machine_as_test(
        AnyHistory,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            derandomize=LONG is None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(histories) >= HISTORIES
    assert max(len(one.told) for one in histories) == STEPS - 1, "beginning is a step too"
    met = sum((one.met for one in histories), Counter[str]())
    missed = {name: met[name] for name, least in LEAST.items() if met[name] < least}
    assert LONG or not missed, f"Chance found hardly anything to do for {missed}"
