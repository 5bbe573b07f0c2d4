"""Whatever happens on a server, and wherever a pass is cut off: in the end the store holds what the server holds.

Hypothesis makes up the histories. The usual run takes less than a minute; `TEST_HISTORIES=500` tries as many.
"""

import asyncio
import imaplib
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import MailsyncError, Transient
from integration.mailsync.by_hand import Backup, renumber
from integration.mailsync.conftest import Synced, letter
from mailsync import folder_sync
from mailsync.account import open_connection
from mailsync.imap.connection import ImapConnection
from mailsync.mailbox_sync import MailboxSync
from storage.models import Folder, FolderGap, Message, Place

EXAMPLES = int(os.environ.get("TEST_HISTORIES", "8"))
SECONDS = 25.0 if EXAMPLES <= 50 else float("inf")
"""For each of the two servers; what is left of the examples then is skipped."""
FOLDERS = ("INBOX", "Archive", "Projects", "Roof")
FLAGS = ("\\Seen", "\\Flagged", "\\Answered")

folders = st.sampled_from(FOLDERS)
numbers = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("append"), folders, st.sampled_from(["a", "b", "c", "twice"])),
    st.tuples(st.just("flag"), folders, numbers, st.sampled_from(FLAGS)),
    st.tuples(st.just("move"), folders, numbers, folders),
    st.tuples(st.just("expunge"), folders, numbers),
    st.tuples(st.just("rename"), st.sampled_from(FOLDERS[2:]), st.sampled_from(FOLDERS[2:])),
    st.tuples(st.just("delete"), st.sampled_from(FOLDERS[2:])),
    st.tuples(st.just("renumber"), folders),
    st.tuples(st.just("back_up")),
    st.tuples(st.just("restore")),
    st.tuples(st.just("turn_back"), folders, st.integers(1, 3), st.integers(1, 4)),
    st.tuples(st.just("look")),
    st.tuples(st.just("die_in_the_store"), st.integers(1, 12)),
    st.tuples(st.just("die_on_the_line"), st.integers(1, 30)),
)


def test_the_store_ends_as_the_server_is(fresh: Callable[[], Synced]) -> None:
    end = time.monotonic() + SECONDS

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(steps, min_size=3, max_size=25))
    def play(story: list[tuple[Any, ...]]) -> None:
        if time.monotonic() < end:
            History(fresh()).play(story)

    play()


