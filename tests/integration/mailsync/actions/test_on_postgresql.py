"""The same queue on PostgreSQL: what is SQL must mean the same on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from core.config import load_settings
from core.crypto import load_key_ring
from crm.access.viewer import Viewer
from crm.outgoing.views import Composition, MailKind
from integration.mailsync.actions.hands import do, in_store, no_number_is_missing, on_server, outcomes, take_back, tell
from integration.mailsync.by_hand import audit, by_hand, renumber
from integration.mailsync.conftest import Synced, connected_to
from mailsync.actions.asking import Done, Wish, undo
from mailsync.actions.drafting import save_draft
from mailsync.actions.repository import wishes
from mailsync.actions.repository.forgetting import drop_told_drafts, forget_settled
from servers.dovecot import Dovecot
from storage.models import Blob, MailAction


@pytest.fixture
def on_postgresql(dovecot: Dovecot, postgres_url: str, tmp_path: Path) -> Iterator[Synced]:
    keys = tmp_path / "keys.json"
    load_key_ring(keys, create=True)
    blobs = tmp_path / "packs"
    settings = load_settings(database_url=postgres_url, secret_keys_file=keys, blob_dir=blobs, allow_private_hosts=True)
    yield from connected_to(dovecot, settings)


def blobs(session) -> int:
    return session.execute(select(func.count()).select_from(Blob)).scalar_one()


def test_a_day_of_acting_on_mail(on_postgresql) -> None:
    synced = on_postgresql
    synced.deliver("one", "two", "three", "four")
    synced.deliver("thrown", folder="Trash")
    synced.bring_up()
    do(synced, Wish.READ, "one", "two", "three")
    do(synced, Wish.UNREAD, "two")
    archived = do(synced, Wish.ARCHIVE, "three")
    do(synced, Wish.JUNK, "four")
    do(synced, Wish.DELETE_FOR_EVER, "thrown")
    first = save_draft(synced.store, Viewer.system(), Composition(MailKind.NEW, synced.mailbox_id, (), "draft", "Text"))
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Flagged)")
    synced.pass_once()
    shown = {
        "INBOX": {"one": "flagged seen", "two": ""},
        "Archive": {"three": "seen"},
        "Junk": {"four": ""},
        "Drafts": {"draft": "seen"},
    }
    assert in_store(synced) == shown
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")
    tell(synced)
    assert on_server(synced) == in_store(synced) == shown

    take_back(synced, archived)
    do(synced, Wish.NOT_JUNK, "four")
    newer = Composition(MailKind.NEW, synced.mailbox_id, (), "newer", "Text")
    save_draft(synced.store, Viewer.system(), newer, replaces=first)
    tell(synced)
    synced.bring_up()
    shown = {
        "INBOX": {"one": "flagged seen", "two": "", "three": "seen", "four": ""},
        "Drafts": {"newer": "seen"},
    }
    assert on_server(synced) == in_store(synced) == shown
    assert no_number_is_missing(synced)
    assert {state for _, state, _ in outcomes(synced)} == {"done", "cancelled"}
    assert not audit(synced).differs
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET created_at = '2020-01-01'")
    with synced.store.database.unit_of_work() as session:
        before = blobs(session)
        assert drop_told_drafts(session) == 2
        assert blobs(session) == before - 2
    with synced.store.database.unit_of_work() as session:
        assert forget_settled(session, synced.mailbox().connected_at) == len(outcomes(synced)) > 8
    assert outcomes(synced) == []


def test_while_somebody_acts_no_pass_gives_the_numbers_another_meaning(on_postgresql, monkeypatch) -> None:
    """Given an act that has read where a mail lies, when the folder loses its UIDVALIDITY, then it waits for the act."""
    synced = on_postgresql
    synced.deliver("one")
    synced.bring_up()
    folder = synced.folder()
    read, waited = wishes.validities, []

    def after_a_pass(session, folder_ids):
        with synced.store.database.engine.begin() as passing:
            passing.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            try:
                passing.exec_driver_sql(f"UPDATE folder SET uidvalidity = NULL WHERE id = {folder.id}")
            except DBAPIError:
                waited.append(True)
                passing.rollback()
        return read(session, folder_ids)

    monkeypatch.setattr(wishes, "validities", after_a_pass)
    done = do(synced, Wish.ARCHIVE, "one")
    with synced.store.database.unit_of_work() as session:
        undo(session, Viewer.system(), done.act)
        (row,) = session.execute(select(MailAction)).scalars()
    assert waited
    assert (row.uid, row.uidvalidity) == (1, folder.uidvalidity)


BACK: dict[str, Callable[[Synced, Done], object]] = {
    "undo": take_back,
    "move": lambda synced, _: do(synced, Wish.MOVE, "one", target="INBOX"),
}


@pytest.mark.parametrize("back", BACK)
def test_what_goes_back_holds_the_folder_that_it_goes_back_to(on_postgresql, monkeypatch, back) -> None:
    synced = on_postgresql
    synced.deliver("one")
    synced.bring_up()
    inbox, put_back, waited = synced.folder().id, wishes.put_back, []

    def during_a_pass(session, action):
        with pytest.raises(DBAPIError, match="lock timeout"), synced.store.database.engine.begin() as passing:
            passing.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            passing.exec_driver_sql(f"UPDATE folder SET uidvalidity = NULL WHERE id = {inbox}")
        waited.append(True)
        put_back(session, action)

    monkeypatch.setattr(wishes, "put_back", during_a_pass)
    BACK[back](synced, do(synced, Wish.ARCHIVE, "one"))
    assert waited
    assert in_store(synced) == {"INBOX": {"one": ""}}


@pytest.mark.parametrize("back", BACK)
def test_an_old_number_is_not_put_back_into_a_folder_that_was_renumbered(on_postgresql, back) -> None:
    """Given a move that waits when its folder gets another UIDVALIDITY, then taken back it gets the number of today."""
    synced = on_postgresql
    synced.deliver("gone", "one")
    synced.bring_up()
    archived = do(synced, Wish.ARCHIVE, "one")
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    renumber(synced)
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql(f"UPDATE folder SET uidvalidity = 1 WHERE id = {synced.folder().id}")
    BACK[back](synced, archived)
    assert in_store(synced) == {"INBOX": {"gone": ""}}
    synced.bring_up()
    assert in_store(synced) == on_server(synced) == {"INBOX": {"one": ""}}
    assert not audit(synced).differs
