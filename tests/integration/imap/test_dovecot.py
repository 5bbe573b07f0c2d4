"""The client against a server that somebody else wrote, with every extension and with none."""

import hashlib
from datetime import UTC, datetime

import pytest
import uvloop

from integration.imap.dovecot_mailbox import MAIL, at, mails, opened
from mailsync.imap.connection import connect
from mailsync.imap.errors import (
    AuthenticationFailed,
    FolderExists,
    MailboxFull,
    NoSuchFolder,
    NotOffered,
    TlsFailure,
    Unsendable,
)
from mailsync.imap.quoting import quote
from mailsync.imap.selected import Known
from mailsync.imap.server import ImapServer, Password, Security
from mailsync.imap.uidset import UidSet
from servers.dovecot import Dovecot

BROKEN = [
    b"",
    b"\r\n",
    b"no header at all\r\n",
    b"Subject: 8bit \xff\xfe\r\n\r\n\x80\x81\x00 NUL\r\n",
    b"Subject: ends without a line break\r\n\r\nA1 OK {5}",
    b"Subject: literal look-alikes\r\n\r\n* 1 FETCH (UID 9)\r\n)\r\n* BYE\r\n+ go\r\n{100}\r\n",
    b"Subject: long\r\n\r\n" + b"x" * 300_000 + b"\r\n",
]


# --- getting in


@pytest.mark.parametrize("security", list(Security))
async def test_all_three_securities(dovecot, security):
    user = dovecot.new_user()
    async with opened(dovecot, user, security) as connection:
        assert connection.enabled >= {"QRESYNC"}
        assert (await connection.select("INBOX")).exists == 0
        assert (await connection.id())["name"] == "Dovecot"

    with pytest.raises(AuthenticationFailed):
        await connect(at(dovecot, security), Password(user, "wrong"))


def test_all_of_it_runs_on_uvloop_too(dovecot):
    """uvicorn brings uvloop, and in one process every role runs on it."""
    user = dovecot.new_user()
    dovecot.fill(user, mails(3))

    async def session(security: Security) -> int:
        async with opened(dovecot, user, security) as connection:
            await connection.select("INBOX")
            async with connection.idle(0.05) as events:
                assert [event async for event in events] == []
            return len(await connection.fetch_bodies(UidSet.since(1)))

    for security in Security:
        assert uvloop.run(session(security)) == 3


async def test_starttls_does_not_trust_strangers(dovecot):
    stranger = ImapServer(dovecot.host, dovecot.port, Security.STARTTLS)
    with pytest.raises(TlsFailure):
        await connect(stranger, Password(dovecot.new_user(), dovecot.password))


# --- folders


async def test_folders_with_special_uses_and_names_of_the_world(any_dovecot):
    names = ["Entwürfe & Co", "台北/日本語", 'with "quotes" and \\', "Sent Items (old)", "☺"]
    async with opened(any_dovecot, any_dovecot.new_user()) as connection:
        for name in names:
            await connection.create(name)
        with pytest.raises(FolderExists):
            await connection.create(names[0])
        listed = {folder.name: folder for folder in await connection.list_folders()}
        assert set(names) <= listed.keys()
        assert listed["INBOX"].delimiter == "/"
        if connection.has("SPECIAL-USE"):
            assert (listed["Sent"].special_use, listed["Trash"].special_use) == ("\\Sent", "\\Trash")
        for name in names:
            assert listed[name].selectable
            assert (await connection.select(name)).exists == 0
        with pytest.raises(NoSuchFolder):
            await connection.select("Nowhere")
        with pytest.raises(NoSuchFolder):
            await connection.status("Nowhere")
        assert connection.usable


async def test_status_from_outside_one_by_one_and_all_at_once(any_dovecot):
    user = any_dovecot.new_user()
    any_dovecot.fill(user, mails(3))
    any_dovecot.deliver(user, MAIL % (4, 4, 4))
    async with opened(any_dovecot, user) as connection:
        status = await connection.status("INBOX")
        assert (status.messages, status.uidnext, status.unseen) == (4, 5, 1)
        assert (status.highestmodseq is not None) == connection.has("CONDSTORE")
        statuses = await connection.statuses(["INBOX", "Sent", "Nowhere"])
        assert statuses["INBOX"] == status
        assert statuses["Sent"].messages == 0
        assert "Nowhere" not in statuses
        selected = await connection.select("INBOX", read_only=False)
        assert (selected.uidvalidity, selected.uidnext, selected.exists) == (status.uidvalidity, 5, 4)
        assert "\\Seen" in selected.permanent_flags
        assert not selected.read_only


