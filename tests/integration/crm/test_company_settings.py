"""Two administrators change the company's settings at once, on both databases: neither loses what the other said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from sqlalchemy import event

from core.addresses import AddressList
from core.errors import Forbidden, UsageError
from crm.access.viewer import Viewer
from crm.office.address_lists import Changes, change_lists, read_changes
from crm.office.calendar import Holiday
from crm.office.settings import Office, add_holiday, change_hours, change_office, read_office, remove_holiday
from storage.models import Role
from storage.sessions import WriteSession
from storage.store import Store

SYSTEM = Viewer.system()
CHRISTMAS, EASTER, MAY = (Holiday(date(2027, *day)) for day in ((12, 25), (3, 28), (5, 1)))
LONG_ENOUGH = 0.3
"""Seconds in which whoever need not wait is through."""


def at_once(store: Store, first, second) -> None:
    """`first` is done and not committed yet when `second` begins."""
    begun, done = Event(), Event()

    def one() -> None:
        with store.database.unit_of_work() as session:
            first(session)
            begun.set()
            done.wait(LONG_ENOUGH)

    def other() -> None:
        begun.wait(10)
        with store.database.unit_of_work() as session:
            second(session)
        done.set()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(one), pool.submit(other)]:
            each.result(timeout=20)


def office(store: Store) -> Office:
    with store.database.reading() as session:
        return read_office(session)


def added(holiday: Holiday):
    return lambda session: add_holiday(session, SYSTEM, holiday)


def test_what_two_say_at_once_is_kept_from_the_first_time_on(store: Store) -> None:
    at_once(store, added(CHRISTMAS), added(EASTER))
    assert office(store).holidays == (EASTER, CHRISTMAS), "nothing was chosen before, so there was no row to hold"

    def hours(session: WriteSession) -> None:
        now = Office()
        change_hours(session, SYSTEM, time_zone="Europe/Warsaw", week=now.week, phone_country="PL")

    at_once(store, hours, added(MAY))
    now = office(store)
    assert (now.time_zone, now.phone_country, now.holidays) == ("Europe/Warsaw", "PL", (EASTER, MAY, CHRISTMAS))
    asked: list[str] = []
    event.listen(store.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    at_once(store, lambda session: remove_holiday(session, SYSTEM, EASTER.day), hours)
    assert office(store).holidays == (MAY, CHRISTMAS)
    held = [each for each in asked if "INTO setting" in each and "DO NOTHING" in each]
    assert len(held) == 2, "each holds the row once, and changes what it read then"

    both = {AddressList.ROLES: "orders", AddressList.NO_REPLY: "robot"}
    at_once(
        store,
        *(
            lambda session, which=which, name=name: change_lists(session, SYSTEM, {which: Changes((name,), ())})
            for which, name in both.items()
        ),
    )
    with store.database.reading() as session:
        found = read_changes(session, SYSTEM)
    assert {which: found[which].added for which in both} == {which: (name,) for which, name in both.items()}


def test_what_can_not_be_changes_nothing(store: Store) -> None:
    seller = Viewer(1, Role.SELLER)
    for act in (
        lambda session: add_holiday(session, seller, MAY),
        lambda session: remove_holiday(session, seller, MAY.day),
        lambda session: change_hours(session, seller, time_zone="UTC", week=Office().week, phone_country=""),
        lambda session: change_office(session, seller, Office(), before=Office()),
    ):
        with pytest.raises(Forbidden), store.database.unit_of_work() as session:
            act(session)
    for zone in ("", "Mars/Base", "../etc/passwd"):
        with pytest.raises(UsageError), store.database.unit_of_work() as session:
            change_hours(session, SYSTEM, time_zone=zone, week=Office().week, phone_country="")
    assert office(store) == Office()
