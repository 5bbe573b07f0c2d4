"""Tasks that are deleted: gone from lists, searches, counters, timelines and rights, and back as they were by undo."""

from typing import Any

import pytest

from core.clock import utcnow
from core.errors import Forbidden, NotFound
from crm.conversations.repository.counters import section_counters
from crm.records.repository.recycling import hanging
from crm.stream.feed.commenting import add_comment
from crm.stream.timeline.repository import timeline
from crm.stream.views import SubjectType
from crm.work import repository
from crm.work.tasks import complete_task, create_task, delete_task, reopen_task, restore_task
from crm.work.views import NewTask, Part, TaskFilter
from integration.crm.timeline.test_plans import Office
from storage.store import Store


def seen(office: Office, user_id: int) -> dict[str, Any]:
    """Where a task on the contact shows, for one person."""
    viewer = office.viewer(user_id)
    with office.world.store.database.reading() as session:
        told = timeline(session, viewer, office.contact)
        return {
            "lists": [
                [task.title for task in repository.tasks(session, viewer, TaskFilter(part=part, done=done))]
                for part in Part
                for done in (False, True)
            ],
            "found": repository.tasks_found(session, viewer, "desc", limit=5),
            "numbers": repository.counters(session, viewer, utcnow())[Part.RESPONSIBLE].open,
            "due": section_counters(session, viewer, utcnow()).tasks,
            "story": [entry.title for entry in (*told.planned, *told.past.entries) if entry.title == "Descale"],
            "hanging": hanging(session, viewer, office.contact).tasks,
        }


def test_a_deleted_task_is_nowhere_and_comes_back_as_it_was(store: Store) -> None:
    office = Office(store)
    ann, bob, eve = office.world.ann, office.world.bob, office.eve
    new = NewTask("Descale", bob, deadline=office.soon, records=(office.contact,))
    task = office.does(ann, create_task, new)
    before = seen(office, bob)
    assert (before["story"], before["numbers"], before["due"], before["hanging"]) == (["Descale"], 1, 1, 1)

    for who in (bob, eve):
        with pytest.raises(Forbidden):
            office.does(who, delete_task, task)
    assert seen(office, bob) == before

    office.does(ann, delete_task, task)
    gone = seen(office, bob)
    assert (gone["story"], gone["found"], gone["numbers"], gone["due"], gone["hanging"]) == ([], [], 0, 0, 0)
    assert gone["lists"] == [[]] * 6
    for act, more in ((complete_task, ()), (delete_task, ()), (add_comment, ("Vinegar?",))):
        subject = (SubjectType.TASK, task) if more else (task,)
        with pytest.raises(NotFound):
            office.does(ann, act, *subject, *more)
    for who, refused in ((bob, Forbidden), (eve, Forbidden)):
        with pytest.raises(refused):
            office.does(who, restore_task, task)
    with pytest.raises(NotFound):
        office.does(ann, restore_task, 99_999)

    assert [office.does(ann, restore_task, task) for _ in range(2)] == [True, False]
    assert seen(office, bob) == before
    assert office.bells(bob) == [
        "To be done after all: Descale",
        "Not to be done any more: Descale",
        "New task: Descale",
    ]


def test_done_tasks_are_deleted_too_and_nobody_is_told(store: Store) -> None:
    office = Office(store)
    ann, bob = office.world.ann, office.world.bob
    task = office.does(ann, create_task, NewTask("Descale", bob, records=(office.contact,)))
    office.does(bob, complete_task, task)
    before = seen(office, bob)
    assert before["lists"][1] == ["Descale"]

    office.does(ann, delete_task, task)
    assert seen(office, bob)["lists"] == [[]] * 6
    assert office.does(ann, restore_task, task)
    assert seen(office, bob) == before
    assert office.does(bob, reopen_task, task)
    assert office.bells(bob) == ["New task: Descale"]
