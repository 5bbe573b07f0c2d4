"""A day in the life of an office's mailboxes, as fast as it is taken: in step at the end, and no memory lost on the way.

The full run is TEST_DAY_MAILBOXES=500; TEST_DAY_REPORT names a file for its figures.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from core.clock import utcnow
from core.config import Settings, load_settings
from e2e.facts import ask
from e2e.installation import Installation, left_over, wait_until
from e2e.office_day import Desk, OfficeDay
from loopback_mailbox import loopback_mailbox
from mailsync import repository
from mailsync.connecting import add_mailbox
from servers.dovecot import Dovecot, raise_watch_limit
from storage.store import Store, open_store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MAILBOXES = int(os.environ.get("TEST_DAY_MAILBOXES", "6"))
REPORT = os.environ.get("TEST_DAY_REPORT")
QUARTER = 6
GROWS_AT_MOST = 0.1
"""From the end of the first quarter to that of the last, beside what the daemon had then."""
PLACES = """
    SELECT mailbox.username, folder.name, place.uid, place.seen, place.flagged FROM place
    JOIN folder ON folder.id = place.folder_id JOIN mailbox ON mailbox.id = folder.mailbox_id
"""


def connect(store: Store, settings: Settings, dovecot: Dovecot) -> Desk:
    user = dovecot.new_user()
    dovecot.deliver(user, b"Subject: Welcome\r\n\r\nHello\r\n", flags="S")
    given = loopback_mailbox(user, dovecot.port, new_since=LONG_AGO)
    return Desk(add_mailbox(store, settings, given, test=False), user)


def come_to_rest(store: Store, data_dir: Path, desks: list[Desk]) -> None:
    """Return when every mailbox that is not paused has seen everything until now, and every job is done."""
    began = utcnow()
    with store.database.unit_of_work() as session:
        for desk in desks:
            repository.ask_for_pass(session, desk.id)
    behind = f"""
        SELECT 1 FROM mailbox WHERE state NOT IN ('paused', 'auth_failed')
        AND (state <> 'live' OR last_pass_at IS NULL OR last_pass_at < '{began:%Y-%m-%d %H:%M:%S.%f}') LIMIT 1
    """
    wait_until(lambda: not ask(data_dir, behind), seconds=90 + MAILBOXES, every=0.2, what="a pass over each mailbox")
    waiting = "SELECT 1 FROM outbox WHERE state NOT IN ('done', 'dead') LIMIT 1"
    wait_until(lambda: not ask(data_dir, waiting), seconds=90 + MAILBOXES, every=0.2, what="the end of the jobs")


def megabytes(pid: int) -> float:
    """What the process has to itself, and its part of what it shares (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def on_server(dovecot: Dovecot, user: str) -> Counter[tuple[object, ...]]:
    """Every message of a mailbox as another client sees it, as `PLACES` tells ours."""
    found: Counter[tuple[object, ...]] = Counter()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as client:
        client.login(user, dovecot.password)
        for _, _, name in client.list_folders():
            client.select_folder(name, readonly=True)
            uids = client.search("ALL")
            for uid, told in client.fetch(uids, ["FLAGS"]).items() if uids else ():
                flags = told[b"FLAGS"]
                found[(user, name, uid, b"\\Seen" in flags, b"\\Flagged" in flags)] += 1
    return found


@pytest.mark.slow
@pytest.mark.timeout(300 + 12 * MAILBOXES)
def test_a_day_leaves_every_mailbox_in_step_and_memory_as_it_was(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    house = install("data")
    settings = load_settings(data_dir=house.data_dir, allow_private_hosts=True)
    store = open_store(settings)
    raise_watch_limit(2 * MAILBOXES + 200)
    with Dovecot() as dovecot:
        desks = [connect(store, settings, dovecot) for _ in range(MAILBOXES)]
        day = OfficeDay(dovecot, store, settings, desks)
        daemon = house.start_daemon("sync", "jobs", "scheduler")
        come_to_rest(store, house.data_dir, desks)
        memory, began = [], time.monotonic()
        for hour in range(24):
            day.hour(hour)
            if hour == 23:
                day.evening()
            if hour % QUARTER == QUARTER - 1:
                come_to_rest(store, house.data_dir, desks)
                memory.append(megabytes(daemon.pid))
        seconds = time.monotonic() - began

        assert ask(house.data_dir, "SELECT state, state_reason FROM mailbox WHERE state <> 'live'") == []
        [(dead,)] = ask(house.data_dir, "SELECT count(*) FROM outbox WHERE state = 'dead'")
        assert dead == 0
        kept = Counter(ask(house.data_dir, PLACES))
        for desk in desks:
            assert Counter({row: n for row, n in kept.items() if row[0] == desk.user}) == on_server(dovecot, desk.user)
        # Exits 1 where anything differs. Not forked: here the installed command is what people start.
        audited = json.loads(house.run("mailbox", "audit", "--json", fork=False).stdout)
        assert audited
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(30) == 0
    store.close()
    assert not left_over(house.data_dir)
    assert "Traceback" not in house.log()
    if REPORT:
        figures = {"mailboxes": MAILBOXES, "seconds": seconds, "happened": day.happened, "megabytes": memory}
        Path(REPORT).write_text(json.dumps(figures))
    assert memory[-1] < memory[0] * (1 + GROWS_AT_MOST), memory
