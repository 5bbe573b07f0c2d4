"""Followed records, saved views and tasks of one person, on both databases."""

import pytest

from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.saved_views import change_view, save_view, views_of
from crm.stream.follows import follow, followed
from crm.work import repository, tasks
from crm.work.views import NewTask
from crm_world import World
from storage.models import RecordType, Role
from storage.store import Store

CONTACT = RecordType.CONTACT


def test_what_is_ones_own_is_found_and_changed(store: Store) -> None:
    world = World(store)
    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    with store.database.unit_of_work() as session:
        ids = [create_contact(session, name) for name in ("One", "Two", "Three")]
        for number in (*ids, ids[0]):
            follow(session, ann, (CONTACT, number))
        follow(session, bob, (CONTACT, ids[0]))
        first, behind = followed(session, ann, limit=2)
        assert [one.name for one in first] == ["Three", "Two"]
        rest, end = followed(session, ann, before=behind, limit=2)
        assert ([one.name for one in rest], end) == (["One"], None)

    with store.database.unit_of_work() as session:
        view = save_view(session, ann, CONTACT, "Mine", "tag=vip")
        save_view(session, ann, CONTACT, "Other", "tag=new")
        save_view(session, bob, CONTACT, "Ours", "tag=new")
        change_view(session, ann, view, name="Ours", shared=True)
        with pytest.raises(Conflict, match="another name"):
            change_view(session, ann, view, name="Other")
        with pytest.raises(NotFound):
            change_view(session, bob, view, name="Theirs")
    with store.database.reading() as session:
        shown = [(one.name, one.query, one.shared, one.owner) for one in views_of(session, bob, CONTACT)]
    assert shown == [("Ours", "tag=new", False, None), ("Ours", "tag=vip", True, "Ann")]

    with store.database.unit_of_work() as session:
        task = tasks.create_task(session, ann, NewTask("Descale", world.ann))
        assert repository.task_for_change(session, ann, task).title == "Descale"
        with pytest.raises(NotFound):
            repository.task_for_change(session, bob, task)
