"""The storage rules: one commit point, no lost updates, readers that can not write, a fair line of writers."""

import signal
import sqlite3
import threading
import time
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.errors import Transient
from storage.checkpoints import LOG_BYTES, STEP_BYTES
from storage.database import Database
from storage.models import Setting
from storage.sessions import CommitOutsideUnitOfWork, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency, WriterLock

UNITS = 600
THREADS = 6


def read_counter(store: Store) -> int:
    with store.database.reading() as session:
        row = session.execute(select(Setting).where(Setting.name == "counter")).scalar_one()
        return row.value["n"]


def add_one(session: WriteSession) -> None:
    """Read, then write: what loses updates when two units read before either of them writes."""
    row = session.execute(select(Setting).where(Setting.name == "counter").with_for_update()).scalar_one()
    row.value = {"n": row.value["n"] + 1}


def in_threads(work, count: int = THREADS) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_concurrent_units_lose_no_update(store: Store) -> None:
    with store.database.unit_of_work() as session:
        session.add(Setting(name="counter", value={"n": 0}))

    def work() -> None:
        for _ in range(UNITS // THREADS):
            with store.database.unit_of_work() as session:
                add_one(session)

    in_threads(work)
    assert read_counter(store) == UNITS


def test_without_begin_immediate_sqlite_loses_updates(tmp_path) -> None:
    """Shows the fault that the rule is for: the same work with the library's defaults, deferred BEGIN and no retry."""
    path = tmp_path / "plain.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE counter (n INTEGER)")
        connection.execute("INSERT INTO counter VALUES (0)")
        connection.commit()
    done = []

    def work() -> None:
        mine = sqlite3.connect(path, timeout=5)
        for _ in range(50):
            value = mine.execute("SELECT n FROM counter").fetchone()[0]
            time.sleep(0)
            mine.execute("UPDATE counter SET n = ?", (value + 1,))
            mine.commit()
            done.append(1)
        mine.close()

    in_threads(work)
    connection = sqlite3.connect(path)
    value = connection.execute("SELECT n FROM counter").fetchone()[0]
    connection.close()
    assert value < len(done)


def test_a_unit_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="half way"), store.database.unit_of_work() as session:
        session.add(Setting(name="half", value={}))
        session.flush()
        raise RuntimeError("half way")
    with store.database.reading() as session:
        assert session.get(Setting, "half") is None


def test_nobody_commits_by_hand(store: Store) -> None:
    with pytest.raises(CommitOutsideUnitOfWork), store.database.unit_of_work() as session:
        session.commit()


def test_a_reader_can_not_write(store: Store) -> None:
    with pytest.raises(DBAPIError), store.database.reading() as session:
        session.execute(text("DELETE FROM setting"))


def test_a_reader_sees_one_snapshot(store: Store) -> None:
    with store.database.reading() as session:
        before = session.execute(select(Setting.name)).scalars().all()
        with store.database.unit_of_work() as writer:
            writer.add(Setting(name="meanwhile", value={}))
        assert session.execute(select(Setting.name)).scalars().all() == before
    with store.database.reading() as session:
        assert session.get(Setting, "meanwhile") is not None


def test_what_is_committed_on_sqlite_is_synced_to_the_disk(tmp_path) -> None:
    database = Database.in_folder(tmp_path)
    with database.unit_of_work() as session:
        assert session.execute(text("PRAGMA synchronous")).scalar() == 2, "FULL"
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()


