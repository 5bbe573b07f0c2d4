"""The life of an import on both databases: who may, gone on with after a crash, undone, forgotten."""

import random
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import crm.records.importing.running as running
import crm.records.importing.undoing as undoing
from core.clock import utcnow
from core.config import load_settings
from core.errors import Conflict, Forbidden, NotFound, NotYet, UsageError
from crm.access.repository import update_person
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices
from crm.records.importing.fields import BuiltIn
from crm.records.importing.forgetting import forget_in_job
from crm.records.importing.repository import runs
from crm.records.importing.repository.undoing import kept_records
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_for_trial, ask_to_run, ask_to_undo
from crm.records.importing.stopping import leave_in_job
from crm.records.importing.storing import Storing
from crm.records.importing.trying import try_run
from crm.records.importing.views import UndoCounts
from crm.records.repository import reading
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm_world import World
from imports import (
    SYSTEM,
    any_rows,
    choices_of,
    contacts,
    imported,
    made,
    snapshot,
    stopped,
    tried,
    undone,
    uploaded,
    view,
)
from integration.crm.merging.same_people import company, merged
from recycling_world import delete
from storage import jobs, outbox
from storage.jobs import FORGET_IMPORT, Job, OfImport, enqueue
from storage.models import (
    ActivityKind,
    Company,
    Contact,
    ImportRow,
    ImportRun,
    ImportState,
    Outbox,
    RecordType,
    Role,
)
from storage.outbox import Taken
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_undoing_keeps_what_somebody_changed_since_and_names_it(world: World) -> None:
    # given an import that made four contacts with a company and changed two
    made(world, "Gina", emails=["gina@x.example"])
    made(world, "Hugo", emails=["hugo@x.example"])
    run_id, _ = imported(
        world,
        "Name,E-mail,Position,Company,Source\n"
        + "".join(
            f"{name},{name.lower()}@x.example,CEO,{company},fair\n"
            for name, company in [("Ann", "A"), ("Bob", "B"), ("Carl", "C"), ("Dora", "D"), ("Gina", ""), ("Hugo", "")]
        ),
    )
    people = contacts(world)
    # when somebody changes one of each kind, a call stands on a third, and one got a mail address more
    with world.store.database.unit_of_work() as session:
        session.get_one(Contact, people["Ann"].id).position = "CTO"
        session.get_one(Contact, people["Gina"].id).position = "CFO"
        record = (RecordType.CONTACT, people["Bob"].id)
        add_entry(session, SYSTEM, NewEntry(ActivityKind.CALL, "Called", (record,)))
    done = undone(world, run_id)
    # then
    assert (done.undo.removed, done.undo.put_back, done.undo.kept) == (2, 1, 3)
    left = contacts(world)
    assert set(left) == {"Ann", "Bob", "Gina", "Hugo"}
    assert (left["Gina"].position, left["Gina"].source) == ("CFO", ""), "only what was changed since is kept"
    assert (left["Hugo"].position, left["Hugo"].source) == ("", "")
    with world.store.database.reading() as session:
        assert [one.name for one in kept_records(session, SYSTEM, run_id, 10)] == ["Gina", "Ann", "Bob"]
        companies = {company.name for company in reading.companies(session, SYSTEM)}
    assert companies == {"A", "B"}, "a company stays as long as somebody stands on it"


def test_what_is_not_possible_now_is_told(world: World) -> None:
    run_id = uploaded(world, "Name\nAnn\n")
    with pytest.raises(Conflict, match="nothing to undo"):
        undone(world, run_id)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    with pytest.raises(Conflict, match="at work"):
        undone(world, run_id)
    run_all(world.store, run_id)
    with pytest.raises(Conflict, match="imported already"), world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    with world.store.database.unit_of_work() as session:
        runs.run_for_change(session, run_id).ended_at = utcnow() - timedelta(days=31)
    with pytest.raises(Conflict, match="30 days"):
        undone(world, run_id)
    nobody = uploaded(world, "Age,Town\n3,Rome\n")
    with pytest.raises(UsageError, match="No column holds names"), world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, nobody)


def test_guests_import_nothing_and_sellers_are_responsible_for_whom_they_bring(world: World) -> None:
    ann, guest = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.GUEST)
    with pytest.raises(Forbidden):
        uploaded(world, "Name\nAnn\n", guest)
    assert world.all(ImportRun) == []
    run_id, _ = imported(world, "Name\nCarl\n", viewer=ann)
    (contact,) = contacts(world).values()
    assert contact.responsible is not None
    assert contact.responsible.id == world.ann
    # and only overseers see the imports of others
    with world.store.database.reading() as session:
        assert [one.id for one in runs.run_views(session, ann)] == [run_id]
        assert [one.id for one in runs.run_views(session, Viewer(world.bob, Role.MANAGER))] == [run_id]
        assert runs.run_views(session, Viewer(world.bob, Role.SELLER)) == []
        for ask in (
            runs.run_view,
            runs.errors,
            partial(runs.rows_after, number=0, limit=9),
            partial(kept_records, limit=9),
        ):
            with pytest.raises(NotFound):
                ask(session, Viewer(world.bob, Role.SELLER), run_id)
    with pytest.raises(NotFound), world.store.database.unit_of_work() as session:
        ask_to_undo(session, Viewer(world.bob, Role.SELLER), run_id)


