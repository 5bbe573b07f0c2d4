"""On a server without CONDSTORE a folder in which nothing moved costs two commands, and whatever moves is seen all the same."""

import imaplib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integration.mailsync.conftest import Synced, connected, letter
from mailsync import folder_sync, mailbox_sync
from mailsync.repository.gaps import open_gaps
from mailsync.repository.uids import remove_uids
from mailsync.unmoved import looking
from servers.dovecot import Dovecot

FOLDERS = ("Archive", "Clients", "Plans", "Projects")


@pytest.fixture
def plain(plain_dovecot: Dovecot, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox of some folders with three mails each, on a server with no extension, brought up to date."""
    for synced in connected(plain_dovecot, tmp_path):
        for folder in ("INBOX", *FOLDERS):
            synced.deliver(*(f"{folder} {number}" for number in range(3)), folder=folder)
        synced.bring_up()
        yield synced


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that passes bring up to date, because they do not stand as they did."""
    names: list[str] = []

    async def noted(context: object, folder: folder_sync.Folder, status: object) -> object:
        names.append(folder.name)
        return await sync(context, folder, status)

    sync = folder_sync.sync_folder
    monkeypatch.setattr(mailbox_sync, "sync_folder", noted)
    return names


def client_of(synced: Synced) -> imaplib.IMAP4:
    """The person's own mail program, logged in."""
    client = imaplib.IMAP4(synced.server.host, synced.server.port)
    client.login(synced.user, synced.server.password)
    return client


def flags(client: imaplib.IMAP4) -> None:
    client.select("Plans")
    client.store("3", "+FLAGS", "\\Flagged")


def takes_a_mark_away(client: imaplib.IMAP4) -> None:
    client.select("Plans")
    client.store("1", "-FLAGS", "\\Seen")


def expunges(client: imaplib.IMAP4) -> None:
    client.select("Plans")
    client.store("2", "+FLAGS", "\\Deleted")
    client.expunge()


def expunges_while_another_comes(client: imaplib.IMAP4) -> None:
    client.append("Plans", "", "", letter("another"))
    expunges(client)


def replaces_the_folder(client: imaplib.IMAP4) -> None:
    client.select("INBOX")
    client.delete("Plans")
    client.create("Plans")
    for number in range(3):
        client.append("Plans", "(\\Seen)", "", letter(f"other plan {number}"))


CHANGES = [flags, takes_a_mark_away, expunges, expunges_while_another_comes, replaces_the_folder]


def on_the_server(client: imaplib.IMAP4) -> dict[str, tuple[bool, bool]]:
    """Subject of each mail in the folder, whether it is seen, and whether it is flagged."""
    client.select("Plans", readonly=True)
    found = {}
    for answer in client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]:
        if isinstance(answer, tuple):
            found[answer[1].decode().partition(":")[2].strip()] = (b"\\Seen" in answer[0], b"\\Flagged" in answer[0])
    return found


def in_the_store(synced: Synced) -> dict[str, tuple[bool, bool]]:
    places = {subject: synced.place_in(subject, "Plans") for subject in synced.subjects("Plans")}
    return {subject: (place.seen, place.flagged) for subject, place in places.items()}


@pytest.mark.parametrize("changes", CHANGES)
def test_only_what_moved_is_brought_up_to_date(
    plain: Synced, opened: list[str], monkeypatch: pytest.MonkeyPatch, changes: Callable[[imaplib.IMAP4], None]
) -> None:
    monkeypatch.setattr(looking, "FOLDERS_AT_ONCE", 2)
    with client_of(plain) as client:
        client.select("Plans")
        client.store("1:*", "+FLAGS", "\\Seen")
        plain.pass_once()
        opened.clear()
        plain.pass_once()
        assert opened == []
        changes(client)
        plain.bring_up()
        assert set(opened) == {"Plans"}
        assert in_the_store(plain) == on_the_server(client)
        opened.clear()
        plain.pass_once()
        assert opened == []


def test_the_oldest_message_tells_of_a_server_that_was_restored(plain: Synced, opened: list[str]) -> None:
    """The newest are compared one by one, the others not: after a restored backup the oldest has another date."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "RECENT_FLAGS", 1)
        plain.pass_once()
        assert opened == []
        with plain.store.database.unit_of_work() as session:
            place = session.merge(plain.place("Plans 0"))
            place.internal_date = place.internal_date.replace(year=2001)
        plain.pass_once()
    assert opened == ["Plans"]


def test_what_is_owed_or_waits_is_not_left_lying(plain: Synced, opened: list[str]) -> None:
    folder = plain.folder("Plans")
    with plain.store.database.unit_of_work() as session:
        remove_uids(session, folder.id, [2])
        open_gaps(session, folder.id, [2], "The server did not give this message.")
    plain.pass_once()
    assert opened == ["Plans"]
    assert plain.subjects("Plans") == ["Plans 0", "Plans 1", "Plans 2"]


def test_what_is_less_than_the_server_counts_is_looked_for(plain: Synced, opened: list[str]) -> None:
    with plain.store.database.unit_of_work() as session:
        remove_uids(session, plain.folder("Plans").id, [1])
    plain.pass_once()  # It is seen to be missing,
    plain.pass_once()  # and fetched.
    assert opened == ["Plans", "Plans"]
    assert plain.subjects("Plans") == ["Plans 0", "Plans 1", "Plans 2"]


def test_where_less_is_loaded_than_the_server_has_its_own_numbers_must_do(plain: Synced, opened: list[str]) -> None:
    with plain.store.database.unit_of_work() as session:
        session.merge(plain.mailbox()).depth_since = plain.place("Plans 1").internal_date
        remove_uids(session, plain.folder("Plans").id, [1])
    plain.pass_once()
    opened.clear()
    plain.pass_once()
    assert opened == []
