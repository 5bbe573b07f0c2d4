"""A folder on a real server, step by step: new mail, history, flags, deletions; what goes wrong is in `test_folder_gaps.py`.

`synced` runs on a server with every extension and on one with none; `modern` only on the first.
"""

import asyncio
import os
import time
from hashlib import sha256
from types import SimpleNamespace

from core.clock import utcnow
from crm.intake import understanding
from integration.mailsync.by_hand import audit, by_hand
from mailsync import repository, transfer
from mailsync.imap.connection import ImapConnection
from mailsync.imap.session import Moved
from mailsync.mailbox_sync import MailboxSync, PassReport
from mailsync.repository.uids import count_places, remove_uids
from mailsync.transfer import FEW_FIRST
from parsers.message import parse_message
from storage.database import Database
from storage.models import FolderState


def test_history_and_new_mail_are_stored_once(synced) -> None:
    synced.deliver("one", "two", "three")
    assert synced.bring_up() == 3
    assert synced.bring_up() == 0
    synced.deliver("four")
    assert synced.bring_up() == 1
    assert synced.subjects() == ["one", "two", "three", "four"]
    assert synced.folder().state is FolderState.LIVE


def test_raw_bytes_are_what_the_server_holds(synced) -> None:
    synced.deliver("one")
    synced.bring_up()
    place = synced.place("one")
    with by_hand(synced) as client:
        raw = client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1]
    assert place.sha256 == sha256(raw).hexdigest()
    assert not place.seen, "our reading does not mark mail as read"


def test_history_comes_in_slices_and_new_mail_between_them(synced, monkeypatch) -> None:
    monkeypatch.setattr(transfer, "HISTORY_SLICE", 10)
    synced.deliver(*(f"old {number}" for number in range(30)))
    first = synced.pass_once()
    assert (first.stored, first.history_left) == (10, 20)
    assert synced.subjects() == [f"old {number}" for number in range(20, 30)], "the newest come first"
    synced.deliver("news")
    assert synced.pass_once().stored == 11
    assert "news" in synced.subjects()
    synced.bring_up()
    assert len(synced.subjects()) == 31


def test_a_slice_of_history_ends_when_its_time_is_over(synced, monkeypatch) -> None:
    monkeypatch.setattr(transfer, "HISTORY_SECONDS", 0)
    synced.deliver(*(f"old {number}" for number in range(10)))
    first = synced.pass_once(sync_batch_messages=4)
    assert (first.stored, first.history_left) == (4, 6)
    assert synced.subjects() == [f"old {number}" for number in range(6, 10)]
    second = synced.pass_once(sync_batch_messages=4)
    assert (second.stored, second.history_left) == (4, 2)
    assert synced.bring_up(sync_batch_messages=4) == 2
    assert synced.subjects() == [f"old {number}" for number in range(10)]


def test_batches_are_bounded_by_number_and_bytes(synced) -> None:
    synced.deliver(*(f"mail {number}" for number in range(25)))
    assert synced.bring_up(sync_batch_messages=4, sync_batch_bytes=1024) == 25


def test_large_batches_are_prepared_in_a_second_process(modern, monkeypatch) -> None:
    monkeypatch.setattr("core.second_process._cores", lambda: 2)
    second, deadline = modern.store.second_process, time.monotonic() + 20
    while second.run(os.getpid) == os.getpid():
        assert time.monotonic() < deadline, "it never came up"
        time.sleep(0.01)
    parsed_here = []
    monkeypatch.setattr(understanding, "parse_message", lambda raw, **_: parsed_here.append(raw) or parse_message(raw))
    modern.deliver(*(f"mail {number}" for number in range(FEW_FIRST + 120)))
    assert modern.bring_up(sync_batch_messages=60) == FEW_FIRST + 120
    assert len(parsed_here) == FEW_FIRST, "the first ones, which came alone"
    assert modern.subjects() == [f"mail {number}" for number in range(FEW_FIRST + 120)]
    assert not audit(modern).differs


def test_a_large_message_comes_in_pieces_and_whole(modern) -> None:
    raw = (
        b"From: ann@client.example\r\nSubject: large\r\nMessage-ID: <large@x>\r\n\r\n"
        + b"0123456789abcdef\r\n" * 200_000
    )
    modern.server.deliver(modern.user, raw)
    modern.bring_up(sync_batch_bytes=1024 * 1024)
    assert modern.place("large").sha256 == sha256(raw).hexdigest()


