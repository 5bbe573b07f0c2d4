"""Calls and meetings: planned, moved, handed over, done, reopened, deleted, brought back, and told of in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from crm.access.notifications import notices
from crm.access.roles.viewers import viewers_of_people
from crm.access.viewer import Viewer
from crm.conversations.repository.counters import section_counters
from crm.stream.feed.commenting import add_comment
from crm.stream.timeline.entries import add_entry, complete_entry, reopen_entry
from crm.stream.timeline.plans import change_plan, delete_plan, restore_plan
from crm.stream.timeline.reminding import remind
from crm.stream.timeline.repository import entry, stream, timeline, upcoming
from crm.stream.views import Entry, NewEntry, PlanChange, StreamFilter, SubjectType
from crm_world import World, known_contact
from storage.models import Activity, ActivityKind, RecordType, Role, User
from storage.store import Store

HOUR = timedelta(hours=1)


class Office:
    """Ann and Bob, who sell, and Eve, who only looks; one contact that Ann calls."""

    def __init__(self, store: Store) -> None:
        self.world = World(store)
        self.eve = self.world.add_user("eve@ours.example", "Eve")
        with store.database.unit_of_work() as session:
            session.execute(update(User).where(User.id == self.eve).values(role=Role.GUEST))
        self.contact = (RecordType.CONTACT, known_contact(self.world))
        self.soon = utcnow().replace(microsecond=0) + 2 * HOUR
        self.call = self.does(self.world.ann, add_entry, self.new())

    def new(self, **other: Any) -> NewEntry:
        return NewEntry(ActivityKind.CALL, "Ask about the order", (self.contact,), **{"deadline": self.soon, **other})

    def viewer(self, user_id: int) -> Viewer:
        with self.world.store.database.reading() as session:
            return viewers_of_people(session, [user_id])[user_id]

    def does(self, user_id: int, act: Callable[..., Any], *arguments: Any) -> Any:
        viewer = self.viewer(user_id)
        with self.world.store.database.unit_of_work() as session:
            return act(session, viewer, *arguments)

    def entry(self) -> Entry:
        with self.world.store.database.reading() as session:
            return entry(session, Viewer.system(), self.call)

    def bells(self, user_id: int) -> list[str]:
        viewer = self.viewer(user_id)
        with self.world.store.database.reading() as session:
            return [each.title for each in notices(session, viewer)]

    def change(self, **other: Any) -> PlanChange:
        return replace(PlanChange("Ask about the order", "", self.soon, self.world.ann), **other)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_a_call_is_moved_and_handed_over(office: Office) -> None:
    later = office.soon + 24 * HOUR
    moved = office.change(
        title="  Ask about\nthe invoice ", at=later, minutes=90, place="+48 601 234 567", text="Bring it"
    )
    office.does(office.world.ann, change_plan, office.call, moved)

    shown = office.entry()
    assert (shown.title, shown.deadline, shown.minutes, shown.place) == (
        "Ask about the invoice",
        later,
        90,
        "+48 601 234 567",
    )
    assert (shown.text, shown.planned, shown.edited_at is not None) == ("Bring it", True, True)
    assert office.bells(office.world.ann) == [], "nobody is told of what they did"

    office.does(office.world.ann, change_plan, office.call, replace(moved, responsible_id=office.world.bob))
    office.does(
        office.world.ann, change_plan, office.call, replace(moved, responsible_id=office.world.bob, at=office.soon)
    )
    assert office.bells(office.world.bob) == [
        "Moved to another time: Ask about the invoice",
        "Planned for you: Ask about the invoice",
    ]


def test_who_has_no_part_in_it_changes_nothing(office: Office) -> None:
    before = office.entry()
    for who, refused in ((office.world.bob, Forbidden), (office.eve, Forbidden)):
        for act, more in ((change_plan, (office.change(title="Mine"),)), (delete_plan, ()), (restore_plan, ())):
            with pytest.raises(refused):
                office.does(who, act, office.call, *more)
    note = office.does(office.world.ann, add_entry, NewEntry(ActivityKind.COMMENT, "", (office.contact,), text="Said"))
    with pytest.raises(UsageError):
        office.does(office.world.ann, change_plan, note, office.change())
    wrong = [{"minutes": 0}, {"minutes": 99_999}, {"remind_minutes": -1}, {"title": " \n"}, {"responsible_id": 4_040}]
    for what in wrong:
        with pytest.raises(UsageError):
            office.does(office.world.ann, change_plan, office.call, office.change(**what))
    with pytest.raises(NotFound):
        office.does(office.world.ann, delete_plan, 4_040)
    assert office.entry() == before


def test_done_and_deleted_are_taken_back(office: Office) -> None:
    ann = office.viewer(office.world.ann)

    def standing() -> tuple[int, int, int, int, bool]:
        with office.world.store.database.reading() as session:
            told = timeline(session, ann, office.contact)
            return (
                len(told.planned),
                len([each for each in told.past.entries if each.id == office.call]),
                len(upcoming(session, ann)),
                section_counters(session, ann, utcnow()).contacts,
                any(each.id == office.call for each in stream(session, ann, StreamFilter(mine=False)).entries),
            )

    assert standing() == (1, 0, 1, 1, True)
    assert office.does(office.world.ann, complete_entry, office.call)
    assert standing() == (0, 1, 0, 0, True)
    assert office.does(office.world.ann, reopen_entry, office.call)
    assert not office.does(office.world.ann, reopen_entry, office.call), "it was to be done again already"
    assert standing() == (1, 0, 1, 1, True)

    office.does(office.world.ann, delete_plan, office.call)
    assert standing() == (0, 0, 0, 0, False)
    with pytest.raises(NotFound):
        office.does(office.world.ann, add_comment, SubjectType.ACTIVITY, office.call, "On what is gone")
    with pytest.raises(NotFound):
        office.does(office.world.ann, complete_entry, office.call)
    office.does(office.world.ann, restore_plan, office.call)
    assert standing() == (1, 0, 1, 1, True)


def test_everybody_is_reminded_once_and_in_time(office: Office) -> None:
    def when(**due: Any) -> int:
        call = office.does(office.world.ann, add_entry, office.new(responsible_id=office.world.bob, remind_minutes=15))
        with office.world.store.database.unit_of_work() as session:
            session.execute(update(Activity).where(Activity.id == call).values(**due))
        return int(call)

    past, now = utcnow() - timedelta(minutes=1), utcnow()
    when(remind_at=past, deadline=now + timedelta(minutes=14, seconds=30), title="Soon")
    when(remind_at=past, deadline=now - 3 * HOUR, title="While nobody was here")
    when(remind_at=past, completed_at=now, title="Done")
    when(remind_at=past, deleted_at=now, title="Deleted")
    when(title="Not yet")
    when(remind_at=past, deadline=now + HOUR, title="On what Bob may not see", responsible_id=office.eve)
    with office.world.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.id == office.eve).values(active=False))

    remind(office.world.store)
    remind(office.world.store)

    told = [each for each in office.bells(office.world.bob) if not each.startswith("Planned for you")]
    assert sorted(told) == ["In 15 minutes: Soon", "It was to begin: While nobody was here"]
    left = office.world.rows(select(Activity.title).where(Activity.remind_at.is_not(None)))
    assert left == ["Not yet"]


def test_a_reminder_follows_its_call(office: Office) -> None:
    def reminded() -> list[Any]:
        return office.world.rows(select(Activity.remind_at).where(Activity.id == office.call))

    office.does(office.world.ann, change_plan, office.call, office.change(remind_minutes=60))
    assert reminded() == [office.soon - HOUR]
    office.does(office.world.ann, change_plan, office.call, office.change(remind_minutes=60, at=office.soon + HOUR))
    assert reminded() == [office.soon]
    office.does(office.world.ann, delete_plan, office.call)
    office.does(office.world.ann, restore_plan, office.call)
    assert reminded() == [office.soon]
    office.does(office.world.ann, change_plan, office.call, office.change(remind_minutes=180))
    assert reminded() == [None], "that time is over"
    office.does(office.world.ann, change_plan, office.call, office.change())
    assert reminded() == [None]
