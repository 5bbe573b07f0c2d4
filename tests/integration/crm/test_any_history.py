"""Any history of a small company: whatever comes and whatever people do, each mail stands where it must, once.

A step is a mail (new, a reply, a forward; in one of two mailboxes, in Junk, moved), or an act: deals are closed and opened
again, leads converted, called junk and taken up, records made by hand, edited, merged, deleted, restored and followed, merges
taken back, the mode changed. After each one all that must always hold is looked at. Hypothesis chooses the steps, and all
that is left to chance within one; a failure is told as the shortest history that it can make of it.

    LONG_HISTORIES=500 .venv/bin/pytest -n0 tests/integration/crm/test_any_history.py   # as many histories, other ones each time
"""

import os
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
from integration.crm.history import ACTS, Act, History
from storage.models import FieldKind, RecordType
from storage.store import Store

LONG = os.environ.get("LONG_HISTORIES")
HISTORIES = int(LONG or 12)
STEPS = 30
MAY_BE_MISSED = 4
"""Acts that need several others before them."""
CHANCE = st.randoms(use_true_random=False)


@pytest.mark.slow
@pytest.mark.timeout(HISTORIES * 10 + 400)  # A failure is made shorter for five minutes at most.
def test_any_history(store: Store) -> None:
    world = World(store)
    boxes: tuple[Box, Box] = (world.sales, world.add_mailbox("ann@ours.example", owner_id=world.ann))
    with store.database.unit_of_work() as session:
        ensure_defaults(session)
        named = NewField(RecordType.CONTACT, "Colour", FieldKind.TEXT)
        colour = f"field_{create_field(session, Viewer.system(), named)}"
    numbers = count(1)

    class AnyHistory(RuleBasedStateMachine):
        """Each run has people of its own, whose number is never used again."""

        history: History

        @initialize(random=CHANCE)
        def begins(self, random: Random) -> None:
            self.history = History(world, boxes, next(numbers), random, colour)

        @rule(act=st.sampled_from(ACTS), random=CHANCE)
        def goes_on(self, act: Act, random: Random) -> None:
            self.history.step(act, random)

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
    missed = set(ACTS).difference(*(one.happened for one in histories))
    assert len(missed) <= MAY_BE_MISSED, f"Chance found nothing to do for {missed}"
