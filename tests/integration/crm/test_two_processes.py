"""Two mailboxes, read by two processes, get the same mail at the same moment (PostgreSQL): one of everything comes of it.

Real processes, which share nothing but the database and the folder of raw mail, as two machines of a company do; each meeting
starts two, so there are only those that differ in what can go wrong. The same order has both make the same person at once;
the reversed one meets in the middle, each holding what the other wants next; the shuffled one has answers come before what they
answer, so threads join. What mode makes is one more branch of one function, behind the same keys: Classic is met once, in the
order that joins threads, and leads are converted meanwhile in the reversed one, where later mail comes while its lead goes.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from crm.records.modes import CrmMode, Mode
from crm_world import Box, World, mail
from forks import FORKS
from integration.crm.working_apart import Where, convert_until, take_all
from storage.models import (
    Activity,
    ActivityBinding,
    Channel,
    Contact,
    Deal,
    Lead,
    LeadState,
    Message,
    Outbox,
    Place,
    Quarantine,
    RecordType,
)
from storage.store import Store

PEOPLE, EACH = 100, 5
MAILS = PEOPLE * EACH
SIZES = (40, 60)
SECONDS = 120
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.parametrize("store", ["postgresql"], indirect=True),
]


def correspondence() -> list[bytes]:
    """Each person writes twice anew, and answers himself in between."""
    raws = []
    for number in range(PEOPLE):
        sender, to = f"Person {number} <p{number}@client{number}.example>", "sales@ours.example, box@ours.example"
        raws += [
            mail(sender, to, f"Offer {number}", message_id=f"a{number}"),
            mail(sender, to, f"Re: Offer {number}", message_id=f"b{number}", references=[f"a{number}"]),
            mail(sender, to, f"Plan {number}", message_id=f"c{number}"),
            mail(sender, to, f"Re: Plan {number}", message_id=f"d{number}"),
            mail(sender, to, f"Re: Offer {number}", message_id=f"e{number}", references=[f"a{number}", f"b{number}"]),
        ]
    return raws


ORDERS = {
    "the same": lambda raws: raws,
    "reversed": lambda raws: raws[::-1],
    "shuffled": lambda raws: Random(7).sample(raws, len(raws)),
}


MEETINGS = [(Mode.SIMPLE, "the same"), (Mode.SIMPLE, "reversed"), (Mode.SIMPLE, "shuffled"), (Mode.CLASSIC, "shuffled")]


@pytest.mark.parametrize(("mode", "order"), MEETINGS)
def test_one_of_everything(
    store: Store, tmp_path: Path, mode: Mode, order: str, request, record_testsuite_property
) -> None:
    world = World(store)
    world.mode(CrmMode(mode))
    boxes = [world.sales, world.add_mailbox("box@ours.example")]
    raws = correspondence()

    tried_again = at_once(world, tmp_path, list(zip(boxes, (raws, ORDERS[order](raws)), SIZES, strict=True)))

    record_testsuite_property(f"tried again: {request.node.name}", tried_again)
    each_mail_once(world)
    made = {"simple": {Contact: PEOPLE, Deal: PEOPLE, Lead: 0}, "classic": {Contact: 0, Deal: 0, Lead: PEOPLE}}[mode]
    assert {table: count(world, table) for table in made} == made
    assert count(world, Channel) == PEOPLE
    assert set(owners(world).values()) == {EACH}


@pytest.mark.parametrize("order", ["reversed"])
def test_leads_are_converted_meanwhile(
    store: Store, tmp_path: Path, order: str, request, record_testsuite_property
) -> None:
    """Given somebody who converts leads as they come, then their later mail is on the deals, and none is left behind."""
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    boxes = [world.sales, world.add_mailbox("box@ours.example")]
    raws = correspondence()

    tried_again = at_once(
        world, tmp_path, list(zip(boxes, (raws, ORDERS[order](raws)), SIZES, strict=True)), converting=True
    )

    record_testsuite_property(f"tried again: {request.node.name}", tried_again)
    each_mail_once(world)
    leads = world.all(Lead)
    converted = [lead for lead in leads if lead.state is LeadState.CONVERTED]
    assert len(leads) == PEOPLE
    assert len(converted) > PEOPLE // 10, "nobody converted anything: nothing was tried"
    assert count(world, Deal) == count(world, Contact) == len(converted)
    expected = {(RecordType.DEAL, lead.deal_id) for lead in converted}
    expected |= {(RecordType.LEAD, lead.id) for lead in leads if lead.state is LeadState.ACTIVE}
    assert owners(world) == dict.fromkeys(expected, EACH)


def at_once(
    world: World, folder: Path, works: Sequence[tuple[Box, Sequence[bytes], int]], *, converting: bool = False
) -> list[int]:
    """Let a process for each mailbox take its mail in, all from the same moment. How often each had to try again."""
    where = Where(folder, world.store.database.url.replace("postgresql+psycopg", "postgresql"))
    with FORKS.Manager() as manager, ProcessPoolExecutor(len(works) + converting, mp_context=FORKS) as pool:
        start, end = manager.Barrier(len(works) + converting), manager.Event()
        taking = []
        for box, raws, size in works:
            arrivals = [world.arrival(raw, box) for raw in raws]
            taking.append(pool.submit(take_all, where, box.id, arrivals, size, start))
        people = [pool.submit(convert_until, where, start, end)] if converting else []
        wait(taking, SECONDS)
        end.set()
        return [each.result(SECONDS) for each in taking] + [each.result(SECONDS)[1] for each in people]


def each_mail_once(world: World) -> None:
    assert count(world, Message) == count(world, Activity, Activity.message_id.is_not(None)) == MAILS
    places = Counter(place.mailbox_id for place in world.all(Place))
    assert sorted(places.values()) == [MAILS, MAILS]
    assert {len({place.mailbox_id for place in group}) for group in _by_message(world).values()} == {2}
    assert count(world, Quarantine) == 0
    events = Counter((row.job, row.args["message_id"]) for row in world.all(Outbox))
    assert events == {("message.received", message.id): 1 for message in world.all(Message)}
    subjects = {f"{word} {number}" for word in ("Offer", "Plan") for number in range(PEOPLE)}
    assert len(world.threads()) == len(subjects)


def _by_message(world: World) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in world.all(Place):
        found.setdefault(place.message_id, []).append(place)
    return found


def owners(world: World) -> dict[tuple[RecordType, int], int]:
    """Records that own mail, and how much of it. Asserts that each mail has one owner."""
    of_mail = select(ActivityBinding).join(Activity).where(Activity.message_id.is_not(None), ActivityBinding.owner)
    rows = world.rows(of_mail)
    assert len({row.activity_id for row in rows}) == len(rows) == MAILS
    return dict(Counter((row.record_type, row.record_id) for row in rows))


def count(world: World, table: type, *where: object) -> int:
    with world.store.database.reading() as session:
        return session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
