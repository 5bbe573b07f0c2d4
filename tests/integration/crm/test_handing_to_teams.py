"""Converted leads handed to departments and queues, in turn or to the least busy, on both databases: who gets them, who hears."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, delete, event

from core.errors import Conflict, MailsyncError, NotFound, UsageError
from crm.access.roles.keeping import NewDepartment, remove_department, save_department
from crm.access.viewer import Viewer
from crm.office.absences import Away, add_absence
from crm.records import lead_runs, on_behalf
from crm.records.conversions import convert_lead
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm.records.outcomes import Conversion
from crm.records.repository import lead_runs as rows
from crm.records.repository.lead_runs import Choices
from crm.records.repository.teams import teams
from crm.records.teams import NO_DEPARTMENT, HeldTeam, Team
from crm_world import World
from lock_waits import until_somebody_waits
from storage.models import Audit, Contact, Deal, Lead, LeadAct, LeadState, Notification, QueueMethod, Role, User
from storage.store import Store

SYSTEM = Viewer.system()
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    world.carl = world.add_user("carl@ours.example", "Carl")
    world.guest = world.add_user("guest@ours.example", "Guest")
    world.left = world.add_user("left@ours.example", "Left")
    with store.database.unit_of_work() as session:
        session.get_one(User, world.guest).role = Role.GUEST
        world.sellers = save_department(
            session, SYSTEM, NewDepartment("Sellers", people=[world.ann, world.guest, world.left])
        )
        new = NewDepartment("Sellers of the north", parent_id=world.sellers, people=[world.bob, world.carl])
        world.north = save_department(session, SYSTEM, new)
        world.empty = save_department(session, SYSTEM, NewDepartment("Nobody's"))
        session.get_one(User, world.left).active = False
    return world


def do(world, act, *args, **options):
    with world.store.database.unit_of_work() as session:
        return act(session, *args, **options)


def leads(world: World, number: int) -> list[int]:
    return [do(world, create_lead, f"Lead {n}", name=f"N {n}") for n in range(number)]


def handed(world: World, team: Team, number: int = 1) -> list[int | None]:
    how = Conversion(team=team)
    return [do(world, convert_lead, lead_id, how).responsible_id for lead_id in leads(world, number)]


def bells(world: World) -> list[tuple[int, str]]:
    return sorted((each.user_id, each.title) for each in world.all(Notification))


@time_machine.travel(MONDAY, tick=False)
def test_each_of_a_department_or_a_queue_in_turn_and_who_gets_it_hears(world: World) -> None:
    """Given departments with people who left or only read, then those who work get clients, each in turn, and a bell each."""
    with world.store.database.reading() as session:
        known = [(each.name, each.people) for each in teams(session, SYSTEM)]
    assert known == [("Sellers", 3), ("Sellers of the north", 2)], "with those below, without who left or only reads"

    assert handed(world, Team(department_id=world.sellers), 4) == [world.ann, world.bob, world.carl, world.ann]
    assert {each.responsible_id for each in world.all(Contact)} == {world.ann, world.bob, world.carl}
    assert [each.responsible_id for each in world.all(Deal)] == [each.responsible_id for each in world.all(Lead)]
    assert Counter(user_id for user_id, _ in bells(world)) == {world.ann: 2, world.bob: 1, world.carl: 1}
    assert bells(world)[0][1] == "A lead was handed to you: Lead 0"

    # Its own turns, and the least busy of them: Carl has one open deal, Bob one, and five more of other clients.
    for _ in range(5):
        do(world, create_deal, "Cups", responsible_id=world.bob)
    least = Team(department_id=world.north, method=QueueMethod.LEAST_BUSY)
    assert handed(world, least, 3) == [world.carl] * 3

    # Who is away is passed over; who comes back first gets what nobody is there for.
    day = MONDAY.date()
    do(world, add_absence, SYSTEM, world.carl, Away(day, day + timedelta(days=2)))
    assert handed(world, least, 2) == [world.bob] * 2
    do(world, add_absence, SYSTEM, world.bob, Away(day, day))
    assert handed(world, least) == [world.bob]

    # A queue goes on behind what mail gave out, by its own hours; without anybody it is the owner's.
    world.change(world.sales, queue=[world.bob, world.carl], queue_at_work=False)
    assert handed(world, Team(mailbox_id=world.sales.id), 3) == [world.bob, world.carl, world.bob]
    world.change(world.sales, queue=[world.left])
    assert handed(world, Team(mailbox_id=world.sales.id)) == [world.ann]


def test_what_is_no_team_is_said_and_the_lead_stays(world: World) -> None:
    world.change(world.sales, queue=[world.bob])
    bob, [lead] = Viewer(world.bob, Role.SELLER), leads(world, 1)
    for team, kind, said in (
        (Team(), UsageError, "choose one of them"),
        (Team(department_id=world.sellers, mailbox_id=world.sales.id), UsageError, "choose one of them"),
        (Team(department_id=world.empty), NotFound, "nobody in that department"),
        (Team(department_id=404), NotFound, "nobody in that department"),
        (Team(mailbox_id=404), NotFound, "no such queue"),
        (Team(mailbox_id=world.sales.id), NotFound, "no such queue"),  # Ann's own: nobody else knows of it.
    ):
        with pytest.raises(kind, match=said):
            do(world, on_behalf.convert, bob, lead, Conversion(team=team))
        with pytest.raises(kind, match=said):
            do(world, lead_runs.begin, bob, LeadAct.CONVERT, [lead], Choices(team=team))
    both = {"responsible_id": world.bob, "team": Team(department_id=world.sellers)}
    with pytest.raises(UsageError, match="not to both"):
        do(world, on_behalf.convert, bob, lead, Conversion(**both))
    with pytest.raises(UsageError, match="not to both"):
        do(world, lead_runs.begin, bob, LeadAct.CONVERT, [lead], Choices(**both))
    with time_machine.travel(MONDAY, tick=False):
        for user_id in (world.bob, world.carl):
            do(world, add_absence, SYSTEM, user_id, Away(MONDAY.date(), MONDAY.date() + timedelta(days=400)))
        with pytest.raises(Conflict, match="within a year"):
            do(world, convert_lead, lead, Conversion(team=Team(department_id=world.north)))
    assert [(each.state, each.responsible_id) for each in world.all(Lead)] == [(LeadState.ACTIVE, None)]
    assert (world.all(Deal), bells(world)) == ([], [])
    assert do(
        world, on_behalf.convert, Viewer(world.ann, Role.SELLER), lead, Conversion(team=Team(None, world.sales.id))
    )


@time_machine.travel(MONDAY, tick=False)
def test_many_are_shared_out_with_one_bell_each(world: World) -> None:
    """Given a run over three units, then its turns go on from one to the next, who can not be converted takes none, and each
    person hears once how many are theirs."""
    chosen = leads(world, 20)
    do(world, convert_lead, chosen[1], Conversion(Client.CONTACT, deal=False))
    do(world, lambda session: setattr(session.get_one(Lead, chosen[9]), "title", " "))  # Its deal has no name.
    bob = Viewer(world.bob, Role.SELLER)
    choices = Choices(Client.CONTACT, team=Team(department_id=world.sellers))
    number = do(world, lead_runs.begin, bob, LeadAct.CONVERT, chosen, choices)
    lead_runs.do_some(world.store, number)
    assert bells(world) == [], "not before the last"
    done = lead_runs.go_on(world.store, number)

    assert done is not None
    assert (done.done, len(done.left)) == (18, 2)
    people = [world.ann, world.bob, world.carl]
    got = [each.responsible_id for each in world.all(Lead) if each.responsible_id]
    assert got == [*people] * 6
    told = "6 leads were handed to you, by a conversion of many"
    assert bells(world) == [(world.ann, told), (world.carl, told)], "who asked for it knows"

    # Stopped after the first unit: whoever was handed some of these eight hears of those, once, and who stopped it is noted.
    do(world, lambda session: session.execute(delete(Notification)))
    number = do(world, lead_runs.begin, bob, LeadAct.CONVERT, leads(world, 9), choices)
    lead_runs.do_some(world.store, number)
    do(world, lead_runs.stop, bob, number)
    lead_runs.go_on(world.store, number)
    assert bells(world) == [(world.ann, told.replace("6", "3")), (world.carl, told.replace("6", "2"))]
    [stopped] = [each for each in world.all(Audit) if each.action == "leads.stop_many"]
    assert (stopped.user_id, stopped.detail) == (world.bob, {"number": number})

    # A team that was removed meanwhile: each lead is named with that reason. One for a person alone.
    more = leads(world, 2)
    number = do(world, lead_runs.begin, bob, LeadAct.CONVERT, more, choices)
    do(world, remove_department, SYSTEM, world.north)
    do(world, remove_department, SYSTEM, world.sellers)
    done = lead_runs.go_on(world.store, number)
    assert done is not None
    assert [each.why for each in done.left] == [NO_DEPARTMENT] * 2
    who_leaves = Choices(Client.COMPANY, deal=False, responsible_id=world.bob)
    number = do(world, lead_runs.begin, SYSTEM, LeadAct.CONVERT, more, who_leaves)
    do(world, lambda session: setattr(session.get_one(User, world.bob), "active", False))
    assert len(lead_runs.go_on(world.store, number).left) == 2, "nobody gets what they can not look after"
    do(world, lambda session: setattr(session.get_one(User, world.bob), "active", True))
    for_carl = Choices(Client.COMPANY, deal=False, responsible_id=world.carl)
    number = do(world, lead_runs.begin, bob, LeadAct.CONVERT, more[:1], for_carl)
    lead_runs.go_on(world.store, number)
    one = [each for each in world.all(Notification) if each.user_id == world.carl][-1]
    assert (one.title, one.link) == ("A lead was handed to you, by a conversion of many", "/companies?mine=true")
    with world.store.database.reading() as session:
        assert rows.run(session, bob, number).choices.responsible_id == world.carl


def test_a_turn_reads_the_people_of_its_own_team_once(world: World) -> None:
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, given: Any, ___: Any, ____: bool) -> None:
        asked.append(f"{statement} {given}")

    event.listen(Engine, "after_cursor_execute", note)
    try:
        do(world, lambda session: HeldTeam(session, Team(department_id=world.north)).next())
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    of_members = [each for each in asked if "SELECT department_member.department_id" in each]
    assert len(of_members) == 1
    assert "WHERE department_member.department_id" in of_members[0]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_conversions_at_once_take_turns(world: World) -> None:
    """Given one conversion that has had its turn and another that asks for one, then that waits, and is the next one's."""
    lead, *rest = leads(world, 33)
    team = Team(department_id=world.north)
    do(world, lambda session: HeldTeam(session, team))  # The row is there: inserting it makes nobody wait.
    has_turn, got = threading.Event(), []

    def convert_one() -> None:
        has_turn.wait(20)
        got.append(do(world, convert_lead, lead, Conversion(team=team)).responsible_id)

    thread = threading.Thread(target=convert_one)
    thread.start()
    with world.store.database.unit_of_work() as session:
        held = HeldTeam(session, team)
        mine = held.next()
        has_turn.set()
        until_somebody_waits(world.store)
        held.write()
    thread.join(20)
    assert [mine, *got] == [world.bob, world.carl]

    # A run of many, and two people who convert some of the same leads by hand meanwhile: whoever comes second is told so,
    # nobody waits for somebody who waits for them, and all get as many.
    number = do(world, lead_runs.begin, SYSTEM, LeadAct.CONVERT, rest, Choices(team=team))
    failed: list[str] = []

    def by_hand(lead_ids: list[int]) -> None:
        for lead_id in lead_ids:
            try:
                do(world, convert_lead, lead_id, Conversion(team=team))
            except MailsyncError as error:
                failed.append(str(error))

    threads = [
        threading.Thread(target=lead_runs.go_on, args=(world.store, number)),
        *(threading.Thread(target=by_hand, args=(rest[n::2][::-1],)) for n in range(2)),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert set(failed) <= {"Only an active lead can be converted."}
    assert Counter(each.responsible_id for each in world.all(Lead)) == {world.bob: 16, world.carl: 17}
