"""A provider's day: what goes over IMAP is counted, older mail waits before it is used up, and goes on by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cli.calling import call
from cli.commands.sync import app as sync_app
from core.clock import utcnow
from core.config import load_settings
from core.crypto import load_key_ring
from core.errors import Transient
from crm.access.viewer import Viewer
from crm.intake.arrival import Arrival
from crm.outgoing.views import Composition, MailKind
from integration.mailsync.actions.hands import on_server, tell
from integration.mailsync.conftest import OURS, Synced, gmail_with, letter
from integration.mailsync.watched import until, watched
from mailsync import transfer
from mailsync.actions.drafting import save_draft
from mailsync.health.looking import mailbox_health
from mailsync.health.views import Allowance
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import Throttled
from mailsync.imap.session import Moved
from mailsync.presets import Limits
from mailsync.steering import ask_for_pass
from mailsync.traffic import repository
from mailsync.traffic.day import DAY, DayUsedUp, beginning
from storage.models import MailboxState, MailboxTraffic
from storage.store import open_store

KILOBYTE = 1000
SYSTEM = Viewer.system()


@pytest.fixture(params=["sqlite", "postgresql"])
def gmail(request, account, tmp_path):
    """A mailbox at Gmail, on each database."""
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    if request.param == "postgresql":
        keys = tmp_path / "keys.json"
        load_key_ring(keys, create=True)
        url = request.getfixturevalue("postgres_url")
        changes = {"database_url": url, "secret_keys_file": keys, "blob_dir": tmp_path / "blobs"}
        settings = load_settings(data_dir=tmp_path, allow_private_hosts=True, **changes)
    yield from gmail_with(account, settings)


@pytest.fixture
def allow(monkeypatch):
    """Set what the provider allows in a day, in bytes."""

    def set_limits(download: int | None, upload: int | None = None) -> None:
        limits = Limits(daily_bytes=download, daily_upload_bytes=upload)
        monkeypatch.setattr("mailsync.traffic.metering.limits_of", lambda _: limits)

    return set_limits


def large(subject: str) -> bytes:
    return letter(subject, text=f"{'x' * 70}\n" * 280)  # About 20 KB.


def deliver_large(account, count: int) -> None:
    for number in range(count):
        account.deliver(large(f"old {number:02}"), "\\Inbox")


def allowance(gmail: Synced) -> Allowance:
    with gmail.store.database.reading() as session:
        found = mailbox_health(session, SYSTEM, gmail.mailbox_id).allowance
    assert found is not None
    return found


def test_older_mail_waits_for_the_next_day_and_new_mail_does_not(gmail, account, allow) -> None:
    """Given more history than the day has room for, then a fifth of the day is left for what comes meanwhile."""
    allow(500 * KILOBYTE)
    deliver_large(account, 30)
    report = gmail.pass_once(sync_batch_messages=4)
    assert report.history_left
    assert report.history_from is not None
    assert 16 <= report.stored <= 24
    used = allowance(gmail).used
    assert 400 * KILOBYTE <= used < 475 * KILOBYTE
    assert allowance(gmail).history_from == report.history_from == beginning(utcnow()) + DAY

    again = gmail.pass_once(sync_batch_messages=4)
    assert again.stored == 0
    assert again.history_left
    assert allowance(gmail).used - used < 5 * KILOBYTE, "waiting itself costs next to nothing"

    account.deliver(letter("fresh"), "\\Inbox")
    account.messages[-2].flags.add("\\Seen")
    account.changed(account.messages[-2])
    account.delete_for_ever(account.messages[-3])
    assert gmail.pass_once().stored == 1
    assert "fresh" in gmail.subjects("INBOX")
    assert gmail.place_in("old 29", "INBOX").seen, "what is here is kept in step meanwhile"
    assert "old 28" not in gmail.subjects("INBOX")

    with time_machine.travel(report.history_from + timedelta(minutes=1)):
        assert gmail.bring_up(sync_batch_messages=4)
        assert len(gmail.subjects("INBOX")) == 30
        assert gmail.pass_once().history_left == 0
        assert allowance(gmail).history_from is None


def test_the_count_outlives_the_process_and_goes_with_its_hours(gmail, account, allow) -> None:
    allow(500 * KILOBYTE)
    deliver_large(account, 30)
    gmail.pass_once(sync_batch_messages=4)
    used = allowance(gmail).used
    reopened = open_store(gmail.settings)
    gmail = replace(gmail, store=reopened)
    assert allowance(gmail).used == used
    assert gmail.pass_once().stored == 0

    with time_machine.travel(utcnow() + DAY):
        gmail.pass_once(sync_batch_messages=4)
        with gmail.store.database.reading() as session:
            assert len(session.execute(select(MailboxTraffic.id)).all()) == 1
    reopened.close()


def test_bytes_are_counted_once_also_where_storing_them_failed_at_first(gmail, account, allow, monkeypatch) -> None:
    """Given a unit of work that fails, then what moved is counted with the next one."""
    allow(1000 * KILOBYTE)
    account.deliver(large("one"), "\\Inbox")
    add, failures = repository.add, []

    def failing_once(*args: object) -> None:
        add(*args)
        if not failures:
            failures.append(args)
            raise RuntimeError

    monkeypatch.setattr(repository, "add", failing_once)
    with pytest.raises(RuntimeError):
        gmail.pass_once()
    gmail.pass_once()
    sent = 20 * KILOBYTE
    assert sent < allowance(gmail).used < 2 * sent


@pytest.mark.parametrize("trouble", ["the server", "the store"])
async def test_all_that_the_connections_of_a_watched_mailbox_moved_is_counted(
    gmail, account, allow, monkeypatch, trouble
) -> None:
    """Given a batch that is lost on its way, then it is counted both times that it came; the live connection is counted too."""
    allow(1000 * KILOBYTE)
    deliver_large(account, 5)
    moved, failures = count_at_close(monkeypatch), []
    fetch, add = transfer.fetch_batch, repository.add

    async def throttled_once(*args: object) -> list[Arrival]:
        came = await fetch(*args)
        if trouble == "the server" and not failures:
            failures.append(trouble)
            raise Throttled
        return came

    def full(*args: object) -> None:
        """As a disk is that has no room until the connection has ended, too."""
        if trouble == "the store" and len(failures) < 2:
            failures.append(trouble)
            raise Transient("There is no room on the disk.")
        add(*args)

    monkeypatch.setattr(transfer, "fetch_batch", throttled_once)
    monkeypatch.setattr(repository, "add", full)
    async with watched(gmail.store, gmail.settings, gmail.mailbox_id) as (watch, _):
        await until(lambda: gmail.mailbox().state in (MailboxState.THROTTLED, MailboxState.UNREACHABLE))
        watch.nudged.set()
        await until(lambda: gmail.mailbox().state is MailboxState.LIVE)
        await until(lambda: "IDLE" in account.lines)  # The live connection follows the first pass.
    assert failures
    assert len(gmail.subjects("INBOX")) == 5
    assert len(moved) == 3, "one that failed, a working one and a live one"
    assert counted(gmail) == sum(moved, start=Moved())


def test_what_sync_once_moved_is_counted_where_it_failed(modern, allow, monkeypatch) -> None:
    monkeypatch.setenv("MAILSYNC_DATA_DIR", str(modern.settings.data_dir))
    monkeypatch.setenv("MAILSYNC_ALLOW_PRIVATE_HOSTS", "true")
    allow(1000 * KILOBYTE)
    modern.deliver("one")
    moved, fetch = count_at_close(monkeypatch), transfer.fetch_batch

    async def throttled(*args: object) -> list[Arrival]:
        await fetch(*args)
        raise Throttled

    monkeypatch.setattr(transfer, "fetch_batch", throttled)
    assert call(sync_app, "mailsync sync", ("--once", OURS)) == 1
    assert modern.mailbox().state is MailboxState.THROTTLED
    assert counted(modern) == sum(moved, start=Moved())


def counted(gmail: Synced) -> Moved:
    found = allowance(gmail)
    return Moved(found.used, found.uploaded)


def count_at_close(monkeypatch) -> list[Moved]:
    """What each connection has moved when it is closed."""
    moved, close = [], ImapConnection.close

    async def noted(connection: ImapConnection) -> None:
        await close(connection)
        moved.append(connection.moved)

    monkeypatch.setattr(ImapConnection, "close", noted)
    return moved


def test_not_even_new_mail_is_fetched_when_nearly_all_is_used(gmail, account, allow) -> None:
    """The person's own mail programs are locked out by the provider otherwise."""
    allow(1000 * KILOBYTE)
    gmail.pass_once()
    with gmail.store.database.unit_of_work() as session:
        repository.add(session, gmail.mailbox_id, 900 * KILOBYTE, 0)
    deliver_large(account, 10)
    with pytest.raises(DayUsedUp) as caught:
        gmail.pass_once(sync_batch_messages=1)
    assert 1 <= len(gmail.subjects("INBOX")) <= 4, "what had room is stored"
    assert 24 * 3600 < caught.value.retry_after <= 25 * 3600
    lines = len(account.lines)
    with pytest.raises(DayUsedUp):
        gmail.pass_once()
    assert not any("LIST" in line for line in account.lines[lines:]), "the server is not asked"
    with time_machine.travel(utcnow() + DAY):
        gmail.bring_up()
        assert len(gmail.subjects("INBOX")) == 10


