"""What people choose after a mailbox was connected: how far back, which folders, who works in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.clock import utcnow
from core.errors import Forbidden, UsageError
from crm.access.people import NewPerson, add_person
from crm.access.viewer import Viewer
from integration.mailsync.actions.hands import do, tell
from mailsync import repository
from mailsync.actions.asking import Wish
from mailsync.choices import repository as choices
from mailsync.choices.changing import Choices, change_mailbox
from mailsync.choices.depth import Depth, read_depth
from mailsync.health.looking import mailbox_health
from mailsync.imap.connection import ImapConnection
from storage.models import Mailbox, MailboxAlias, Place, Role

SYSTEM = Viewer.system()


def change(synced, **choices) -> None:
    change_mailbox(synced.store, SYSTEM, synced.mailbox_id, Choices(**choices))


def days_ago(days: int) -> float:
    return (datetime.now(UTC) - timedelta(days=days)).timestamp()


def test_going_further_back_loads_what_is_missing_and_nothing_twice(synced, monkeypatch) -> None:
    for days in (400, 200, 60, 3):
        synced.deliver(f"from {days} days ago", at=days_ago(days))
    change(synced, depth=Depth(utcnow() - timedelta(days=30)))
    synced.bring_up()
    assert synced.subjects() == ["from 3 days ago"]

    fetched: list[int] = []
    bodies = ImapConnection.fetch_bodies

    async def counted(connection, uids):
        fetched.extend(uids)
        return await bodies(connection, uids)

    monkeypatch.setattr(ImapConnection, "fetch_bodies", counted)
    change(synced, depth=Depth(utcnow() - timedelta(days=90)))
    synced.bring_up()
    assert set(synced.subjects()) == {"from 60 days ago", "from 3 days ago"}
    change(synced, depth=Depth(None))
    synced.bring_up()
    assert len(synced.subjects()) == 4
    assert len(fetched) == len(set(fetched)) == 3

    change(synced, depth=Depth(utcnow() - timedelta(days=7)))
    synced.bring_up()
    assert len(synced.subjects()) == 4, "less depth keeps what is here"
    assert not any(place.is_new for place in _places(synced)[:1]), "old mail is no news"


def test_mail_that_was_deleted_here_does_not_come_back_with_older_mail(synced) -> None:
    """Given a deletion that the server is still to be told, when history is loaded further back, then it stays deleted."""
    synced.deliver("old", at=days_ago(200))
    synced.deliver("deleted", at=days_ago(3))
    synced.deliver("kept", at=days_ago(2))
    change(synced, depth=Depth(utcnow() - timedelta(days=30)))
    synced.bring_up()
    do(synced, Wish.DELETE, "deleted")

    change(synced, depth=Depth(None))
    synced.bring_up()

    assert synced.subjects("INBOX") == ["old", "kept"]
    tell(synced)
    synced.bring_up()
    assert (synced.subjects("INBOX"), synced.subjects("Trash")) == (["old", "kept"], ["deleted"])


def _places(synced) -> list[Place]:
    with synced.store.database.reading() as session:
        return list(session.execute(select(Place).order_by(Place.internal_date)).scalars())


def test_a_depth_that_changes_in_the_midst_of_loading_is_followed(synced, monkeypatch) -> None:
    monkeypatch.setattr("mailsync.transfer.HISTORY_SLICE", 1)
    for days in (400, 60, 20, 3):
        synced.deliver(f"from {days} days ago", at=days_ago(days))
    change(synced, depth=Depth(utcnow() - timedelta(days=90)))
    synced.pass_once()
    change(synced, depth=Depth(utcnow() - timedelta(days=10)))
    synced.pass_once()
    change(synced, depth=Depth(None))
    synced.bring_up()

    assert len(synced.subjects()) == 4


def test_a_folder_that_is_left_out_keeps_its_mail_and_gets_no_more(synced) -> None:
    synced.deliver("one", folder="Projects")
    synced.deliver("two")
    synced.bring_up()
    inbox, projects = synced.folder().id, synced.folder("Projects").id

    change(synced, folders=[inbox])
    synced.deliver("three", folder="Projects")
    synced.bring_up()
    assert synced.subjects("Projects") == ["one"]

    change(synced, folders=[inbox, projects])
    synced.bring_up()
    assert synced.subjects("Projects") == ["one", "three"]
    with pytest.raises(UsageError, match="one folder"):
        change(synced, folders=[])


def test_progress_is_told_folder_by_folder(modern, monkeypatch) -> None:
    monkeypatch.setattr("mailsync.transfer.HISTORY_SLICE", 2)
    modern.deliver(*(f"mail {number}" for number in range(6)))
    modern.deliver("waits", folder="Later")

    def health():
        with modern.store.database.reading() as session:
            return mailbox_health(session, SYSTEM, modern.mailbox_id)

    assert health().progress.total == 0
    modern.pass_once()
    found = health()
    inbox = next(one for one in found.folders if one.name == "INBOX")
    assert (inbox.stored, inbox.expected, inbox.loaded, inbox.to_come) == (2, 6, False, 4)
    assert (found.progress.stored, found.progress.total, found.progress.exact) == (3, 7, True)
    modern.bring_up()
    found = health()
    assert found.progress.left == 0
    assert not found.loading


def test_names_addresses_and_people(modern) -> None:
    with modern.store.database.reading() as session:
        row = repository.mailbox(session, modern.mailbox_id)
    change(modern, name="  Sales   team ", aliases=["hello@ourhouse.example", " "], poll_minutes=15)
    row = modern.mailbox()
    assert (row.name, row.poll_minutes) == ("Sales team", 15)
    with modern.store.database.reading() as session:
        assert list(session.execute(select(MailboxAlias.key)).scalars()) == ["hello@ourhouse.example"]

    with pytest.raises(UsageError, match="is its own"):
        change(modern, name="never", aliases=[row.email])
    assert modern.mailbox().name == "Sales team", "all or nothing"
    with pytest.raises(UsageError, match="Only a shared mailbox"):
        change(modern, members=[1])
    with pytest.raises(UsageError, match="minutes"):
        change(modern, poll_minutes=2)
    with pytest.raises(Forbidden):
        change_mailbox(modern.store, Viewer(99, Role.SELLER), modern.mailbox_id, Choices(name="mine"))


def test_whose_address_an_alias_is_decides_who_may_choose_it(modern) -> None:
    """Mail of an alias counts as ours: nobody takes a colleague's, or a customer's, for their own mailbox."""

    def person(name: str) -> int:
        return add_person(modern.store, SYSTEM, NewPerson(f"{name}@people.example", name, Role.SELLER))

    def choose(viewer: Viewer, *aliases: str) -> list[str]:
        change_mailbox(modern.store, viewer, modern.mailbox_id, Choices(aliases=aliases))
        with modern.store.database.reading() as session:
            return choices.aliases(session, modern.mailbox_id)

    ann = Viewer(person("ann"), Role.SELLER)
    person("bob")
    with modern.store.database.unit_of_work() as session:
        session.get_one(Mailbox, modern.mailbox_id).owner_id = ann.user_id

    ours = ["a@ourhouse.example", "ann@people.example", "A.Berg@People.example"]
    assert choose(ann, *ours) == ours
    with pytest.raises(UsageError, match="a colleague's"):
        choose(ann, "BOB@people.example")
    with pytest.raises(Forbidden, match="ask one"):
        choose(ann, "buyer@client.example")

    given = ["bob@people.example", "buyer@client.example"]
    assert choose(SYSTEM, *given) == given
    assert choose(ann, *given, "a@ourhouse.example") == [*given, "a@ourhouse.example"], "what was there may stay"


@pytest.mark.parametrize("words", ["30 days", "YEAR", "everything", "2026-01-31"])
def test_how_people_say_how_far_back(words: str) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    since = read_depth(words, now).since
    assert since is None or since < now


@pytest.mark.parametrize("words", ["2027-01-01", "long ago", "", "0001-01-01T00:00+14:00", "9999-12-31T23:00-14:00"])
def test_what_is_no_depth_is_told(words: str) -> None:
    with pytest.raises(UsageError):
        read_depth(words, datetime(2026, 6, 1, tzinfo=UTC))


def test_a_day_begins_where_the_person_is() -> None:
    now, madrid = datetime(2026, 6, 1, tzinfo=UTC), ZoneInfo("Europe/Madrid")
    assert read_depth("2026-01-31", now, madrid).since == datetime(2026, 1, 30, 23, tzinfo=UTC)
    assert read_depth("2026-01-31", now).since == datetime(2026, 1, 31, tzinfo=UTC)
    with pytest.raises(UsageError):
        read_depth("0001-01-01", now, ZoneInfo("Asia/Tokyo"))
