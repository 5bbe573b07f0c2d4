"""What a process of its own does to a store that others work on at the same moment: take mail in, convert leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from sqlalchemy import select

from core.config import load_settings
from core.errors import Conflict, Transient
from crm.intake.arrival import Arrival
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from crm.records.conversions import convert_lead
from storage.models import Lead, LeadState
from storage.store import Store, open_store

MOST_TRIES = 50
START_SECONDS = 60


@dataclass(frozen=True)
class Where:
    """The store that all work on, as `load_settings` wants it."""

    data_dir: Path
    database_url: str

    def open(self) -> Store:
        folder = self.data_dir
        return open_store(
            load_settings(
                data_dir=folder,
                database_url=self.database_url,
                secret_keys_file=folder / "keys.json",
                blob_dir=folder / "blobs",
            ),
            migrate=False,
        )


def take_all(where: Where, mailbox_id: int, arrivals: Sequence[Arrival], size: int, start: Barrier) -> int:
    """Take mail in, so many at a time; how often another was chosen to go first, and it was tried again as a pass does."""
    store = where.open()
    batches = [prepare(store, arrivals[at : at + size]) for at in range(0, len(arrivals), size)]
    start.wait(START_SECONDS)
    tries = sum(_patiently(partial(take_in_safely, store, mailbox_id, batch)) for batch in batches)
    store.close()
    return tries - len(batches)


def convert_until(where: Where, start: Barrier, end: Event) -> tuple[int, int]:
    """Convert active leads as people do, one after the other, until `end`; how many, and how often it was tried again."""
    store = where.open()
    start.wait(START_SECONDS)
    converted = tries = 0
    while not end.is_set():
        with store.database.reading() as session:
            active = session.execute(
                select(Lead.id).where(Lead.state == LeadState.ACTIVE).order_by(Lead.id.desc()).limit(3)
            )
            lead_ids = list(active.scalars())
        for lead_id in lead_ids:
            tries += _patiently(partial(_convert, store, lead_id))
            converted += 1
    store.close()
    return converted, tries - converted


def _convert(store: Store, lead_id: int) -> None:
    with store.database.unit_of_work() as session:
        convert_lead(session, lead_id)


def _patiently(work: Callable[[], object]) -> int:
    """How many tries it took."""
    for tries in range(1, MOST_TRIES + 1):
        try:
            work()
        except Transient:
            continue
        except Conflict as error:
            raise AssertionError("Only one process converts.") from error
        return tries
    raise AssertionError("It never got its turn.")
