"""A change to Simple beside other processes, on both databases: nobody is doubled, nothing is forgotten."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from core.errors import Transient
from crm.intake.repository.context import load_context
from crm.records import lead_runs
from crm.records.lead_runs import go_on
from crm.records.leads import create_lead
from crm.records.repository import conversion
from crm.records.repository.conversion import active_leads
from crm.records.repository.lead_runs import last_change_of_mode
from crm_world import World, mail
from integration.crm.modes.changes import change, write_in
from lock_waits import until_somebody_waits
from storage.models import Contact, Deal, Lead, RecordType

T = TypeVar("T")


def test_mail_that_comes_meanwhile_finds_the_deal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given two processes that convert and a third that takes in answers and strangers, then nobody is doubled or forgotten."""
    monkeypatch.setattr(lead_runs, "AT_ONCE", 3)
    people = 30
    first = write_in(world, people)
    begun = change(world)
    assert begun is not None
    start = threading.Barrier(3)
    answers: list[int] = []

    def convert() -> None:
        start.wait(20)
        patiently(partial(go_on, world.store, begun.number))

    def answer() -> None:
        start.wait(20)
        for n in reversed(range(people)):
            again = mail(f"p{n}@client{n}.example", world.sales.email, f"Re: Offer {n}", message_id=f"b{n}")
            answers.append(patiently(partial(world.deliver, again)))
            new = mail(f"n{n}@other{n}.example", world.sales.email, f"New {n}", message_id=f"n{n}")
            patiently(partial(world.deliver, new))

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(work) for work in (convert, convert, answer)]:
            future.result(120)

    with world.store.database.reading() as session:
        assert active_leads(session).leads == 0
        switch = last_change_of_mode(session)
    assert switch is not None
    assert switch.done == len(world.all(Lead)) == people
    assert len(world.all(Contact)) == len(world.all(Deal)) == 2 * people
    owners = {world.bindings(message_id)[0] for message_id in first}
    assert {kind for kind, _ in owners} == {RecordType.DEAL}
    assert {world.bindings(message_id)[0] for message_id in answers} == owners


def patiently(work: Callable[[], T]) -> T:
    """Again where another was chosen to go first, as a job and a pass do."""
    for _ in range(20):
        try:
            return work()
        except Transient:
            continue
    raise AssertionError("It never got its turn.")


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("thread", ["the same", "another"])
def test_mail_of_a_lead_that_is_being_converted_waits_for_its_deal(
    world: World, monkeypatch: pytest.MonkeyPatch, thread: str
) -> None:
    """Given a conversion that has looked at what stands on the lead, then mail that comes now is not left on the lead."""
    [first] = write_in(world, 1)
    begun = change(world)
    assert begun is not None
    looked, may_end = threading.Event(), threading.Event()
    real = conversion.follow_too

    def linger(*args: Any) -> None:
        real(*args)
        looked.set()
        assert may_end.wait(20)

    monkeypatch.setattr(conversion, "follow_too", linger)
    references = ["a0"] if thread == "the same" else []
    subject = "Re: Offer 0" if thread == "the same" else "Something else"
    raw = mail("p0@client0.example", world.sales.email, subject, message_id="b0", references=references)
    with ThreadPoolExecutor(2) as pool:
        converting = pool.submit(go_on, world.store, begun.number)
        assert looked.wait(20)
        storing = pool.submit(world.deliver, raw)
        until_somebody_waits(world.store)
        assert not storing.done()
        may_end.set()
        converting.result(20)
        message_id = storing.result(20)

    assert world.bindings(message_id)[0] == world.bindings(first)[0]
    assert len(world.all(Deal)) == len(world.all(Contact)) == 1


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_batch_of_mail_holds_the_mode_that_it_goes_by(world: World) -> None:
    """Given a batch that has read the mode, then a change waits for its end, and no lead is made after it."""
    begun, may_end = threading.Event(), threading.Event()

    def batch() -> None:
        with world.store.database.unit_of_work() as session:
            assert load_context(session, world.sales.id, world.store.keys).mode.is_classic
            begun.set()
            assert may_end.wait(20)
            create_lead(session, "Late", emails=["late@client.example"])

    with ThreadPoolExecutor(2) as pool:
        late = pool.submit(batch)
        assert begun.wait(20)
        changed = pool.submit(change, world)
        until_somebody_waits(world.store)
        assert not changed.done()
        may_end.set()
        late.result(20)
        switch = changed.result(20)
    assert switch is not None
    assert switch.total == 1
    go_on(world.store, switch.number)
    with world.store.database.reading() as session:
        assert session.execute(select(func.count()).select_from(Deal)).scalar_one() == 1
