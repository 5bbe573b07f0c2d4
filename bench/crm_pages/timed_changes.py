"""Changes records of the large store, and takes every change back: how long a unit of work holds SQLite's only writer.

What a commit takes besides is the disk's; it is measured where mail is stored.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import select

from bench.crm_pages.customers import Sizes
from bench.crm_pages.timed_pages import Statements, Took
from crm.access.roles.viewers import viewer_of
from crm.access.viewer import Viewer
from crm.records.bulk.acts import ask_for_deletion
from crm.records.bulk.editing import AT_ONCE, ask_for_edit, edit_some
from crm.records.contacts import create_contact
from crm.records.conversions import convert_lead
from crm.records.fields.editing import edit_record
from crm.records.merging import merge
from crm.records.on_behalf import move_deal
from crm.records.recycling import delete_record
from crm.stream.feed.commenting import SubjectType, add_comment
from storage.database import Database
from storage.models import Deal, Lead, LeadState, RecordType, Stage
from storage.sessions import WriteSession

ADMINISTRATOR = 1
BUSIEST = 1
"""The contact with most mail."""
CONTACT, COMPANY, DEAL = RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL

Change = Callable[[WriteSession, Viewer, random.Random, Sizes], object]


class TakenBack(Exception):
    """Ends a unit of work so that nothing of it stays."""


def time_changes(database: Database, sizes: Sizes, rounds: int, only: str) -> Iterator[tuple[str, Took]]:
    """Each kind of change, `rounds` times, each time to another record; the first of each is not counted."""
    counted = Statements()
    with database.reading() as session:
        viewer = viewer_of(session, ADMINISTRATOR)
    for kind, change in CHANGES.items():
        if not re.search(only, kind):
            continue
        took, chance = Took(), random.Random(kind)
        _do(database, viewer, change, chance, sizes, Took(), counted)
        for _ in range(rounds):
            _do(database, viewer, change, chance, sizes, took, counted)
        yield kind, took


def _do(
    database: Database,
    viewer: Viewer,
    change: Change,
    chance: random.Random,
    sizes: Sizes,
    took: Took,
    counted: Statements,
) -> None:
    try:
        with database.unit_of_work() as session:
            held, cpu, statements = time.perf_counter(), time.process_time(), counted.number
            change(session, viewer, chance, sizes)
            session.flush()
            took.clock.append((time.perf_counter() - held) * 1e3)
            took.cpu.append((time.process_time() - cpu) * 1e3)
            took.statements.append(counted.number - statements)
            raise TakenBack
    except TakenBack:
        pass


def _edit(
    kind: RecordType,
    wanted: dict[str, object],
    session: WriteSession,
    viewer: Viewer,
    chance: random.Random,
    sizes: Sizes,
) -> object:
    return edit_record(session, viewer, (kind, _one_of(kind, chance, sizes)), wanted)


def _delete(kind: RecordType, session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    return delete_record(session, viewer, (kind, _one_of(kind, chance, sizes)))


def _delete_busiest(session: WriteSession, viewer: Viewer, _: random.Random, __: Sizes) -> object:
    return delete_record(session, viewer, (CONTACT, BUSIEST))


def _add(session: WriteSession, _: Viewer, chance: random.Random, __: Sizes) -> object:
    number = chance.randrange(10**9)
    return create_contact(
        session, "Zoe Newcomer", emails=[f"new{number}@newcomer.example"], phones=[f"+48 {number:09}"]
    )


def _merge(session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    survivor, other = chance.sample(range(2, sizes.contacts), 2)
    return merge(session, viewer, (CONTACT, survivor), [other], {})


def _move(session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    deal_id = _one_of(DEAL, chance, sizes)
    stage_id = session.scalar(
        select(Stage.id)
        .join(Deal, Deal.pipeline_id == Stage.pipeline_id)
        .where(Deal.id == deal_id, Deal.stage_id != Stage.id)
        .limit(1)
    )
    return move_deal(session, viewer, deal_id, stage_id or 0)


def _convert(session: WriteSession, _: Viewer, chance: random.Random, sizes: Sizes) -> object:
    behind = Lead.id > chance.randrange(sizes.leads // 2)
    lead_id = session.scalar(select(Lead.id).where(Lead.state == LeadState.ACTIVE, behind).order_by(Lead.id).limit(1))
    return convert_lead(session, lead_id or 0)


def _comment(session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    return add_comment(
        session, viewer, SubjectType.ACTIVITY, chance.randrange(1, sizes.messages // 2), "Who calls them?"
    )


def _edit_ten(session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    ids = chance.sample(range(2, sizes.contacts), AT_ONCE)
    return edit_some(session, ask_for_edit(session, viewer, CONTACT, ids, {"responsible": 2}))


def _delete_ten(session: WriteSession, viewer: Viewer, chance: random.Random, sizes: Sizes) -> object:
    ids = chance.sample(range(2, sizes.contacts), AT_ONCE)
    return edit_some(session, ask_for_deletion(session, viewer, CONTACT, ids))


def _one_of(kind: RecordType, chance: random.Random, sizes: Sizes) -> int:
    return chance.randrange(2, {CONTACT: sizes.contacts, COMPANY: sizes.companies, DEAL: sizes.deals}[kind])


CHANGES: dict[str, Change] = {
    "a contact's name": partial(_edit, CONTACT, {"name": "Zoltan Other"}),
    "a contact's notes and tags": partial(_edit, CONTACT, {"tags": ["called"], "notes": "Call again in May."}),
    "who looks after a contact": partial(_edit, CONTACT, {"responsible": 2}),
    "a company's name": partial(_edit, COMPANY, {"name": "Zoltan and Others"}),
    "a deal's title": partial(_edit, DEAL, {"title": "Forty reams"}),
    "a deal's stage": _move,
    "a new contact": _add,
    "a comment": _comment,
    "a contact deleted": partial(_delete, CONTACT),
    "the busiest contact deleted": _delete_busiest,
    "a company deleted": partial(_delete, COMPANY),
    "two contacts merged": _merge,
    "a lead converted": _convert,
    "ten contacts edited": _edit_ten,
    "ten contacts deleted": _delete_ten,
}
"""What one change is, in a unit of work of its own."""