def test_readers_that_overlap_all_the_time_do_not_let_the_log_grow_for_ever(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.database.LOG_BYTES", 1_000_000)
    database = Database.in_folder(tmp_path)
    log, stop = tmp_path / "mailsync.db-wal", threading.Event()
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE thing (n BLOB)"))

    def read() -> None:
        while not stop.is_set():
            with database.reading() as session:
                session.execute(text("SELECT count(*) FROM thing"))
                stop.wait(0.2)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
        time.sleep(0.07)  # So that there is never a moment without a reader.
    for _ in range(14):
        with database.unit_of_work() as session:
            session.execute(text("INSERT INTO thing VALUES (randomblob(500000))"))
    assert log.stat().st_size > 5_000_000, "the fault is there"
    deadline = time.monotonic() + 20
    while log.stat().st_size > 0 and time.monotonic() < deadline:
        database.shorten_log()
    assert log.stat().st_size == 0
    stop.set()
    for reader in readers:
        reader.join()
    database.close()


def test_the_log_is_copied_behind_the_writers_backs_and_begins_anew(tmp_path) -> None:
    database = Database.in_folder(tmp_path)
    file, log = tmp_path / "mailsync.db", tmp_path / "mailsync.db-wal"
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE thing (n BLOB)"))
    longest = 0
    for _ in range(300):
        with database.unit_of_work() as session:
            session.execute(text("INSERT INTO thing VALUES (randomblob(500000))"))
        longest = max(longest, log.stat().st_size)
    assert longest < LOG_BYTES + 2 * STEP_BYTES, "150 MB went through it"
    assert file.stat().st_size > 75_000_000, "most of them are in the file"
    database.close()
    assert not log.exists()


def test_a_file_locked_by_another_process_is_a_transient_error(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 50)
    database = Database.in_folder(tmp_path)
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE thing (n INTEGER)"))
    other = sqlite3.connect(tmp_path / "mailsync.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient, match="busy"), database.unit_of_work() as session:
        session.execute(text("INSERT INTO thing VALUES (1)"))
    other.execute("ROLLBACK")
    other.close()
    with database.unit_of_work() as session:
        session.execute(text("INSERT INTO thing VALUES (1)"))
    database.close()


def test_when_all_connections_are_in_use_it_may_be_tried_again(tmp_path, monkeypatch) -> None:
    database = Database.in_folder(tmp_path)
    monkeypatch.setattr(database._reader.pool, "_timeout", 0.05)
    with ExitStack() as held:
        for _ in range(32):
            held.enter_context(database.reading()).execute(text("SELECT 1"))
        with pytest.raises(Transient, match="in use"), database.reading() as session:
            session.execute(text("SELECT 1"))
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    database.close()


def test_a_person_passes_a_backfill_in_the_line() -> None:
    """Given a held lock and three bulk writers waiting, when a person's unit comes, it is served next."""
    lock = WriterLock()
    served: list[Urgency] = []

    def wait_for_turn(urgency: Urgency) -> None:
        with lock.hold(urgency):
            served.append(urgency)

    threads = []
    with lock.hold(Urgency.BULK):
        for position, urgency in enumerate([Urgency.BULK, Urgency.NORMAL, Urgency.BULK, Urgency.PERSON]):
            threads.append(threading.Thread(target=wait_for_turn, args=(urgency,)))
            threads[-1].start()
            deadline = time.monotonic() + 5
            while lock.waiting < position + 1 and time.monotonic() < deadline:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == [Urgency.PERSON, Urgency.NORMAL, Urgency.BULK, Urgency.BULK]


def test_the_line_goes_on_when_a_unit_raises() -> None:
    lock = WriterLock()
    with pytest.raises(ValueError, match="boom"), lock.hold(Urgency.NORMAL):
        raise ValueError("boom")
    with lock.hold(Urgency.NORMAL):
        assert lock.waiting == 0


def test_who_is_interrupted_in_the_line_is_not_waited_for() -> None:
    """Given a command that Ctrl-C reaches while it waits to write, then the writers behind it go on."""
    lock, served = WriterLock(), threading.Event()

    def write() -> None:
        with lock.hold(Urgency.NORMAL):
            served.set()

    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with lock.hold(Urgency.NORMAL):
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(KeyboardInterrupt), lock.hold(Urgency.PERSON):
                pytest.fail("two hold the lock")
            assert lock.waiting == 0
    finally:
        signal.signal(signal.SIGALRM, before)
    threading.Thread(target=write, daemon=True).start()
    assert served.wait(5)