# --- reading


async def test_bodies_are_the_bytes_that_were_delivered_and_stay_unread(any_dovecot):
    user = any_dovecot.new_user()
    for number, raw in enumerate(BROKEN):
        any_dovecot.deliver(user, raw, at=1_700_000_000 + number)
    async with opened(any_dovecot, user) as connection:
        await connection.select("INBOX", read_only=False)
        fetched = await connection.fetch_bodies(UidSet.since(1))

        # Dovecot sends lines as CRLF; everything else must be what was delivered.
        bodies = [one.body for one in sorted(fetched, key=lambda one: one.internal_date or datetime.now(UTC))]
        assert [hashlib.sha256(body or b"").hexdigest() for body in bodies] == [
            hashlib.sha256(raw.replace(b"\0", b"\x80")).hexdigest() for raw in BROKEN
        ]
        assert all(one.size == len(one.body or b"") for one in fetched)
        assert fetched[0].internal_date == datetime.fromtimestamp(1_700_000_000, UTC)
        assert (fetched[0].modseq is not None) == connection.has("CONDSTORE")

        assert await connection.uid_search("UNSEEN") == await connection.uid_search()
        assert all("\\Seen" not in (one.flags or ()) for one in await connection.fetch_flags(UidSet.since(1)))


async def test_large_messages_are_measured_first_and_read_in_pieces(dovecot):
    user = dovecot.new_user()
    large = b"Subject: large\r\n\r\n" + b"0123456789abcde\n".replace(b"\n", b"\r\n") * 300_000
    dovecot.deliver(user, large)
    async with opened(dovecot, user, Security.TLS) as connection:
        await connection.select("INBOX")
        assert await connection.fetch_sizes([1, 2]) == {1: len(large)}
        pieces = [await connection.fetch_chunk(1, offset, 1_000_000) for offset in range(0, len(large), 1_000_000)]
        assert b"".join(piece or b"" for piece in pieces) == large
        assert await connection.fetch_chunk(1, len(large), 10) == b""
        assert await connection.fetch_chunk(2, 0, 10) is None
        (whole,) = await connection.fetch_bodies([1])
        assert whole.body == large
        (header,) = await connection.fetch_headers([1])
        assert header.body == b"Subject: large\r\n\r\n"


async def test_thousands_of_scattered_uids_go_in_several_commands(any_dovecot):
    user = any_dovecot.new_user()
    any_dovecot.fill(user, mails(30))
    scattered = [*range(2, 29, 3), *range(1_000, 400_000, 100)]
    async with opened(any_dovecot, user) as connection:
        await connection.select("INBOX")
        assert [one.uid for one in await connection.fetch_summaries(scattered)] == list(range(2, 29, 3))
        assert await connection.existing(scattered) == list(range(2, 29, 3))
        assert await connection.uid_search(f"HEADER Message-ID {quote('<7@example.test>')}") == [7]
        assert await connection.uid_search("UID 31:40") == []
        assert await connection.fetch_bodies([77]) == []
        with pytest.raises(Unsendable):
            await connection.uid_search("SUBJECT é")


