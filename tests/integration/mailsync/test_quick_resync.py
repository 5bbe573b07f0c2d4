"""QRESYNC (RFC 7162): what changed comes with the SELECT; and a server that leaves something out is found out."""

from dataclasses import replace

import pytest

from integration.mailsync.by_hand import audit, by_hand
from mailsync import differences
from mailsync.actions.repository.server_flags import update_flags
from mailsync.imap.connection import ImapConnection
from mailsync.imap.uidset import UidSet


def change(synced) -> None:
    """Somebody reads the first message and deletes the second."""
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()


def test_flags_and_deletions_come_in_one_answer(modern, monkeypatch) -> None:
    modern.deliver("one", "two", "three")
    modern.bring_up()
    change(modern)

    async def never(*_: object, **__: object) -> None:
        raise AssertionError("it was asked again")

    monkeypatch.setattr(ImapConnection, "fetch_changes", never)
    monkeypatch.setattr(ImapConnection, "existing", never)
    modern.bring_up()
    assert modern.subjects() == ["one", "three"]
    assert modern.place("one").seen


@pytest.mark.parametrize("lie", [UidSet(), UidSet.of([7, 8])])
def test_a_server_that_leaves_deletions_out_is_found_out_by_its_count(modern, monkeypatch, lie) -> None:
    modern.deliver("one", "two", "three")
    modern.bring_up()
    change(modern)
    real = ImapConnection.select

    async def select(connection, folder, **options):
        selected = await real(connection, folder, **options)
        return replace(selected, vanished=lie)

    monkeypatch.setattr(ImapConnection, "select", select)
    modern.bring_up()
    assert modern.subjects() == ["one", "three"]


def test_many_flags_come_in_several_transactions_and_again_after_a_cut(modern, monkeypatch) -> None:
    """Given that the second of three dies, then the first stays, and the next pass is told of all of them again."""
    modern.deliver("one", "two", "three", "four", "five")
    modern.bring_up()
    with by_hand(modern) as client:
        client.uid("STORE", "1:5", "+FLAGS", r"(\Flagged)")
    taken: list[int] = []

    def dies_the_second_time(session, folder_id, fetched):
        taken.append(len(fetched))
        if len(taken) == 2:
            raise ConnectionResetError
        update_flags(session, folder_id, fetched)

    def flagged() -> list[bool]:
        return [modern.place(subject).flagged for subject in modern.subjects()]

    monkeypatch.setattr(differences, "FLAGS_AT_ONCE", 2)
    monkeypatch.setattr(differences, "update_flags", dies_the_second_time)
    with pytest.raises(ConnectionResetError):
        modern.bring_up()
    assert flagged() == [True, True, False, False, False]

    modern.bring_up()
    assert flagged() == [True] * 5
    assert taken == [2, 2, 2, 2, 1]


def test_what_a_server_says_is_gone_and_is_not_comes_back(modern, monkeypatch) -> None:
    """Given a VANISHED for a message that is there, then the next look at the folder brings it again."""
    modern.deliver("one", "two", "three")
    modern.bring_up()
    change(modern)
    real = ImapConnection.select

    async def select(connection, folder, **options):
        selected = await real(connection, folder, **options)
        return replace(selected, vanished=UidSet.of([2, 3])) if options.get("known") else selected

    with monkeypatch.context() as patch:
        patch.setattr(ImapConnection, "select", select)
        modern.bring_up()
    modern.bring_up()
    modern.deliver("four")
    modern.bring_up()
    modern.bring_up()
    assert modern.subjects() == ["one", "three", "four"]
    assert not audit(modern).differs
