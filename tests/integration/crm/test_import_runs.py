"""The life of an import on both databases: who may, gone on with after a crash, undone, forgotten."""

import random
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import crm.records.importing.running as running
from core.clock import utcnow
from core.config import load_settings
from core.errors import Conflict, Forbidden, NotFound, NotYet, UsageError
from crm.access.viewer import Viewer
from crm.records.importing.forgetting import forget_in_job
from crm.records.importing.repository import runs
from crm.records.importing.repository.undoing import kept_contacts
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_run, ask_to_undo
from crm.records.repository import reading
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm_world import World
from imports import SYSTEM, any_rows, contacts, imported, made, snapshot, tried, undone, uploaded, view
from storage import outbox
from storage.jobs import FORGET_IMPORT, OfImport, enqueue
from storage.models import (
    ActivityKind,
    Contact,
    ImportRow,
    ImportRun,
    ImportState,
    Outbox,
    RecordType,
    Role,
)
from storage.running import JobRun
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
        assert [one.name for one in kept_contacts(session, run_id, 10)] == ["Gina", "Ann", "Bob"]
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
        with pytest.raises(NotFound):
            runs.run_view(session, Viewer(world.bob, Role.SELLER), run_id)
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

    original, calls = running.store_decisions, [0]

    def broken(*arguments: Any) -> None:
        original(*arguments)
        calls[0] += 1
        if calls[0] % 2:
            raise PowerCut

    monkeypatch.setattr(running, "store_decisions", broken)
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