def test_beyond_the_limit_headers_and_the_beginning_are_kept(modern) -> None:
    raw = (
        b"From: ann@client.example\r\nSubject: huge\r\nMessage-ID: <huge@x>\r\n\r\n" + b"0123456789abcdef\r\n" * 200_000
    )
    modern.server.deliver(modern.user, raw)
    modern.bring_up(sync_batch_bytes=1024 * 1024, message_size_limit=2 * 1024 * 1024)
    assert modern.place("huge").size <= 256 * 1024


def test_flags_follow_the_server(synced) -> None:
    synced.deliver("one", "two")
    synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen \Flagged)")
    synced.bring_up()
    assert (synced.place("one").seen, synced.place("one").flagged) == (True, True)
    assert not synced.place("two").seen
    with by_hand(synced) as client:
        client.uid("STORE", "1", "-FLAGS", r"(\Seen)")
    synced.bring_up()
    assert not synced.place("one").seen


def test_what_is_deleted_on_the_server_leaves_the_folder(synced) -> None:
    synced.deliver("one", "two", "three")
    synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    synced.bring_up()
    assert synced.subjects() == ["one", "three"]


def test_a_deletion_that_moves_no_modseq_is_seen(synced) -> None:
    """Given a server whose HIGHESTMODSEQ does not move when mail is deleted (it need not, without QRESYNC)."""
    synced.deliver("one", "two", "three")
    synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    if synced.folder().highestmodseq is not None:
        with synced.store.database.unit_of_work() as session:
            repository.folder(session, synced.folder().id).highestmodseq = 2**40
    synced.bring_up()
    assert synced.subjects() == ["one", "three"]


def test_the_event_loop_never_waits_for_the_database(synced, monkeypatch) -> None:
    """Thousands of mailboxes share one loop: whoever reads or writes does it in a thread."""
    reading_before, turn_before, in_loop = Database.reading, Database._turn, []

    def reading(database):
        in_loop.append(_has_loop())
        return reading_before(database)

    def turn(database, urgency):
        in_loop.append(_has_loop())
        return turn_before(database, urgency)

    monkeypatch.setattr(Database, "reading", reading)
    monkeypatch.setattr(Database, "_turn", turn)
    synced.deliver("one", "two")
    mailbox = synced.mailbox()
    in_loop.clear()
    monkeypatch.setattr(synced, "mailbox", lambda: mailbox)
    synced.pass_once()
    with by_hand(synced) as client:
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    synced.pass_once()
    synced.pass_once()
    assert in_loop
    assert not any(in_loop)


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_the_audit_finds_and_repairs_what_differs(synced) -> None:
    synced.deliver("one", "two", "three")
    synced.bring_up()
    assert not audit(synced).differs
    with synced.store.database.unit_of_work() as session:
        remove_uids(session, synced.folder().id, [2])
    found = audit(synced)
    assert (found.server, found.stored, found.missing) == (3, 2, 1)
    audit(synced, repair=True)
    synced.bring_up()
    assert not audit(synced).differs
    assert synced.subjects() == ["one", "two", "three"]


def test_a_quiet_mailbox_costs_no_select(modern, monkeypatch) -> None:
    modern.deliver("one")
    modern.bring_up()
    modern.bring_up()
    selected = []
    real = ImapConnection.select

    async def select(self, folder: str, **options: object):
        selected.append(folder)
        return await real(self, folder, **options)

    monkeypatch.setattr(ImapConnection, "select", select)
    modern.bring_up()
    assert selected == []


def test_the_same_mail_in_two_folders_is_one_message_with_two_places(synced) -> None:
    synced.deliver("one")
    synced.deliver("one", folder="Archive")
    synced.bring_up()
    assert synced.subjects() == ["one", "one"]
    with synced.store.database.reading() as session:
        places = count_places(session, synced.folder("Archive").id)
    assert places == 1


def test_a_pass_vouches_only_for_what_was_there_when_it_began(modern, monkeypatch) -> None:
    """Whoever asks for a pass in the middle of one waits for the next: it may have been past the folder of their mail."""
    asked = []

    async def one_pass(_: MailboxSync) -> PassReport:
        asked.append(utcnow())
        return PassReport(0, 0)

    monkeypatch.setattr(MailboxSync, "one_pass", one_pass)
    unasked = SimpleNamespace(moved=Moved(), counted=Moved())
    sync = MailboxSync(modern.store, modern.settings, unasked, modern.mailbox(), lambda _: None, lambda _: None)
    asyncio.run(sync.bring_up_to_date())
    assert modern.mailbox().last_pass_at < asked[0]
