"""A server that gives new UIDs to old mail: nothing is downloaded again, nothing old comes as new, nothing new is missed."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Transient
from integration.mailsync.by_hand import Backup, Downloads, audit, by_hand, renumber
from mailsync import auditing, transfer
from mailsync import repository as rows
from mailsync.imap.connection import ImapConnection
from mailsync.imap.folder_status import FolderStatus
from mailsync.matching import places, repository
from storage.models import FolderState, LastCopy, Message

WITHOUT_ID = b"From: ann@client.example\r\nSubject: nameless\r\n\r\nHello\r\n"


def test_places_are_found_again_and_only_new_mail_is_downloaded(synced, monkeypatch) -> None:
    """Given another UIDVALIDITY, then every place is the same row as before, with the flags that the server has now."""
    synced.deliver("one", "two")
    synced.bring_up()
    before = {subject: synced.place(subject).id for subject in ("one", "two")}
    with by_hand(synced) as client:
        client.uid("STORE", "2", "+FLAGS", r"(\Seen)")
    old = synced.folder().uidvalidity
    renumber(synced)
    synced.deliver("three")
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert synced.folder().uidvalidity != old
    assert synced.folder().state is FolderState.LIVE
    assert sorted(synced.subjects()) == ["one", "three", "two"]
    assert {subject: synced.place(subject).id for subject in before} == before
    assert (synced.place("one").seen, synced.place("two").seen) == (False, True)
    assert len(downloads.uids) == 1
    assert synced.place("three").is_new
    assert not audit(synced).differs


def test_an_audit_leaves_a_renumbered_folder_to_the_next_pass(synced, monkeypatch) -> None:
    """Given another UIDVALIDITY before the audit or in its midst, then nothing is repaired, and a pass finds all again."""
    synced.deliver("one", "two", "three")
    synced.bring_up()
    before = {subject: synced.place(subject).id for subject in synced.subjects()}
    compare = auditing._compare

    def renumbered_meanwhile(store, known, *rest, **options):
        with store.database.unit_of_work() as session:
            rows.folder(session, known.folder.id).uidvalidity += 1
        return compare(store, known, {4, 5, 6}, {1, 2, 3}, **options)

    with monkeypatch.context() as patch:
        patch.setattr(auditing, "_compare", renumbered_meanwhile)
        assert audit(synced, repair=True).waits
    renumber(synced)
    found = audit(synced, repair=True)

    assert (found.waits, found.differs, found.missing, found.extra) == (True, True, 0, 0)
    assert {subject: synced.place(subject).id for subject in before} == before
    synced.bring_up()
    assert {subject: synced.place(subject).id for subject in before} == before
    assert not audit(synced).differs


def test_history_of_many_slices_is_found_again(synced, monkeypatch) -> None:
    monkeypatch.setattr(transfer, "HISTORY_SLICE", 5)
    monkeypatch.setattr(places, "ASIDE_AT_ONCE", 4)
    monkeypatch.setattr(places, "HEADERS_AT_ONCE", 3)
    synced.deliver(*(f"mail {number}" for number in range(17)))
    synced.bring_up()
    renumber(synced)
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert sorted(synced.subjects()) == sorted(f"mail {number}" for number in range(17))
    assert downloads.uids == []


def test_what_was_deleted_meanwhile_goes_and_copies_keep_a_place_each(synced, monkeypatch) -> None:
    synced.deliver("one", "twice", "twice", "gone")
    synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "4", "+FLAGS", r"(\Deleted)")
        client.expunge()
    renumber(synced)
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert sorted(synced.subjects()) == ["one", "twice", "twice"]
    assert len(downloads.uids) <= 1  # Whether both copies came in one second is the server's affair.
    with synced.store.database.reading() as session:
        kept = select(Message.subject).join(LastCopy, LastCopy.message_id == Message.id)
        assert list(session.execute(kept).scalars()) == ["gone"]
    assert not audit(synced).differs


def test_mail_without_a_message_id_is_downloaded_again(synced, monkeypatch) -> None:
    synced.server.deliver(synced.user, WITHOUT_ID)
    synced.deliver("one")
    synced.bring_up()
    renumber(synced)
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert sorted(synced.subjects()) == ["nameless", "one"]
    assert len(downloads.uids) == 1


@pytest.mark.parametrize("step", ["take_uids", "waiting_places", "remove_waiting"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_it_can_be_cut_off_anywhere(synced, monkeypatch, step, after) -> None:
    """Given a pass that dies while places are set aside, found again or forgotten, then the next one goes on there."""
    monkeypatch.setattr(places, "ASIDE_AT_ONCE", 2)
    monkeypatch.setattr(places, "HEADERS_AT_ONCE", 2)
    subjects = [f"mail {number}" for number in range(6)]
    synced.deliver(*subjects, "gone")
    synced.bring_up()
    with by_hand(synced) as client:
        client.uid("STORE", "7", "+FLAGS", r"(\Deleted)")
        client.expunge()
    renumber(synced)
    real = getattr(repository, step)
    calls = []

    def dies(*arguments: object):
        calls.append(1)
        if len(calls) > after:
            raise Transient("The lease is lost.")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(repository, step, dies)
        try:
            synced.bring_up()
        except Transient:
            synced.deliver("meanwhile")
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert sorted(set(synced.subjects()) - {"meanwhile"}) == subjects
    assert len(downloads.uids) <= 1
    assert not audit(synced).differs


def test_a_server_restored_from_a_backup_gives_old_uids_to_new_mail(synced, monkeypatch) -> None:
    """Given mail that came after the backup and is lost with it, when its UID is given to another, then that is stored."""
    synced.deliver("one", "two")
    synced.bring_up()
    backup = Backup(synced)
    synced.deliver("lost", "lost too")
    synced.bring_up()
    old = synced.folder().uidvalidity
    backup.restore()
    synced.deliver("five")
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert synced.folder().uidvalidity == old, "or it is another test"
    assert synced.subjects() == ["one", "two", "five"]
    assert downloads.uids == [3]
    assert not audit(synced).differs


def test_a_restored_server_that_has_caught_up_is_found_out(synced) -> None:
    """Given as many new messages as were lost, so that the numbers of UIDs agree again."""
    synced.deliver("one", "two")
    synced.bring_up()
    backup = Backup(synced)
    synced.deliver("lost", "lost too", at=time.time() - 3600)
    synced.bring_up()
    with by_hand(synced) as client:  # So that the server has counted on, as servers in use do.
        for _ in range(3):
            client.uid("STORE", "3", "+FLAGS", r"(\Flagged)")
            client.uid("STORE", "3", "-FLAGS", r"(\Flagged)")
    synced.bring_up()
    backup.restore()
    synced.deliver("five", "six", "seven")
    synced.bring_up()
    assert synced.subjects() == ["one", "two", "five", "six", "seven"]
    assert not audit(synced).differs


def test_numbers_of_a_folder_that_is_replaced_between_status_and_select_are_not_kept(modern, monkeypatch) -> None:
    """Given a STATUS whose folder is another one when it is opened, then later changes of its flags are still seen."""
    modern.deliver("one", "two")
    modern.bring_up()
    with by_hand(modern) as client:
        for _ in range(10):
            client.uid("STORE", "1", "+FLAGS", r"(\Flagged)")
            client.uid("STORE", "1", "-FLAGS", r"(\Flagged)")
    stale: dict[str, FolderStatus] = {}
    real = ImapConnection.survey

    async def survey(connection, left_out=()):
        found = await real(connection, left_out)
        stale.setdefault("INBOX", found.statuses["INBOX"])
        return replace(found, statuses=found.statuses | stale)

    with monkeypatch.context() as patch:
        patch.setattr(ImapConnection, "survey", survey)
        modern.pass_once()
        renumber(modern)
        stale["INBOX"] = replace(stale["INBOX"], messages=3)  # So that the folder is opened.
        modern.pass_once()
    now = modern.folder()
    assert now.uidvalidity != stale["INBOX"].uidvalidity
    assert now.highestmodseq < stale["INBOX"].highestmodseq
    with by_hand(modern) as client:
        client.uid("STORE", "1:2", "+FLAGS", r"(\Seen)")
    modern.bring_up()
    assert (modern.place("one").seen, modern.place("two").seen) == (True, True)
    assert not audit(modern).differs


def test_a_server_whose_dates_drift_is_not_taken_for_a_restored_one(synced, monkeypatch) -> None:
    """Given INTERNALDATEs that are others at each look, then nothing is downloaded again, and flags still follow."""
    synced.deliver("one", "two")
    synced.bring_up()
    real = ImapConnection.fetch

    async def fetch(connection, uids, items, **options):
        found = await real(connection, uids, items, **options)
        for one in found:
            if one.internal_date is not None:
                one.internal_date += timedelta(hours=1)
        return found

    monkeypatch.setattr(ImapConnection, "fetch", fetch)
    downloads = Downloads(monkeypatch)
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
    synced.bring_up()
    assert synced.place("one").seen
    assert downloads.uids == []
    assert synced.folder().state is FolderState.LIVE


def test_a_restored_server_that_counts_higher_than_before_is_found_out(modern) -> None:
    """Given more changes since the backup than were lost with it, then no number has gone down."""
    modern.deliver("one", "two")
    modern.bring_up()
    backup = Backup(modern)
    modern.deliver("lost", at=time.time() - 3600)
    modern.bring_up()
    backup.restore()
    modern.deliver("four", "five")
    with by_hand(modern) as client:
        for _ in range(10):
            client.uid("STORE", "1", "+FLAGS", r"(\Flagged)")
            client.uid("STORE", "1", "-FLAGS", r"(\Flagged)")
    modern.bring_up()
    assert modern.subjects() == ["one", "two", "four", "five"]
    assert not audit(modern).differs
