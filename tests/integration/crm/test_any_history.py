"""Random histories of a small company: whatever comes and whatever people do, each mail stands where it must, once.

A step is a mail (new, a reply, a forward; in one of two mailboxes, in Junk, moved), or an act: deals are closed and opened
again, leads converted, called junk and taken up, records made by hand, edited, merged, deleted, restored and followed, merges
taken back, the mode changed. After each one all that must always hold is looked at. A failure tells the number of its
history, and its steps.

    LONG_HISTORIES=300 .venv/bin/pytest -n0 tests/integration/crm/test_any_history.py   # seconds on each database
    ONE_HISTORY=1234 .venv/bin/pytest …                                                     # that one again
"""

import os
import time
from itertools import count

import pytest

from crm.records.pipelines import ensure_defaults
from crm_world import World
from integration.crm.history import History
from storage.store import Store

SECONDS = float(os.environ.get("LONG_HISTORIES", "8"))
STEPS = 25
AT_LEAST = 3


@pytest.mark.slow
@pytest.mark.timeout(SECONDS * 2 + 120)
def test_any_history(store: Store) -> None:
    world = World(store)
    boxes = (world.sales, world.add_mailbox("ann@ours.example", owner_id=world.ann))
    with store.database.unit_of_work() as session:
        ensure_defaults(session)
    chosen = os.environ.get("ONE_HISTORY")
    numbers = [int(chosen)] if chosen else count(1 if SECONDS < 60 else int(time.time()))
    end = time.monotonic() + SECONDS
    for done, number in enumerate(numbers):
        if time.monotonic() > end and done >= AT_LEAST:
            break
        history = History(world, boxes, number)
        try:
            for _ in range(STEPS):
                history.step()
        except BaseException as error:
            error.add_note(f"History {number}: {history.policies}\n" + "\n".join(history.told))
            raise
