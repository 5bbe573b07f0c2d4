"""A mail server restored from a backup gives old UIDs to other mail: what waits for the old ones never touches that."""

import pytest

from integration.mailsync.actions.hands import do, in_store, on_server, outcomes, tell
from integration.mailsync.by_hand import Backup, by_hand
from mailsync.actions.asking import Wish
from mailsync.imap.connection import ImapConnection

NAMELESS = b"From: ann@client.example\r\nDate: Mon, 05 Oct 2026 09:00:00 +0000\r\nSubject: %b\r\n\r\nHello\r\n"


def due_now(synced) -> None:
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")


def act_on_lost_mail(synced) -> Backup:
    """Somebody deletes, archives and marks mail that came after the backup."""
    synced.deliver("old")
    synced.deliver("old thrown", folder="Trash")
    synced.bring_up()
    backup = Backup(synced)
    synced.deliver("lost", "lost too")
    synced.deliver("lost thrown", folder="Trash")
    synced.bring_up()
    do(synced, Wish.ARCHIVE, "lost")
    do(synced, Wish.FLAG, "lost too")
    do(synced, Wish.DELETE_FOR_EVER, "lost thrown")
    due_now(synced)
    return backup


def archived_without_move(plain, monkeypatch, *lost: str) -> Backup:
    """A backup, then `lost` came, and the first of it was archived by a copy: the original stayed behind."""
    plain.deliver("old")
    plain.bring_up()
    backup = Backup(plain)
    plain.deliver(*lost)
    plain.bring_up()
    has = ImapConnection.has
    monkeypatch.setattr(ImapConnection, "has", lambda self, name: name not in ("MOVE", "UIDPLUS") and has(self, name))
    do(plain, Wish.ARCHIVE, lost[0])
    tell(plain)
    plain.bring_up()
    return backup


def new_mail(synced) -> dict[str, dict[str, str]]:
    """Other mail gets their UIDs, and more: the server has counted on."""
    synced.deliver("new", "new too", "more")
    synced.deliver("new thrown", "more thrown", folder="Trash")
    for folder in ("INBOX", "Trash"):
        with by_hand(synced, folder) as client:
            for _ in range(4):
                client.uid("STORE", "1", "+FLAGS", r"(\Answered)")
                client.uid("STORE", "1", "-FLAGS", r"(\Answered)")
    return {
        "INBOX": {"old": "", "new": "", "new too": "", "more": ""},
        "Trash": {"old thrown": "", "new thrown": "", "more thrown": ""},
    }


def test_other_mail_under_their_uids_stays_as_it_is(synced) -> None:
    backup = act_on_lost_mail(synced)
    backup.restore()
    wanted = new_mail(synced)
    tell(synced)
    assert on_server(synced) == wanted
    assert {state for _, state, _ in outcomes(synced)} <= {"overtaken", "waiting"}


def test_a_folder_that_counts_from_before_is_left_to_the_pass(modern) -> None:
    """Given a folder that tells of fewer UIDs than it gave, then nothing is told there, and a pass ends what waited."""
    backup = act_on_lost_mail(modern)
    backup.restore()
    assert tell(modern) == 3
    assert {state for _, state, _ in outcomes(modern)} == {"waiting"}
    modern.deliver("new")
    modern.bring_up()
    modern.bring_up()
    assert {(kind, state) for kind, state, _ in outcomes(modern) if kind != "flag"} == {
        ("move", "overtaken"),
        ("remove", "overtaken"),
    }
    assert on_server(modern) == in_store(modern) == {"INBOX": {"old": "", "new": ""}, "Trash": {"old thrown": ""}}


def test_originals_left_behind_hide_no_other_mail(plain, monkeypatch) -> None:
    """Given a moved mail whose original stayed on the server, when its UID names another mail, then that is shown."""
    archived_without_move(plain, monkeypatch, "lost", "lost too").restore()
    plain.deliver("new")
    plain.bring_up()
    plain.bring_up()
    assert in_store(plain) == on_server(plain) == {"INBOX": {"old": "", "new": ""}}


def test_nor_where_the_server_has_caught_up(plain, monkeypatch) -> None:
    """Given the same, when only the numbers that we stored are as they were, then its UID tells nothing by itself."""
    archived_without_move(plain, monkeypatch, "lost").restore()
    plain.deliver("new")
    plain.bring_up()
    assert in_store(plain)["INBOX"] == {"old": "", "new": ""}


@pytest.mark.parametrize("wish", [Wish.MOVE, Wish.DELETE_FOR_EVER])
def test_mail_without_a_message_id_is_known_by_its_head(modern, wish) -> None:
    modern.server.deliver(modern.user, NAMELESS % b"wanted", "Trash")
    modern.bring_up()
    backup = Backup(modern)
    modern.server.deliver(modern.user, NAMELESS % b"lost", "Trash")
    modern.bring_up()
    do(modern, wish, "wanted", "lost", target="Archive" if wish is Wish.MOVE else None)
    due_now(modern)
    backup.restore()
    for subject in (b"new", b"more"):
        modern.server.deliver(modern.user, NAMELESS % subject, "Trash")
    with by_hand(modern, "Trash") as client:
        for _ in range(4):
            client.uid("STORE", "1", "+FLAGS", r"(\Answered)")
            client.uid("STORE", "1", "-FLAGS", r"(\Answered)")
    tell(modern)
    archived = {"Archive": {"wanted": ""}} if wish is Wish.MOVE else {}
    assert on_server(modern) == archived | {"Trash": {"new": "", "more": ""}}