class History:
    """One mailbox, and what happens to it."""

    def __init__(self, synced: Synced) -> None:
        self.synced = synced
        self.backup: Backup | None = None
        self.count = 0
        self.restored = False

    def play(self, story: list[tuple[Any, ...]]) -> None:
        for name, *arguments in story:
            getattr(self, name)(*arguments)
        with pytest.MonkeyPatch.context() as patch:
            if self.restored:  # Every number may be what it was before: then nothing tells until the folder is opened.
                patch.setattr(folder_sync, "_is_unmoved", lambda *_: False)
            self.end_waits()
            self.synced.bring_up()
            self.synced.bring_up()
        assert self.stored() == self.on_the_server(), story

    def end_waits(self) -> None:
        """A line that died again and again at the same message lets that one wait; now its time has come."""
        with self.synced.store.database.unit_of_work() as session:
            session.execute(update(FolderGap).values(retry_at=utcnow()))

    # --- what happens on the server

    def append(self, folder: str, subject: str) -> None:
        self.count += 1
        text = subject if subject == "twice" else f"{subject} {self.count}"
        self.synced.server.deliver(self.synced.user, letter(text), folder, flags="", at=1_790_000_000 + self.count)

    def flag(self, folder: str, number: int, flag: str) -> None:
        self.on_one(folder, number, lambda client, uid: client.uid("STORE", uid, "+FLAGS", f"({flag})"))

    def move(self, folder: str, number: int, target: str) -> None:
        def act(client: imaplib.IMAP4, uid: str) -> None:
            client.uid("COPY", uid, target)
            client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            client.expunge()

        if folder != target:
            self.on_one(folder, number, act)

    def expunge(self, folder: str, number: int) -> None:
        def act(client: imaplib.IMAP4, uid: str) -> None:
            client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            client.expunge()

        self.on_one(folder, number, act)

    def rename(self, folder: str, target: str) -> None:
        with self.client() as client:
            client.rename(folder, target)

    def delete(self, folder: str) -> None:
        with self.client() as client:
            client.delete(folder)

    def renumber(self, folder: str) -> None:
        renumber(self.synced, folder)

    def back_up(self) -> None:
        self.synced.server.maildir(self.synced.user)
        self.backup = Backup(self.synced)

    def restore(self) -> None:
        if self.backup is not None:
            self.backup.restore()
            self.restored = True

    def turn_back(self, folder: str, lost: int, new: int) -> None:
        """What came after a backup was seen by us, and is lost with it; others get its UIDs."""
        self.back_up()
        for _ in range(lost):
            self.append(folder, "lost")
        self.look()
        self.restore()
        for _ in range(new):
            self.append(folder, "new")

    # --- what we do

    def look(self) -> None:
        self.synced.pass_once()

    def die_in_the_store(self, after: int) -> None:
        """The lease is lost in the middle of a pass."""
        left = iter(range(after))

        def fence(_: object) -> None:
            if next(left, None) is None:
                raise Transient("The lease is lost.")

        self.pass_that_may_die(fence)

    def die_on_the_line(self, after: int) -> None:
        """The connection breaks at some command."""
        left, real = iter(range(after)), ImapConnection.run

        async def run(connection: ImapConnection, *arguments: Any, **named: Any):
            if next(left, None) is None:
                connection.discard()
            return await real(connection, *arguments, **named)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ImapConnection, "run", run)
            self.pass_that_may_die(lambda _: None)

    def pass_that_may_die(self, fence: Any) -> None:
        async def one_pass() -> None:
            synced = self.synced
            connection = await open_connection(synced.store, synced.settings, synced.mailbox())
            try:
                await MailboxSync(
                    synced.store, synced.settings, connection, synced.mailbox(), fence, lambda _: None
                ).one_pass()
            finally:
                await connection.close()

        with suppress(MailsyncError):
            asyncio.run(one_pass())

    # --- how it stands

    def stored(self) -> dict[str, dict[int, tuple[str, frozenset[str]]]]:
        statement = (
            select(Folder.name, Place, Message.message_id)
            .join(Place, Place.folder_id == Folder.id)
            .join(Message, Message.id == Place.message_id)
        )
        found: dict[str, dict[int, tuple[str, frozenset[str]]]] = {}
        with self.synced.store.database.reading() as session:
            for name, place, message_id in session.execute(statement):
                flags = frozenset(flag for flag in FLAGS if getattr(place, flag[1:].lower()))
                found.setdefault(name, {})[place.uid] = (f"<{message_id}>", flags)
        return found

    def on_the_server(self) -> dict[str, dict[int, tuple[str, frozenset[str]]]]:
        found: dict[str, dict[int, tuple[str, frozenset[str]]]] = {}
        with self.client() as client:
            for folder in (*FOLDERS, "Sent", "Drafts", "Junk", "Trash"):
                if client.select(folder, readonly=True)[0] != "OK":
                    continue
                rows = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
                for row in rows:
                    if isinstance(row, tuple):
                        uid, flags, message_id = _read(row)
                        found.setdefault(folder, {})[uid] = (message_id, flags)
        return found

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self.synced.server.host, self.synced.server.port)
        client.login(self.synced.user, self.synced.server.password)
        return client

    def on_one(self, folder: str, number: int, act: Any) -> None:
        """Do something to one message, if the folder has any."""
        with self.client() as client:
            if client.select(folder)[0] != "OK":
                return
            uids = client.uid("SEARCH", "ALL")[1][0].split()
            if uids:
                act(client, uids[number % len(uids)].decode())
            client.close()


def _read(row: tuple[bytes, bytes]) -> tuple[int, frozenset[str], str]:
    """One FETCH as imaplib gives it: the text up to the literal, and the literal."""
    text = row[0].decode()
    uid, flags = re.search(r"UID (\d+)", text), re.search(r"FLAGS \(([^)]*)\)", text)
    assert uid is not None
    assert flags is not None
    return int(uid[1]), frozenset(flags[1].split()) & frozenset(FLAGS), row[1].decode().partition(":")[2].strip()
