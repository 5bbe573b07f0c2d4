"""Raw bytes come back as they were received, or a clear error does."""

import os
import resource
import signal

import pytest
from sqlalchemy import update

from core.errors import Permanent, Transient
from storage import blobs
from storage.blobs import PackBlobStore
from storage.models import Blob
from storage.store import Store

CONTENTS = [b"", b"x", b"Subject: hello\r\n\r\n" * 500, os.urandom(5000), "żółć".encode() * 100]


def put(store: Store, contents: list[bytes]) -> list[int]:
    prepared = store.blobs.prepare(contents)
    with store.database.unit_of_work() as session:
        return blobs.record(session, prepared)


def test_bytes_come_back_as_received(store: Store) -> None:
    ids = put(store, CONTENTS) + put(store, CONTENTS)
    assert len(set(ids)) == 2 * len(CONTENTS)
    with store.database.reading() as session:
        assert [store.blobs.read(session, blob_id) for blob_id in ids] == CONTENTS * 2


def test_a_missing_or_changed_blob_is_told(store: Store) -> None:
    [blob_id] = put(store, [b"a mail" * 100])
    with store.database.unit_of_work() as session:
        session.execute(update(Blob).values(sha256="0" * 64))
    with store.database.reading() as session:
        with pytest.raises(Permanent, match="damaged"):
            store.blobs.read(session, blob_id)
        with pytest.raises(Permanent, match="missing"):
            store.blobs.read(session, blob_id + 1000)


def test_a_pack_is_closed_when_full_and_a_lost_one_is_told(store: Store, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.packing.PACK_BYTES", 10_000)
    packs = PackBlobStore(tmp_path / "packs")
    contents = [os.urandom(6000) for _ in range(4)]
    ids = []
    for content in contents:
        prepared = packs.prepare([content])
        with store.database.unit_of_work() as session:
            ids += blobs.record(session, prepared)
    assert len(list((tmp_path / "packs").glob("*.pack"))) == 2
    with store.database.reading() as session:
        assert [packs.read(session, blob_id) for blob_id in ids] == contents
        for pack in (tmp_path / "packs").glob("*.pack"):
            pack.unlink()
        with pytest.raises(Permanent, match="pack"):
            packs.read(session, ids[0])


def test_a_full_disk_under_the_packs_passes_and_damages_nothing(store: Store, tmp_path) -> None:
    """A limit on the size of files stands for the full disk."""
    packs, contents = PackBlobStore(tmp_path / "packs"), [os.urandom(3000) for _ in range(3)]
    prepared = packs.prepare(contents[:1])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        with pytest.raises(Transient, match="full"):
            packs.prepare(contents[1:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    prepared += packs.prepare(contents[1:])
    with store.database.unit_of_work() as session:
        ids = blobs.record(session, prepared)
    with store.database.reading() as session:
        assert [packs.read(session, blob_id) for blob_id in ids] == contents


def test_a_forked_process_begins_a_pack_of_its_own(tmp_path, monkeypatch) -> None:
    packs = PackBlobStore(tmp_path / "packs")
    [ours] = packs.prepare([b"a"])
    assert packs.prepare([b"b"])[0].pack == ours.pack
    monkeypatch.setattr("storage.packing.os.getpid", lambda: -1)
    [theirs] = packs.prepare([b"c"])
    assert theirs.pack != ours.pack
    assert packs.prepare([b"d"])[0].pack == theirs.pack
