"""Everything of a person who leaves goes to others, in chunks that can be killed, and back, on both databases."""

from typing import Any

import pytest
from sqlalchemy import update

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.notifications import notices
from crm.access.people import deactivate
from crm.access.roles import keeping
from crm.access.roles.keeping import NewDepartment
from crm.access.viewer import Viewer
from crm.records.bulk.stopping import ask_to_stop
from crm.records.bulk.undoing import ask_for_undo
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead
from crm.records.recycling import delete_record
from crm.records.teams import Team
from crm.work.handing_over import doing, repository
from crm.work.handing_over.asking import Belonging, HandOver, ask_for_hand_over
from crm.work.handing_over.doing import hand_over_all
from crm.work.handing_over.undoing import undo_hand_over
from crm.work.tasks import bind_task, complete_task, create_task
from crm.work.views import NewTask
from crm_world import World
from storage.models import (
    Activity,
    BulkEdit,
    Company,
    Contact,
    Deal,
    Lead,
    Mailbox,
    RecordChange,
    RecordType,
    Role,
    SavedView,
    Task,
    User,
)
from storage.store import Store

CONTACT = RecordType.CONTACT


class Killed(BaseException):
    """The process ends here."""


class House:
    """Ann leaves: 23 contacts (one of them in the recycle bin), a company, 4 leads, 5 deals, 3 tasks of which one is done, a
    place in a queue, two shared views of which Bob has one by that name, and one of her own. Cleo administers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ann, self.bob = world.ann, world.bob
        self.cleo = world.add_user("cleo@ours.example", "Cleo")
        self.dan = world.add_user("dan@ours.example", "Dan")
        self.admin = Viewer(self.cleo, Role.ADMINISTRATOR)
        ann = Viewer(self.ann, Role.SELLER)
        with world.store.database.unit_of_work() as session:
            session.execute(update(User).where(User.id == self.cleo).values(role=Role.ADMINISTRATOR))
            self.contacts = [create_contact(session, f"Person {n:02}", responsible_id=self.ann) for n in range(23)]
            delete_record(session, self.admin, (CONTACT, self.contacts[-1]))
            create_contact(session, "Bob's own", responsible_id=self.bob)
            create_company(session, "Cups", responsible_id=self.ann)
            for number in range(4):
                create_lead(session, f"Lead {number}", responsible_id=self.ann)
            for number in range(5):
                create_deal(session, f"Deal {number}", responsible_id=self.ann)
            self.tasks = [create_task(session, ann, NewTask(f"Call {n}", responsible_id=self.ann)) for n in range(3)]
            bind_task(session, ann, self.tasks[0], ((CONTACT, self.contacts[0]),))
            complete_task(session, ann, self.tasks[2])
            session.execute(update(Mailbox).values(queue=[self.dan, self.ann, self.bob]))
            for name, user, shared in (
                ("Warm", self.ann, True),
                ("Cold", self.ann, True),
                ("Private", self.ann, False),
                ("Warm", self.bob, False),
            ):
                kept = {"record_type": CONTACT, "name": name, "query": "", "shared": shared, "created_at": utcnow()}
                session.add(SavedView(user_id=user, **kept))

    def ask(
        self, *what: Belonging, to: int | None = None, team: Team | None = None, viewer: Viewer | None = None
    ) -> int:
        wanted = HandOver(self.ann, frozenset(what or Belonging), to, team)
        with self.world.store.database.unit_of_work() as session:
            return ask_for_hand_over(session, viewer or self.admin, wanted)

    def undo(self, number: int) -> None:
        with self.world.store.database.unit_of_work() as session:
            ask_for_undo(session, self.admin, number)
        undo_hand_over(self.world.store, number)

    def whose(self, table: type[Any]) -> list[int | None]:
        return [row.responsible_id for row in sorted(self.world.all(table), key=lambda row: row.id)]

    def standing(self) -> list[Any]:
        views = sorted((row.id, row.user_id, row.name) for row in self.world.all(SavedView))
        entries = sorted((row.id, row.responsible_id) for row in self.world.all(Activity) if row.task_id)
        queues = [row.queue for row in self.world.all(Mailbox)]
        return [*(self.whose(table) for table in (Contact, Company, Lead, Deal, Task)), entries, queues, views]

    def row(self, number: int) -> BulkEdit:
        return next(row for row in self.world.all(BulkEdit) if row.id == number)

    def bells(self, user_id: int) -> list[tuple[str, str]]:
        with self.world.store.database.reading() as session:
            told = [(each.title, each.link) for each in notices(session, Viewer(user_id, Role.SELLER))]
        return [one for one in told if ", from " in one[0]]


@pytest.fixture
def house(store: Store) -> House:
    return House(World(store))


def killed_at(edit: int, house: House, number: int) -> None:
    """The process ends in the middle of a unit, when so many records were begun."""
    calls: list[object] = []

    def edit_or_die(*args: Any, **options: Any) -> object:
        calls.append(args)
        if len(calls) == edit:
            raise Killed
        return edit_record(*args, **options)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(doing, "edit_record", edit_or_die)
        hand_over_all(house.world.store, number)


def test_everything_of_somebody_who_left_goes_to_another_and_back(house: House) -> None:
    # Given Ann has left; then the numbers are told, as far as they are asked for.
    ann, bob, dan, store = house.ann, house.bob, house.dan, house.world.store
    deactivate(store, house.admin, ann)
    before = house.standing()
    with store.database.reading() as session:
        counts = repository.count_theirs(session, house.admin, ann)
        assert counts == {"contact": 22, "company": 1, "lead": 4, "deal": 5, "task": 2, "queue": 1, "view": 2}
        assert list(counts) == [each.value for each in Belonging]
        assert repository.count_theirs(session, house.admin, ann, upto=3)["contact"] == 3
        with pytest.raises(Forbidden):
            repository.count_theirs(session, Viewer(bob, Role.MANAGER), ann)

    # When the process ends in the middle of a unit, and another one goes on, and a third comes when all is done;
    number = house.ask(to=bob)
    killed_at(14, house, number)
    assert (house.row(number).done, house.row(number).total, house.row(number).changed) == (10, 37, 10)
    assert house.bells(bob) == []
    with pytest.raises(Conflict, match="handed over already"):
        house.ask(to=bob)
    hand_over_all(store, number)
    hand_over_all(store, number)

    # then all is Bob's but what is not Ann's to give: a deleted contact, a done task, her private view;
    row = house.row(number)
    assert (row.done, row.total, row.changed, row.refused, row.stopped) == (37, 37, 37, [], "")
    assert house.whose(Contact) == [bob] * 22 + [ann, bob]
    assert house.whose(Company) == [bob]
    assert (house.whose(Lead), house.whose(Deal), house.whose(Task)) == ([bob] * 4, [bob] * 5, [bob, bob, ann])
    assert [one.responsible_id for one in house.world.all(Activity) if one.task_id == house.tasks[0]] == [bob]
    assert [one.queue for one in house.world.all(Mailbox)] == [[dan, bob]]
    views = {(one.user_id, one.name) for one in house.world.all(SavedView)}
    assert views == {(bob, "Warm (Ann)"), (bob, "Cold"), (ann, "Private"), (bob, "Warm")}

    # and each record says it once, and Bob hears once.
    changes = [one for one in house.world.all(RecordChange) if one.bulk_edit_id == number]
    assert len(changes) == 32 == len({(one.record_type, one.record_id) for one in changes})
    assert all(one.changes == {"responsible_id": [ann, bob]} and one.user_id == house.cleo for one in changes)
    told = "Yours now, from Ann: 22 contacts, 1 company, 4 leads, 5 deals, 2 tasks"
    assert house.bells(bob) == [(told, "/contacts?mine=true")]

    # When it is undone though Ann has left, then all stands as before but what was changed since.
    with store.database.unit_of_work() as session:
        edit_record(session, house.admin, (CONTACT, house.contacts[3]), {"responsible_id": dan})
        complete_task(session, Viewer(bob, Role.SELLER), house.tasks[1])
    with pytest.raises(Forbidden), store.database.unit_of_work() as session:
        ask_for_undo(session, Viewer(house.cleo, Role.MANAGER), number)
    house.undo(number)
    undo_hand_over(store, number)
    row = house.row(number)
    assert (row.undone, row.kept, row.unfit, row.undone_at is not None) == (37, 2, 0, True)
    after = house.standing()
    assert after[0] == [ann] * 3 + [dan] + [ann] * 19 + [bob]
    assert after[4] == [ann, bob, ann]
    assert [*after[1:4], *after[5:]] == [*before[1:4], *before[5:]]


def test_leads_and_deals_go_to_a_department_in_turn(house: House) -> None:
    # Given a department with Ann herself, Bob and Dan; when all goes there in turn, the rest to Dan, then Ann has no turn.
    with house.world.store.database.unit_of_work() as session:
        sales = NewDepartment("Sales", people=(house.ann, house.bob, house.dan))
        department = keeping.save_department(session, house.admin, sales)
    number = house.ask(to=house.dan, team=Team(department_id=department))
    hand_over_all(house.world.store, number)
    bob, dan = house.bob, house.dan
    assert house.whose(Lead) == [bob, dan, bob, dan]
    assert house.whose(Deal) == [bob, dan, bob, dan, bob]
    assert house.whose(Contact)[:22] == [dan] * 22
    assert house.bells(bob) == [("Yours now, from Ann: 2 leads, 3 deals", "/leads?mine=true")]
    assert len(house.bells(dan)) == 1

    # When the leads alone are asked for, a team is enough; where nothing is left, it ends at once.
    again = house.ask(Belonging.LEAD, team=Team(department_id=department))
    hand_over_all(house.world.store, again)
    assert (house.row(again).ended_at is not None, house.row(again).changed) == (True, 0)


def test_it_is_stopped_and_ends_where_nobody_gets_it(house: House) -> None:
    # When it is stopped behind its first unit, then the rest is as it was, Bob hears of ten, and these can be undone.
    store, whose = house.world.store, house.whose
    number = house.ask(Belonging.CONTACT, to=house.bob)
    killed_at(11, house, number)
    with store.database.unit_of_work() as session:
        ask_to_stop(session, house.admin, number)
    hand_over_all(store, number)
    assert whose(Contact).count(house.bob) == 11
    assert [told for told, _ in house.bells(house.bob)] == ["Yours now, from Ann: 10 contacts"]
    house.undo(number)
    assert whose(Contact).count(house.ann) == 23

    # When who gets it leaves meanwhile, or who asked does not administer any more, then it ends and says so.
    number = house.ask(to=house.dan)
    deactivate(store, house.admin, house.dan)
    hand_over_all(store, number)
    assert house.row(number).stopped == doing.NO_RECEIVER
    number = house.ask(to=house.bob)
    with store.database.unit_of_work() as session:
        session.execute(update(User).where(User.id == house.cleo).values(role=Role.SELLER))
    hand_over_all(store, number)
    assert house.row(number).stopped == doing.NO_RIGHT
    assert whose(Contact).count(house.ann) == 23


def test_what_can_not_be_asked_for(house: House) -> None:
    before, bob = house.standing(), house.bob
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (Forbidden, {"to": bob, "viewer": Viewer(bob, Role.MANAGER)}),
        (UsageError, {}),
        (UsageError, {"to": house.ann}),
        (UsageError, {"to": 4_000}),
        (UsageError, {"team": Team(mailbox_id=house.world.sales.id)}),
        (NotFound, {"to": bob, "team": Team(department_id=4_000)}),
        (UsageError, {"to": bob, "team": Team()}),
    ]
    for failure, asked in cases:
        with pytest.raises(failure):
            house.ask(**asked)
    for person, what in ((4_000, frozenset(Belonging)), (house.ann, frozenset[Belonging]())):
        with pytest.raises((NotFound, UsageError)), house.world.store.database.unit_of_work() as session:
            ask_for_hand_over(session, house.admin, HandOver(person, what, bob))
    assert (house.standing(), house.world.all(BulkEdit)) == (before, [])
