"""Phones of records are numbers of the company's country, on both databases; the country may change without harm."""

from pathlib import Path

import pytest

from core.config import load_settings
from crm.access.viewer import Viewer
from crm.office.settings import Office, change_office, office_for_change
from crm.records import renumbering
from crm.records.already_known import AlreadyKnown, require_unknown
from crm.records.contacts import create_contact
from crm.records.fields.editing import edit_record
from crm.records.renumbering import renumber_in_job, renumbered
from crm.records.repository.reading import contacts
from crm.records.repository.renumbering import phones_after
from crm.records.repository.writing import channels_of
from crm.records.views import RecordFilter
from plans import plans_of
from storage import outbox
from storage.jobs import OfPhones
from storage.models import Queue, RecordType
from storage.running import JobRun
from storage.store import Store

SYSTEM = Viewer.system()


def choose(store: Store, country: str, *, anew: bool = False) -> None:
    with store.database.unit_of_work() as session:
        now = office_for_change(session, SYSTEM)
        change_office(session, SYSTEM, Office(phone_country=country), before=now, phones_anew=anew)


def contact(store: Store, name: str, *phones: str) -> int:
    with store.database.unit_of_work() as session:
        return create_contact(session, name, phones=phones)


def keys(store: Store, contact_id: int) -> list[str]:
    with store.database.reading() as session:
        return [one["key"] for one in channels_of(session, RecordType.CONTACT, contact_id)]


def found(store: Store, words: str) -> list[str]:
    with store.database.reading() as session:
        return [one.name for one in contacts(session, SYSTEM, RecordFilter(words=words))]


def renumber(store: Store) -> int:
    """Do all that was asked for; how many jobs there were."""
    with store.database.unit_of_work() as session:
        handed = outbox.hand_out(session, [Queue.BULK], 64)
        begun = [taken for job_id, _ in handed if (taken := outbox.take(session, job_id))]
    for taken in begun:
        renumber_in_job(JobRun(store, load_settings(data_dir=Path("unused")), taken))
    return len(begun)


def test_a_number_is_the_companys_countrys_and_stays_that(store: Store) -> None:
    # given numbers that were noted before there was a country: short ones, of which nine digits tell too little
    old = contact(store, "Old Berliner", "030 123456", "+49 30 123456", "call me: 7")
    assert keys(store, old) == ["030123456", "+4930123456", "7"]
    other = contact(store, "Old Hamburger", "040 765432")
    # when Germany is chosen
    choose(store, "DE")
    assert renumber(store) == 1
    # then they have it, one number once, and what is no number stays
    assert keys(store, old) == ["+4930123456", "7"]
    assert keys(store, other) == ["+4940765432"]
    # and are found, and known, however they are written
    for words in ("040 765432", "+49 40 765432", "0049 40 765432", "40 76 54 32", "765432"):
        assert found(store, words) == ["Old Hamburger"], words
    for phone in ("(040) 76 54 32", "+49 40 765432"):
        with pytest.raises(AlreadyKnown, match="Old Hamburger"), store.database.reading() as session:
            require_unknown(session, SYSTEM, phones=[phone])
    new = contact(store, "New", "040/11 22 33")
    assert keys(store, new) == ["+4940112233"]

    # when the company moves to Poland
    choose(store, "PL")
    assert renumber(store) == 1
    # then what was noted is German still, also where the record is edited, and what is new is Polish
    assert keys(store, other) == ["+4940765432"]
    with store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, (RecordType.CONTACT, other), {"phones": ["600 100 200", "040 765432"]})
    assert keys(store, other) == ["+48600100200", "+4940765432"]
    assert found(store, "+49 40 765432") == found(store, "600100200") == ["Old Hamburger"]
    with store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, (RecordType.CONTACT, other), {"phones": ["600 100 200"]})
    assert (keys(store, other), found(store, "040 765432")) == (["+48600100200"], [])

    # when nothing else of the office changes, nothing is asked for; the same when there is no country
    choose(store, "PL")
    choose(store, "")
    assert renumber(store) == 0
    # and when the country was wrong, all that has no code of its own is read anew
    choose(store, "FR", anew=True)
    assert renumber(store) == 1
    assert keys(store, other) == ["+33600100200"]
    assert keys(store, old) == ["+4930123456", "7"], "as it is written"


def test_a_job_of_a_country_that_is_none_any_more_does_nothing(store: Store) -> None:
    person = contact(store, "Ann", "600 100 200")
    choose(store, "DE")
    choose(store, "PL")
    assert renumber(store) == 2
    assert keys(store, person) == ["+48600100200"]


def test_large_lists_are_walked_through_once_and_a_country_chosen_meanwhile_ends_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given phones of more than one unit, among addresses and numbers that have a code already
    monkeypatch.setattr(renumbering, "AT_ONCE", 2)
    monkeypatch.setattr(renumbering, "WALKED_AT_ONCE", 3)
    with store.database.unit_of_work() as session:
        for number in range(4):
            create_contact(session, "Full", emails=[f"{number}@x.example"], phones=[f"+49 30 {number}00"])
        ids = [create_contact(session, "Short", phones=[f"030 {number}00"]) for number in range(5)]
    # then a unit reads the next few rows by their ids, and sorts nothing
    if store.database.embedded:
        plan = plans_of(store, lambda session: phones_after(session, 0, with_code=False, limit=2, walked=3))
        assert "SEARCH channel USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan
        assert "TEMP B-TREE" not in plan
    # when another country is chosen between two units, then the rest is left to its own job
    choose(store, "DE")
    units = renumbered(store, OfPhones("DE"))
    assert [next(units) for _ in range(4)] == [0, 0, 1, 2]
    choose(store, "PL")
    assert list(units) == []
    assert renumber(store) == 2
    assert [keys(store, one)[0][:3] for one in ids] == ["+49"] * 3 + ["+48"] * 2