async def test_the_providers_word_counts_more_than_ours(gmail, account, allow) -> None:
    """Another program has used the day up: older mail waits for another day, or until a person has it tried again."""
    allow(1000 * KILOBYTE)
    account.deliver(letter("old"), "\\Inbox")
    account.refusal = "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)"
    async with watched(gmail.store, gmail.settings, gmail.mailbox_id):
        await until(lambda: gmail.mailbox().state is MailboxState.THROTTLED)
    account.refusal = ""
    report = await gmail.one_pass()
    assert (report.stored, report.history_left) == (0, 1)
    assert report.history_from == allowance(gmail).history_from == beginning(utcnow()) + DAY
    account.deliver(letter("new"), "\\Inbox")
    assert (await gmail.one_pass()).stored == 1, "the provider is asked for what is new"
    ask_for_pass(gmail.store, SYSTEM, gmail.mailbox_id)
    assert (await gmail.one_pass()).history_left == 0
    assert sorted(gmail.subjects("INBOX")) == ["new", "old"]


def test_a_draft_waits_where_the_day_has_no_room_for_it(modern, allow) -> None:
    """What is appended is bounded too; the draft is safe here meanwhile, and no try is lost."""
    allow(None, 100 * KILOBYTE)
    modern.bring_up()
    with modern.store.database.unit_of_work() as session:
        repository.add(session, modern.mailbox_id, 0, 94 * KILOBYTE)
    save_draft(modern.store, SYSTEM, Composition(MailKind.NEW, modern.mailbox_id, (), "Draft", "Text " * 200))
    with time_machine.travel(utcnow() + timedelta(seconds=5)):
        tell(modern)
    assert "Drafts" not in on_server(modern)
    assert modern.subjects("Drafts") == ["Draft"]
    with time_machine.travel(utcnow() + DAY):
        tell(modern)
    assert list(on_server(modern)["Drafts"]) == ["Draft"]


def test_processes_that_count_at_the_same_moment_lose_nothing(gmail, allow) -> None:
    """A pass, an audit and a copy in Sent each have a connection, and an hour may be new to all of them."""
    allow(1000 * KILOBYTE)

    def count(_: int) -> None:
        with gmail.store.database.unit_of_work() as session:
            repository.add(session, gmail.mailbox_id, 1000, 10)

    for _ in range(3):
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(count, range(6)))
        assert allowance(gmail).used == 6000
        with gmail.store.database.unit_of_work() as session:
            repository.forget(session, gmail.mailbox_id)
        assert allowance(gmail).used == 0


def test_where_nothing_is_known_of_a_bound_nothing_is_counted(gmail, account) -> None:
    account.deliver(letter("one"), "\\Inbox")
    gmail.bring_up()
    with gmail.store.database.reading() as session:
        assert session.execute(select(MailboxTraffic.id)).all() == []
        assert mailbox_health(session, SYSTEM, gmail.mailbox_id).allowance is None
    assert gmail.mailbox().state is not MailboxState.THROTTLED
