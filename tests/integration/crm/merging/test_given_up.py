"""What jobs of merges and of many leads did not get done is given up after a sane time, and told in words with a way on."""

from pathlib import Path
from typing import Any

import pytest

from core.config import load_settings
from crm.records import lead_runs
from crm.records.leads import create_lead
from crm.records.merge_jobs import finish_merge
from crm.records.modes import CrmMode, Mode
from crm.records.repository import lead_runs as runs
from crm.records.repository import moving
from crm.records.repository.merges import merges
from crm_world import NOW, World
from integration.crm.merging.same_people import SYSTEM, contact
from integration.crm.merging.test_undo_before_the_job import (
    merged_alone,
    people_with_stories,
    stories,
    undone_alone,
)
from storage import outbox
from storage.jobs import BY_NAME, CONVERT_LEADS, FINISH_MERGE, Job, OfLeadRun, OfMerge, enqueue
from storage.models import Activity, Lead, LeadAct, Outbox, Queue
from storage.running import JobRun
from workers.bindings import HANDLERS


def given_up(world: World, job: Job[Any], args: OfMerge | OfLeadRun) -> None:
    """What is done when a job failed for the last time."""
    assert job.max_tries <= 100
    with world.store.database.unit_of_work() as session:
        enqueue(session, BY_NAME[job.given_up], args)
        left = outbox.take(session, max(job_id for job_id, _ in outbox.hand_out(session, [Queue.BULK], 64)))
    assert left is not None
    HANDLERS[left.job.name](JobRun(world.store, load_settings(data_dir=Path("unused")), left))


def listed(world: World) -> list[str]:
    with world.store.database.reading() as session:
        return [merge.stopped for merge in merges(session, SYSTEM, NOW)]


def test_a_merge_and_its_undoing_say_that_they_were_given_up_and_can_be_gone_on_with(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    anna, twin = people_with_stories(world, 2)
    before = stories(world)
    merge_id = merged_alone(world, anna, twin)

    given_up(world, FINISH_MERGE, OfMerge(merge_id))
    assert len(listed(world)) == 1
    assert "Take them apart" in listed(world)[0]
    assert any("Not all that stood on the merged records came along" in row.title for row in world.all(Activity))

    undone_alone(world, merge_id)
    assert listed(world) == []
    given_up(world, FINISH_MERGE, OfMerge(merge_id))
    assert "once more" in listed(world)[0]

    asked = len(world.all(Outbox))
    undone_alone(world, merge_id)
    assert len(world.all(Outbox)) == asked + 1, "the rest is asked for anew"
    finish_merge(world.store, merge_id)
    told = {row.id for row in world.all(Activity) if row.title.startswith("Not all")}
    assert {row for row in stories(world) if row[0] not in told} == before
    assert listed(world) == []


def test_a_merge_that_got_through_after_all_says_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    anna, twin = people_with_stories(world, 2)
    merge_id = merged_alone(world, anna, twin)
    given_up(world, FINISH_MERGE, OfMerge(merge_id))

    later = merged_alone(world, contact(world), anna)
    finish_merge(world.store, later)

    assert listed(world) == ["", ""], "the later merge did the rest of the earlier one first"


@pytest.mark.parametrize("act", [LeadAct.JUNK, LeadAct.CHANGE_MODE])
def test_a_run_over_leads_that_was_given_up_ends_as_far_as_it_is(world: World, act: LeadAct) -> None:
    world.mode(CrmMode(Mode.CLASSIC))
    with world.store.database.unit_of_work() as session:
        leads = [create_lead(session, f"Lead {n}") for n in range(lead_runs.AT_ONCE + 2)]
        chosen = leads if act is LeadAct.JUNK else []
        number = lead_runs.ask_for(session, act, runs.Choices(), chosen, len(leads), None)
    world.mode(CrmMode(Mode.SIMPLE))
    lead_runs.do_some(world.store, number)

    given_up(world, CONVERT_LEADS, OfLeadRun(number))

    ended = lead_runs.go_on(world.store, number)
    assert ended is not None
    assert ended.ended_at is not None
    assert ended.stopped.startswith("Not all leads were looked at: it failed again and again")
    assert ended.stopped.endswith("Choose the rest again." if act is LeadAct.JUNK else "again for the rest.")
    assert [row.state.value for row in world.all(Lead)].count("active") == 2, "the rest stay as they are"
