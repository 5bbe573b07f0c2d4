"""A folder that the server will not let us look into: it waits with the reason, and the others go on."""

import asyncio
from datetime import timedelta

import pytest

from core.clock import utcnow
from mailsync.folders import repository as folders
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused, ImapError, ProtocolError, Unavailable


def refused(synced) -> dict[str, str]:
    with synced.store.database.reading() as session:
        return {row.name: row.refusal for row in folders.refused_folders(session, synced.mailbox_id)}


def test_a_folder_without_permission_waits_and_the_others_go_on(synced) -> None:
    """Given a folder whose files the server may not read, when that is mended and somebody asks, then its mail comes."""
    synced.deliver("one")
    synced.deliver("two", folder="Projects")
    closed = synced.server.maildir(synced.user, "Projects") / "new"
    closed.chmod(0)
    synced.pass_once()
    synced.pass_once()
    assert synced.subjects() == ["one"]
    assert list(refused(synced)) == ["Projects"]
    assert refused(synced)["Projects"].endswith(".")
    assert synced.folder("Projects").refusals == 1, "it was left alone the second time"
    closed.chmod(0o700)
    synced.pass_once()
    assert synced.subjects() == ["one"]
    with synced.store.database.unit_of_work() as session:
        folders.ask_folder_again(session, synced.mailbox_id, synced.folder("Projects").id)
    synced.bring_up()
    assert sorted(synced.subjects()) == ["one", "two"]
    assert refused(synced) == {}


def test_it_is_tried_again_by_itself_less_and_less_often(modern, monkeypatch) -> None:
    modern.deliver("one")
    modern.bring_up()
    modern.deliver("two", folder="Projects")
    refuse(monkeypatch, CommandRefused("SELECT"), only="Projects")
    waits = []
    for _ in range(6):
        modern.pass_once()
        waits.append(modern.folder("Projects").retry_at - utcnow())
        with modern.store.database.unit_of_work() as session:
            folder = session.merge(modern.folder("Projects"))
            folder.retry_at = utcnow() - timedelta(seconds=1)
    assert [round(wait.total_seconds() / 60) for wait in waits] == [1, 10, 60, 360, 360, 360]


@pytest.mark.parametrize("error", [Unavailable(), CommandRefused("SELECT")])
def test_a_server_that_refuses_every_folder_is_the_mailboxs_trouble(modern, monkeypatch, error) -> None:
    modern.deliver("one")
    refuse(monkeypatch, error)
    with pytest.raises(type(error)):
        modern.pass_once()
    assert refused(modern) == {}


def test_a_folder_that_ends_the_connection_does_not_end_the_next_one(modern, monkeypatch) -> None:
    """Given answers about one folder that are not IMAP, then the pass after the next connection gets to the others."""
    modern.deliver("one", folder="Archive")
    refuse(monkeypatch, ProtocolError("a list does not end"), only="INBOX", discard=True)
    with pytest.raises(ProtocolError):
        modern.pass_once()
    modern.pass_once()
    assert modern.subjects() == ["one"]
    assert list(refused(modern)) == ["INBOX"]


def refuse(monkeypatch, error: ImapError, *, only: str | None = None, discard: bool = False) -> None:
    """Have the server refuse to open folders: Dovecot can not be asked to, but for missing rights."""
    real = ImapConnection.select

    async def select(connection, folder, **options):
        await asyncio.sleep(0)
        if only not in (None, folder):
            return await real(connection, folder, **options)
        if discard:
            connection.discard()
        raise error

    monkeypatch.setattr(ImapConnection, "select", select)
