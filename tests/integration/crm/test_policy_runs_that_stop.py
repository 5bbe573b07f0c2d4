"""A policy applied to older mail that meets what it can not judge, is stopped, or is given up; on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text, update

from core.config import load_settings
from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.intake.revisiting import runs
from crm.records.deals import create_deal
from crm_world import NOW, World
from integration.crm.test_policies_on_older_mail import applied, month
from storage import outbox
from storage.jobs import APPLY_POLICY, BY_NAME, OfPolicyRun, enqueue
from storage.models import Deal, OnUnknown, Outbox, Place, Queue
from storage.running import JobRun
from storage.store import Store
from workers.bindings import HANDLERS

SYSTEM = Viewer.system()
MODE, NOTHING = OnUnknown.MODE, OnUnknown.NOTHING


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_mail_that_can_not_be_judged_is_skipped_and_counted(world: World) -> None:
    """One lies broken, of another the deal can not be stored, and a deal can not be removed: all the others go their way."""
    world.change(world.sales, on_unknown_incoming=NOTHING)
    mails = month(world)
    world.change(world.sales, on_unknown_incoming=MODE)
    with world.store.database.unit_of_work() as session:
        session.execute(update(Place).where(Place.message_id == mails[-1]).values(decision=text("'5'")))
        session.execute(text("CREATE UNIQUE INDEX each_once ON deal (title, (deleted_at IS NULL))"))
        create_deal(session, "Offer 2")
    number = applied(world)

    done = runs.go_on(world.store, number)

    assert (done.total, done.done, done.skipped, done.stopped) == (10, 10, 2, "")
    assert done.ended_at is not None
    titles = sorted(deal.title for deal in world.all(Deal))
    assert titles == ["Again", "Boat 2", "Offer 0", "Offer 1", "Offer 2", "Offer 3"]

    with world.store.database.unit_of_work() as session:
        in_bin = {"title": "Offer 1", "deleted_at": NOW}
        session.execute(update(Deal).where(Deal.id == create_deal(session, "Old")).values(in_bin))
        runs.undo(session, SYSTEM, number)
    undone = runs.go_on(world.store, number)
    assert (undone.removed, len(undone.kept), undone.undone_at is None) == (7, 2, False)


def test_what_is_stopped_or_given_up_leaves_a_state_from_which_people_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 3)
    monkeypatch.setattr(runs, "UNDONE_AT_ONCE", 2)
    world.change(world.sales, on_unknown_incoming=NOTHING)
    month(world)
    world.change(world.sales, on_unknown_incoming=MODE)

    def by_hand(number: int) -> None:
        with world.store.database.unit_of_work() as session:
            runs.stop(session, SYSTEM, number)

    def given_up(number: int) -> None:
        with world.store.database.unit_of_work() as session:
            enqueue(session, BY_NAME[APPLY_POLICY.given_up], OfPolicyRun(number))
            left = outbox.take(session, max(job_id for job_id, _ in outbox.hand_out(session, [Queue.BULK], 64)))
        assert left is not None
        HANDLERS[left.job.name](JobRun(world.store, load_settings(data_dir=Path("unused")), left))

    for leave, why in ((by_hand, "somebody stopped it"), (given_up, "failed again and again")):
        number = applied(world)
        runs.do_some(world.store, number)
        leave(number)
        stopped = runs.go_on(world.store, number)
        assert why in stopped.stopped
        assert (stopped.done, stopped.can_be_undone) == (3, True)
        with world.store.database.unit_of_work() as session:
            runs.undo(session, SYSTEM, number)
        runs.do_some(world.store, number)
        leave(number)
        half = runs.go_on(world.store, number)
        assert half.stopped == f"Not all was taken back: {runs.BY_HAND if leave is by_hand else runs.GIVEN_UP}. " + (
            "Undo it again for the rest."
        )
        asked = len(world.all(Outbox))
        with world.store.database.unit_of_work() as session:
            runs.undo(session, SYSTEM, number)
        assert len(world.all(Outbox)) == asked + 1, "the rest is asked for anew"
        assert runs.go_on(world.store, number).stopped == ""
        assert [deal for deal in world.all(Deal) if deal.deleted_at is None] == []
    with pytest.raises(Conflict, match="nothing to stop"):
        by_hand(number)
