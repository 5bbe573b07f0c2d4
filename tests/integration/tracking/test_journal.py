"""The journal: what was answered survives, is recorded once, and a dead process's file is taken up by the next."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from campaigns.journal import FOLDER, Entry, Journal, read_line
from campaigns.recording import Recorder
from campaigns.tracking import TrackingDesk
from core.clock import utcnow
from core.config import Settings
from delivery.verdict import Verdict
from seeds.campaign import NAME, SentCampaign, report_of
from storage.models import TrackingEvent, TrackingKind
from storage.store import Store

DYING = """
import asyncio, os, sys
from datetime import datetime, UTC
from pathlib import Path
from campaigns.journal import Entry, Journal
from delivery.verdict import Verdict
from storage.models import TrackingKind

async def main():
    journal = Journal(Path(sys.argv[1]))
    for recipient in map(int, sys.argv[2:]):
        await journal.append(Entry(TrackingKind.CLICK, recipient, 1, Verdict.HUMAN, datetime.now(UTC)))
    os.write(journal._file, b"click 12")  # Torn by the power cut that follows.
    os._exit(9)

asyncio.run(main())
"""


def events(store: Store) -> int:
    with store.database.reading() as session:
        return session.execute(select(func.count()).select_from(TrackingEvent)).scalar_one()


def test_what_a_dead_process_wrote_is_recorded_once(store: Store, settings: Settings, sent: SentCampaign) -> None:
    folder = settings.data_dir / FOLDER
    folder.mkdir()
    people = [str(number) for number in sent.recipients.values()]
    dying = subprocess.run(
        [sys.executable, "-c", DYING, str(folder), *people, "999999"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        check=False,
    )
    assert dying.returncode == 9
    left = next(folder.glob("*.journal"))
    copy = left.read_bytes()

    TrackingDesk(store, settings).close()
    assert report_of(store, NAME).clicked.human == len(people)
    assert list(folder.iterdir()) == [], "what is recorded is deleted"

    left.write_bytes(copy)
    TrackingDesk(store, settings).close()
    assert events(store) == len(people), "the same journal again changes nothing"


async def test_many_at_once_share_a_write_and_none_is_lost(
    store: Store, settings: Settings, sent: SentCampaign
) -> None:
    folder = settings.data_dir / FOLDER
    journal = Journal(folder)
    recorder = Recorder(store, folder, journal)
    recipient = sent.recipients["ana@example.org"]
    now = utcnow()
    entries = [Entry(TrackingKind.CLICK, recipient, 1 + n % 2, Verdict.HUMAN, now) for n in range(2_000)]
    waiting = [journal.append(entry) for entry in entries]
    assert await asyncio.gather(*waiting) == [True] * len(entries)
    journal.close()
    await asyncio.to_thread(recorder.close)
    assert events(store) == len(entries)


def test_a_line_tells_the_entry_or_is_torn() -> None:
    entry = Entry(TrackingKind.OPEN, 7, None, Verdict.MACHINE, utcnow().replace(microsecond=0))
    assert read_line(entry.line().rstrip(b"\n")) == entry
    for torn in (b"", b"click", b"click 7 1 human", b"click x 1 human 5", b"click 7 1 human 5 6"):
        assert read_line(torn) is None
