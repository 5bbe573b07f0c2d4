"""Phones that were noted without a country get the one that the company has chosen since.

A number is the country's that was chosen when it was noted, and stays that when another one is chosen: a company that moves
to Germany keeps its Polish clients. What was noted while none was chosen gets the first one. Whoever chose the wrong country
may have all numbers read `anew` that are written without a code; those with one are never touched.
"""

from collections.abc import Iterator

from core.logging import get_logger
from crm.office.phones import full_number
from crm.office.settings import read_office
from crm.records.repository import renumbering as rows
from storage.jobs import OfPhones
from storage.running import JobRun
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 200
WALKED_AT_ONCE = 5_000
"""Addresses and phones among which a unit looks for some: some milliseconds."""
log = get_logger(__name__)


def renumber_in_job(run: JobRun) -> None:
    """The job. Done twice, the second time finds nothing."""
    wanted: OfPhones = run.args
    log.info("phones.renumbered", country=wanted.country, changed=sum(renumbered(run.store, wanted)))
    with run.completing():
        pass


def renumbered(store: Store, wanted: OfPhones) -> Iterator[int]:
    """How many phones each unit has changed; it ends where yet another country is chosen, whose own job does the rest."""
    after: int | None = 0
    while after is not None:
        with store.database.unit_of_work(Urgency.BULK) as session:
            if read_office(session, held=True).phone_country != wanted.country:
                return
            some, after = rows.phones_after(session, after, with_code=wanted.anew, limit=AT_ONCE, walked=WALKED_AT_ONCE)
            keys = {
                row.id: whole for row in some if (whole := full_number(row.value, wanted.country)) and whole != row.key
            }
            rows.give_keys(session, some, keys)
        yield len(keys)