def test_of_a_file_that_can_not_be_read_to_its_end_nothing_is_kept(world: World) -> None:
    text = "Name,E-mail\n" + "Ann,a@x.example\n" * 900 + '"Bob,b@x.example\n' + "x" * 200_000
    with pytest.raises(UsageError, match="quotation mark"):
        uploaded(world, text)
    assert world.all(ImportRun) == world.all(ImportRow) == []


def test_what_dies_in_any_unit_is_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each unit is broken off once at its end, as by a power cut, and once after its commit."""
    chance = random.Random(5)
    text = any_rows(chance, 90)
    run_id = uploaded(world, text)
    said = tried(world, run_id)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)

    class PowerCut(Exception):
        pass

    original, calls = Storing.store, [0]

    def broken(*arguments: Any) -> None:
        original(*arguments)
        calls[0] += 1
        if calls[0] % 2:
            raise PowerCut

    monkeypatch.setattr(Storing, "store", broken)
    cuts = 0
    while view(world, run_id).state is ImportState.RUNNING:
        try:
            process = running.Running(world.store, run_id, at_once=7)
            process.step()  # Then it dies.
        except PowerCut:
            cuts += 1
    assert cuts > 10
    assert view(world, run_id).counts == said
    assert len(snapshot(world)[0]) == said.new
    assert undone(world, run_id).undo.removed == said.new


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_many_who_run_the_same_import_at_once_double_nothing(world: World) -> None:
    run_id = uploaded(world, any_rows(random.Random(9), 400))
    said = tried(world, run_id)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    threads = [threading.Thread(target=run_all, args=(world.store, run_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert view(world, run_id).counts == said
    assert len(snapshot(world)[0]) == said.new


def test_what_an_import_is_at_can_be_stopped_and_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made(world, "Ann 0", emails=["ann0@x.example"])
    before = snapshot(world)
    text = "Name,E-mail,Position\n" + "".join(f"Ann {number},ann{number}@x.example,CEO\n" for number in range(90))
    run_id = uploaded(world, text)
    with pytest.raises(Conflict, match="nothing to stop"):
        stopped(world, run_id)
    # when a trial is stopped, it goes no further, and can be tried again
    with world.store.database.unit_of_work() as session:
        ask_for_trial(session, SYSTEM, run_id, choices_of(world, run_id))
    assert stopped(world, run_id).state is ImportState.READY
    try_run(world.store, run_id)
    assert view(world, run_id).trial is None
    assert tried(world, run_id).new == 89
    assert view(world, run_id).stopped == ""
    # and when a run is, what came by then is there and can be undone
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    running.Running(world.store, run_id, at_once=30).step()
    done = stopped(world, run_id)
    assert (done.state, done.counts.rows) == (ImportState.DONE, 30)
    assert "Not all rows were imported" in done.stopped
    assert "Go on with the rest, or undo what is in" in done.stopped
    assert done.unfinished
    assert run_all(world.store, run_id).counts.rows == 30
    assert len(contacts(world)) == 30
    # and when an undoing is, it goes on where it was
    with world.store.database.unit_of_work() as session:
        ask_to_undo(session, SYSTEM, run_id)
    monkeypatch.setattr(undoing, "AT_ONCE", 12)
    undoing.undo_some(world.store, run_id)
    assert stopped(world, run_id).state is ImportState.DONE
    assert len(contacts(world)) == 18
    assert undone(world, run_id).undo == UndoCounts(removed=29, put_back=1, kept=0)
    assert snapshot(world) == before


def test_what_was_given_up_leaves_a_state_from_which_people_go_on(world: World) -> None:
    for job, at, then in (
        (jobs.TRY_IMPORT, ImportState.TRYING, ImportState.READY),
        (jobs.RUN_IMPORT, ImportState.RUNNING, ImportState.DONE),
        (jobs.UNDO_IMPORT, ImportState.UNDOING, ImportState.DONE),
    ):
        run_id = uploaded(world, "Name\nAnn\n")
        with world.store.database.unit_of_work() as session:
            runs.run_for_change(session, run_id).state = at
        # when its job is given up, by whichever way
        with world.store.database.unit_of_work() as session:
            outbox.bury(session, taken(session, job, run_id), "it crashed")
        with world.store.database.unit_of_work() as session:
            left = taken(session, None, run_id)
        assert left.job is jobs.LEAVE_IMPORT
        leave_in_job(JobRun(world.store, load_settings(data_dir=Path("unused")), left))
        # then
        assert view(world, run_id).state is then
        assert "failed again and again" in view(world, run_id).stopped


def taken(session: WriteSession, job: Job[OfImport] | None, run_id: int) -> Taken:
    """A job in hand: a new one, or the one that was asked for last."""
    if job is not None:
        enqueue(session, job, OfImport(run_id))
    handed = outbox.hand_out(session, [jobs.RUN_IMPORT.queue], 64)
    in_hand = outbox.take(session, max(job_id for job_id, _ in handed))
    assert in_hand is not None
    return in_hand


def test_an_import_ends_with_the_rights_of_whoever_began_it(world: World) -> None:
    ann = Viewer(world.ann, Role.SELLER)
    run_id = uploaded(world, "Name\n" + "".join(f"Ann {number}\n" for number in range(60)), ann)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, ann, run_id)
    running.Running(world.store, run_id, at_once=10).step()
    for change in ({"role": Role.GUEST}, {"role": Role.SELLER, "active": False}):
        with world.store.database.unit_of_work() as session:
            update_person(session, world.ann, **change)
            runs.run_for_change(session, run_id).state = ImportState.RUNNING
        done = run_all(world.store, run_id)
        assert (done.state, done.dealt_with) == (ImportState.DONE, 10)
        assert "may not change records any more" in done.stopped
    # and nobody who is not here is made responsible
    another = uploaded(world, "Name\nAnn\n")
    for wrong in (world.ann, 999):
        with pytest.raises(UsageError, match="not here"), world.store.database.unit_of_work() as session:
            ask_for_trial(session, SYSTEM, another, Choices((BuiltIn.NAME,), responsible_id=wrong))
        with pytest.raises(UsageError, match="not here"), world.store.database.unit_of_work() as session:
            ask_to_run(session, SYSTEM, another, Choices((BuiltIn.NAME,), responsible_id=wrong))


def test_rows_are_forgotten_after_thirty_days_and_uploads_that_nobody_ran(world: World) -> None:
    ran, _ = imported(world, "Name\nAnn\n")
    never = uploaded(world, "Name\nBob\n")
    due = {row.args["run_id"]: row.due_at for row in world.all(Outbox) if row.job == FORGET_IMPORT.name}
    assert all(due[run_id] > utcnow() + timedelta(days=29) for run_id in (ran, never))

    with pytest.raises(NotYet):
        forget(world, ran)
    assert len(world.all(ImportRow)) == 2
    forget(world, never)
    assert [row.run_id for row in world.all(ImportRow)] == [row.id for row in world.all(ImportRun)] == [ran]

    with world.store.database.unit_of_work() as session:
        runs.run_for_change(session, ran).ended_at = utcnow() - timedelta(days=31)
    forget(world, ran)
    assert world.all(ImportRow) == []
    assert view(world, ran).state is ImportState.FORGOTTEN
    assert set(contacts(world)) == {"Ann"}


def forget(world: World, run_id: int) -> None:
    """Do the job as a worker does."""
    with world.store.database.unit_of_work() as session:
        enqueue(session, FORGET_IMPORT, OfImport(run_id))
    with world.store.database.unit_of_work() as session:
        handed = outbox.hand_out(session, [FORGET_IMPORT.queue], 64)
        taken = outbox.take(session, max(job_id for job_id, _ in handed))
    assert taken is not None
    forget_in_job(JobRun(world.store, load_settings(data_dir=Path("unused")), taken))


@pytest.mark.parametrize("gone", ["deleted", "merged"])
def test_a_company_that_goes_while_an_import_runs_gets_nobody(world: World, gone: str) -> None:
    # given an import that has put some to a company
    acme, other = company(world, "Acme", domain="acme.example"), company(world, "Bolt")
    text = "Name,E-mail,Company\n" + "".join(
        f"Ann {number},ann{number}@acme.example,{'Acme' if number % 2 else ''}\n" for number in range(20)
    )
    run_id = uploaded(world, text)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    process = running.Running(world.store, run_id, at_once=10)
    process.step()
    # when that goes
    if gone == "deleted":
        delete(world, acme)
    else:
        merged(world, other, acme)
    while process.step().state is ImportState.RUNNING:
        pass
    # then the rest are put to what it became, or to one that is there
    found = {name: contact.company for name, contact in contacts(world).items()}
    behind = [found[f"Ann {number}"] for number in range(10, 20)]
    if gone == "merged":
        assert {one.id for one in found.values() if one} == {other[1]}
        assert [one and one.id for one in behind] == [other[1]] * 10
    else:
        assert behind[0] is None, "the company was gone, and nobody had named it again"
        [made] = {one.id for one in behind[1:] if one}
        assert made not in (acme[1], other[1])
        assert [one and (one.id, one.name, one.deleted) for one in behind[1:]] == [(made, "Acme", False)] * 9


def test_what_was_merged_is_known_by_its_name_and_domain(world: World) -> None:
    acme = company(world, "Acme", domain="acme.example")
    merged(world, acme, company(world, "Acme PL", domain="acme-pl.example"))
    _, counts = imported(
        world,
        "Name,E-mail,Company\nAnn,ann@acme-pl.example,\nBob,bob@acme-pl.example,acme pl\nCarl,carl@acme-pl.example,Neu\n",
    )
    assert counts.companies == 1
    people = contacts(world)
    assert {people[name].company.id for name in ("Ann", "Bob")} == {acme[1]}
    assert [row.domain for row in world.all(Company) if row.name == "Neu"] == [None]
