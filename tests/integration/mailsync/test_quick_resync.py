"""QRESYNC (RFC 7162): what changed comes with the SELECT; and a server that leaves something out is found out."""

from dataclasses import replace

import pytest

from integration.mailsync.by_hand import audit, by_hand
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
