"""What the server will not do is put back, with the reason on the message; what a mailbox lacks is made."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import select

from core.clock import utcnow
from crm.access.viewer import Viewer
from integration.mailsync.actions.hands import do, in_store, on_server, outcomes, take_back, tell
from integration.mailsync.watched import until
from mailsync.actions.asking import Wish
from mailsync.actions.reasons import UNKNOWN
from mailsync.actions.repository.notes import notes_on
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused, NotPermitted
from storage.models import Folder, FolderRole, Mailbox, Message
from workers.sync import SyncRole


@contextmanager
def read_only(synced, folder: str = "INBOX") -> Iterator[None]:
    """A folder that this user may look at and not change, as colleagues' shared ones often are."""
    maildir = synced.server.maildir(synced.user, folder)
    changed = [maildir, *(maildir / sub for sub in ("cur", "new", "tmp"))]
    for path in changed:
        path.chmod(0o555)
    yield
    for path in changed:
        path.chmod(0o755)


def test_a_folder_that_may_only_be_read(synced) -> None:
    synced.deliver("one", "two", flags="S")
    synced.bring_up()
    before = in_store(synced)
    do(synced, Wish.FLAG, "one")
    do(synced, Wish.ARCHIVE, "two")
    assert in_store(synced) != before

    with read_only(synced):
        tell(synced)

    assert on_server(synced) == in_store(synced) == before, "put back"
    refused = str(NotPermitted())
    assert sorted(outcomes(synced)) == [("flag", "refused", refused), ("move", "refused", refused)]
    with synced.store.database.reading() as session:
        ids = list(session.execute(select(Message.id).order_by(Message.id)).scalars())
        notes = notes_on(session, Viewer.system(), ids, utcnow())
    assert [[note.reason for note in notes[message_id]] for message_id in ids] == [[refused], [refused]]
    synced.bring_up()
    assert in_store(synced) == before


def test_a_folder_that_is_missing_is_made(synced) -> None:
    """Given a mailbox without Archive, when the first mail is archived, then it has one."""
    synced.deliver("one")
    synced.bring_up()
    with synced.store.database.unit_of_work() as session:
        archive = session.execute(select(Folder).where(Folder.role == FolderRole.ARCHIVE)).scalar_one()
        archive.role = FolderRole.OTHER  # As if the server had none for this.
        archive.name, archive.name_hash = "Some folder", "some hash"
    done = do(synced, Wish.ARCHIVE, "one")
    assert in_store(synced) == {"Archive": {"one": ""}}
    tell(synced)
    assert on_server(synced) == {"Archive": {"one": ""}}
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"Archive": {"one": ""}}
    take_back(synced, done)
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": ""}}


def test_a_folder_that_is_gone(synced) -> None:
    synced.server.maildir(synced.user, "Projects")
    synced.deliver("one")
    synced.bring_up()
    do(synced, Wish.MOVE, "one", target="Projects")
    assert in_store(synced) == {"Projects": {"one": ""}}
    synced.server.doveadm("mailbox", "delete", "-u", synced.user, "Projects")
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": ""}}
    assert [state for _, state, _ in outcomes(synced)] == ["refused"]


def test_a_refusal_without_a_reason_is_tried_again_and_then_put_back(modern, monkeypatch) -> None:
    modern.deliver("one")
    modern.bring_up()
    do(modern, Wish.READ, "one")
    real = ImapConnection.run

    async def run(self, name: str, *args, **options):
        if name == "STORE":
            raise CommandRefused(name)
        return await real(self, name, *args, **options)

    monkeypatch.setattr(ImapConnection, "run", run)
    tell(modern)
    assert outcomes(modern) == [("flag", "waiting", "")]
    assert tell(modern) == 0, "not at once"
    for _ in range(5):
        with modern.store.database.unit_of_work() as session:
            session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")
        tell(modern)
    assert outcomes(modern) == [("flag", "refused", UNKNOWN)]
    assert in_store(modern) == {"INBOX": {"one": ""}}


@pytest.mark.parametrize("refusals", [1, 99])
@pytest.mark.parametrize("error", [CommandRefused("STORE"), NotPermitted()])
def test_mail_that_was_copied_and_whose_original_is_refused_is_not_copied_again(
    plain, monkeypatch, refusals, error
) -> None:
    """Given a server without MOVE that copies and then refuses to mark the original, then there is one copy, shown once."""
    plain.deliver("one", "two")
    plain.bring_up()
    do(plain, Wish.ARCHIVE, "one")
    real, has, asked = ImapConnection.run, ImapConnection.has, []

    async def run(self, name: str, *args, **options):
        if name == "STORE":
            asked.append(name)
            if len(asked) <= refusals:
                raise error
        return await real(self, name, *args, **options)

    monkeypatch.setattr(ImapConnection, "run", run)
    monkeypatch.setattr(ImapConnection, "has", lambda self, name: name not in ("MOVE", "UIDPLUS") and has(self, name))
    for _ in range(7):
        tell(plain)
        with plain.store.database.unit_of_work() as session:
            session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")
    plain.bring_up()
    assert on_server(plain)["Archive"] == {"one": ""}, "and not twice"
    assert in_store(plain) == {"INBOX": {"two": ""}, "Archive": {"one": ""}}
    assert [state for _, state, _ in outcomes(plain)] == ["done"]


@pytest.mark.timeout(60)
def test_the_server_is_told_within_a_moment_while_the_mailbox_is_watched(synced) -> None:
    """Given a running sync role, when somebody archives mail, then the server has it done within two seconds."""
    synced.deliver("one", "two")
    synced.bring_up()

    async def story() -> float:
        stop = asyncio.Event()
        role = asyncio.create_task(SyncRole(synced.store, synced.settings).run(stop))
        await until(lambda: _passed(synced))
        await asyncio.to_thread(do, synced, Wish.ARCHIVE, "one")
        await asyncio.to_thread(do, synced, Wish.READ, "two")
        began = time.monotonic()
        await until(lambda: {state for _, state, _ in outcomes(synced)} == {"done"})
        took = time.monotonic() - began
        stop.set()
        await role
        return took

    took = asyncio.run(story())
    assert on_server(synced) == in_store(synced) == {"INBOX": {"two": "seen"}, "Archive": {"one": ""}}
    assert took < 10, "at once, and not with the next pass in a minute"


def _passed(synced) -> bool:
    with synced.store.database.reading() as session, suppress(AttributeError):
        return session.get_one(Mailbox, synced.mailbox_id).last_pass_at is not None
    return False