async def test_what_changed_and_what_vanished_since(dovecot, plain_dovecot):
    user = dovecot.new_user()
    dovecot.fill(user, mails(6))
    async with opened(dovecot, user) as reader, opened(dovecot, user) as other:
        before = await reader.select("INBOX")
        await other.select("INBOX", read_only=False)
        await other.store_flags([2], add=["\\Flagged", "$Important"])
        await other.store_flags([4, 5], add=["\\Deleted"])
        await other.expunge([4, 5])

        changes = await reader.fetch_changes(before.highestmodseq)
        assert [(one.uid, one.flags) for one in changes.flags if one.flags & {"\\Flagged"}] == [
            (2, {"\\Seen", "\\Flagged", "$Important"})
        ]
        assert list(changes.vanished) == [4, 5]
        assert [one.uid for one in await reader.fetch_flags([1, 2, 3], changed_since=before.highestmodseq)] == [2]

        known = Known(before.uidvalidity, before.highestmodseq, UidSet.of([1, 2, 3, 4, 5, 6]))
        again = await reader.select("INBOX", known=known)
        assert list(again.vanished) == [4, 5]
        assert [one.uid for one in again.changed] == [2]
        assert again.highestmodseq > before.highestmodseq

    async with opened(plain_dovecot, plain_dovecot.new_user()) as plain:
        assert (await plain.select("INBOX")).exists == 0
        with pytest.raises(NotOffered):
            await plain.fetch_changes(1)
        with pytest.raises(NotOffered):
            await plain.select("INBOX", known=Known(1, 1))


# --- writing


async def test_flags_are_written_unless_somebody_was_faster(dovecot):
    user = dovecot.new_user()
    dovecot.fill(user, mails(3))
    async with opened(dovecot, user) as ours, opened(dovecot, user) as other:
        await ours.select("INBOX", read_only=False)
        await other.select("INBOX", read_only=False)
        start = (await ours.fetch_flags([1]))[0].modseq
        highest = max(one.modseq for one in await ours.fetch_flags([1, 2, 3]))
        await other.store_flags([2], add=["\\Answered"])

        lost = await ours.store_flags([1, 2, 3], add=["\\Flagged"], remove=["\\Seen"], unchanged_since=highest)

        assert start is not None
        assert list(lost) == [2]
        flags = {one.uid: one.flags for one in await ours.fetch_flags([1, 2, 3])}
        assert flags == {1: {"\\Flagged"}, 2: {"\\Seen", "\\Answered"}, 3: {"\\Flagged"}}
        with pytest.raises(Unsendable):
            await ours.store_flags([1], add=["two words"])


async def test_copy_move_and_expunge_with_and_without_help(any_dovecot):
    user = any_dovecot.new_user()
    any_dovecot.fill(user, mails(5))
    async with opened(any_dovecot, user) as connection:
        await connection.select("INBOX", read_only=False)
        copied = await connection.copy([1, 3], "Archive")
        moved = await connection.move([2], "Trash")
        with pytest.raises(NoSuchFolder):
            await connection.move([3], "Nowhere")

        if connection.has("UIDPLUS"):
            assert copied.uids == {1: 1, 3: 2}
            assert moved.uids == {2: 1}
            assert await connection.uid_search() == [1, 3, 4, 5]
            await connection.store_flags([4, 5], add=["\\Deleted"])
            await connection.expunge([4])
            assert await connection.uid_search() == [1, 3, 5]
        else:
            assert await connection.uid_search("DELETED") == [2]
            with pytest.raises(NotOffered):
                await connection.expunge([2])
        assert (await connection.status("Archive")).messages == 2
        assert (await connection.status("Trash")).messages == 1


async def test_an_appended_message_is_where_the_server_says(any_dovecot):
    raw = BROKEN[5] + b"\xe9\r\n"
    date = datetime(2025, 3, 9, 23, 30, tzinfo=UTC)
    async with opened(any_dovecot, any_dovecot.new_user()) as connection:
        appended = await connection.append("Sent", raw, ["\\Seen"], date)
        selected = await connection.select("Sent")
        if connection.has("UIDPLUS"):
            assert (appended.uidvalidity, appended.uid) == (selected.uidvalidity, 1)
        (found,) = await connection.fetch_bodies([1])
        assert (found.body, found.internal_date) == (raw, date)
        assert "\\Seen" in found.flags
        with pytest.raises(NoSuchFolder):
            await connection.append("Nowhere", raw)
        assert connection.usable


async def test_a_full_mailbox_is_called_full():
    with Dovecot(quota_kilobytes=10) as server:
        async with opened(server, server.new_user()) as connection:
            with pytest.raises(MailboxFull):
                await connection.append("Sent", b"Subject: x\r\n\r\n" + b"x" * 20_000)
