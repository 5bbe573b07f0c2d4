"""A server that forgets or withholds, and a batch that is cut off: nothing is lost, nothing half stored."""

import pytest

from core.errors import Transient
from integration.mailsync.by_hand import audit, by_hand
from mailsync import transfer
from mailsync.fetching import fetch_batch
from mailsync.imap.connection import ImapConnection
from mailsync.repository import marks
from mailsync.repository.gaps import gap_uids


def test_a_uid_that_one_answer_leaves_out_is_not_taken_for_deleted(synced, monkeypatch) -> None:
    """Given a server that forgets a UID in one SEARCH, when it finds it by name, then the place stays."""
    synced.deliver("one", "two", "three")
    synced.bring_up()
    real = ImapConnection.uid_search

    async def forgetful(self, criteria: str = "ALL") -> list[int]:
        found = await real(self, criteria)
        return [uid for uid in found if uid != 2] if criteria.startswith("UID 1:") else found

    monkeypatch.setattr(ImapConnection, "uid_search", forgetful)
    with by_hand(synced) as client:
        client.uid("STORE", "3", "+FLAGS", r"(\Deleted)")
        client.expunge()
    synced.bring_up()
    assert synced.subjects() == ["one", "two"]


def test_a_message_that_does_not_come_is_a_gap_and_comes_later(synced, monkeypatch) -> None:
    synced.deliver("one", "two", "three")

    async def without_two(connection, folder_id, batch, settings, known):
        return [each for each in await fetch_batch(connection, folder_id, batch, settings, known) if each.uid != 2]

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "fetch_batch", without_two)
        synced.bring_up()
    assert synced.subjects() == ["one", "three"]
    with synced.store.database.reading() as session:
        assert gap_uids(session, synced.folder().id) == {2}
    assert audit(synced).gaps == 1
    synced.bring_up()
    assert synced.subjects() == ["one", "two", "three"]
    with synced.store.database.reading() as session:
        assert gap_uids(session, synced.folder().id) == set()


def test_a_gap_whose_message_is_gone_closes(synced, monkeypatch) -> None:
    synced.deliver("one", "two")

    async def nothing(connection, folder_id, batch, settings, known):
        return []

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "fetch_batch", nothing)
        synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    synced.bring_up()
    assert synced.subjects() == ["two"]
    with synced.store.database.reading() as session:
        assert gap_uids(session, synced.folder().id) == set()


def test_a_batch_that_is_cut_off_leaves_nothing_half(synced, monkeypatch) -> None:
    """Given a lease that is lost in the middle of a batch, then neither its messages nor its mark are stored."""
    synced.deliver("one", "two", "three")
    lost = []

    def move_marks(*args: object, **kwargs: object) -> None:
        if not lost:
            lost.append(1)
            raise Transient("The lease is lost.")
        real(*args, **kwargs)

    real = marks.move_marks
    monkeypatch.setattr(marks, "move_marks", move_marks)
    with pytest.raises(Transient):
        synced.pass_once()
    assert synced.subjects() == []
    synced.bring_up()
    assert synced.subjects() == ["one", "two", "three"]
