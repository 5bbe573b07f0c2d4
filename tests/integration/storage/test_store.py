"""Opening a store: keys that belong to it, and a sentence for each thing that can be wrong."""

from pathlib import Path

import pytest

from core.clock import utcnow
from core.config import load_settings
from core.crypto import load_key_ring
from core.errors import Permanent, UsageError
from storage.folding import fold
from storage.ids import reserve_ids
from storage.models import Thread
from storage.search import find_messages
from storage.store import Store, open_store

NOW = utcnow()


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    store = open_store(load_settings(data_dir=tmp_path))
    sealed = store.keys.encrypt("mailbox", "hunter2")
    store.close()
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    again = open_store(load_settings(data_dir=tmp_path))
    assert again.keys.decrypt("mailbox", sealed) == "hunter2"
    with pytest.raises(Permanent):
        again.keys.decrypt("sender", sealed)
    again.close()


def test_a_lost_key_file_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    open_store(load_settings(data_dir=tmp_path)).close()
    (tmp_path / "keys.json").unlink()
    with pytest.raises(UsageError, match="key file"):
        open_store(load_settings(data_dir=tmp_path))


def test_a_foreign_key_file_is_refused(tmp_path: Path) -> None:
    open_store(load_settings(data_dir=tmp_path)).close()
    load_key_ring(tmp_path / "other.json", create=True)
    with pytest.raises(UsageError, match="does not belong"):
        open_store(load_settings(data_dir=tmp_path, secret_keys_file=tmp_path / "other.json"))


def test_a_damaged_key_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(UsageError, match="cannot be read"):
        open_store(load_settings(data_dir=tmp_path))


def test_a_database_server_asks_for_shared_keys_and_blobs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MAILSYNC_SECRET_KEYS_FILE"):
        open_store(load_settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none"))


def test_a_database_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    load_key_ring(tmp_path / "keys.json", create=True)
    settings = load_settings(
        data_dir=tmp_path,
        database_url="postgresql://nobody@127.0.0.1:1/none",
        secret_keys_file=tmp_path / "keys.json",
        blob_dir=tmp_path / "blobs",
    )
    with pytest.raises(UsageError, match="MAILSYNC_DATABASE_URL"):
        open_store(settings)


def test_ids_are_never_given_out_twice(store: Store) -> None:
    with store.database.unit_of_work() as session:
        first = list(reserve_ids(session, Thread, 3))
        from_rows = [
            Thread(id=one, subject="", first_at=NOW, last_at=NOW, message_count=0, merged_into_id=None) for one in first
        ]
        session.add_all(from_rows)
    with store.database.unit_of_work() as session:
        for one in first:
            session.delete(session.get_one(Thread, one))
    with store.database.unit_of_work() as session:
        assert min(reserve_ids(session, Thread, 2)) > max(first)


def test_search_finds_nothing_in_nothing(store: Store) -> None:
    with store.database.reading() as session:
        assert find_messages(session, "") == []
        assert find_messages(session, '"; DROP TABLE message --') == []


def test_folding_makes_words_comparable() -> None:
    assert fold("Żółć ÀÉÎ Straße") == "zolc aei strasse"
    assert fold("東京タワー").split() == list("東京タワー")
