"""Pairs of records that look the same: the rows to compare, and what was found and decided."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, union_all, update
from sqlalchemy.orm import aliased

from core.clock import utcnow
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.office.settings import read_office
from crm.records.channels import EMAIL, PHONE, email_key, phone_key
from crm.records.likeness import phone_ending
from crm.records.repository.naming import LABELS, TABLES
from crm.records.repository.reading import names_of
from crm.records.repository.terms import records_by_endings
from crm.records.views import Named
from storage.models import Channel, Company, Contact, DuplicatePair, Lead, LeadState, RecordType
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

Pair = tuple[int, int]
MOST_SHARING = 5
"""A phone or address that more people share is a switchboard or an office, and says nothing of who they are."""
MOST_PAIRS = 2_000
SHORTEST_PHONE = 7
IDS_AT_ONCE = 500
MOST_PAIRED = 50
"""Records of which every pair is written down when they are dismissed: 1,225 rows, 15 ms on SQLite."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two records that may be the same."""

    first_id: int
    second_id: int
    reason: str


def sharing_channels(session: ReadSession, kind: RecordType, channel: str) -> Iterator[list[int]]:
    """Records, which are not deleted, that share an e-mail address or the end of a phone number; of leads those that are
    active, for a client's earlier ones say nothing."""
    table: Any = TABLES[kind]
    key = Channel.key if channel == EMAIL else _ending(session)
    here = [Channel.record_type == kind, Channel.kind == channel]
    if channel == PHONE:
        here.append(func.length(Channel.key) >= SHORTEST_PHONE)
    there = and_(table.id == Channel.record_id, table.deleted_at.is_(None), *_open(kind, table))
    counted = select(key).join(table, there) if kind is RecordType.LEAD else select(key)
    several = counted.where(*here).group_by(key).having(func.count().between(2, MOST_SHARING))
    rows = select(key, Channel.record_id).join(table, there)
    return _grouped(session.execute(rows.where(*here, key.in_(several)).order_by(key).distinct()))


def colleagues(session: ReadSession) -> Iterator[list[tuple[int, str]]]:
    """Id and name of the people of each company."""
    rows = select(Contact.company_id, Contact.id, Contact.name).where(
        Contact.company_id.is_not(None), Contact.deleted_at.is_(None)
    )
    return _named(session, rows.order_by(Contact.company_id), lambda _: True)


def of_one_domain(session: ReadSession) -> Iterator[list[tuple[int, str]]]:
    """Id and name of the people whose addresses are of one domain, which is not everybody's."""
    domain, lists = _domain(session), read_lists(session)
    rows = (
        select(domain, Contact.id, Contact.name)
        .join(Contact, and_(Contact.id == Channel.record_id, Contact.deleted_at.is_(None)))
        .where(Channel.record_type == RecordType.CONTACT, Channel.kind == EMAIL)
    )
    return _named(session, rows.order_by(domain).distinct(), lambda found: not lists.is_free_mail(str(found)))


def company_domains(session: ReadSession) -> Iterator[list[int]]:
    """Companies that have one registrable domain."""
    several = (
        select(Company.domain)
        .where(Company.domain.is_not(None), Company.deleted_at.is_(None))
        .group_by(Company.domain)
        .having(func.count() > 1)
    )
    rows = select(Company.domain, Company.id).where(Company.domain.in_(several), Company.deleted_at.is_(None))
    return _grouped(session.execute(rows.order_by(Company.domain)))


def company_names(session: ReadSession) -> Iterator[tuple[int, str]]:
    """Id and name of all companies."""
    rows = session.execute(select(Company.id, Company.name).where(Company.deleted_at.is_(None)))
    return ((row.id, row.name) for row in rows)


def known_pairs(session: ReadSession, kind: RecordType) -> dict[Pair, bool]:
    """All pairs that are written down, and whether a person has dismissed them."""
    rows = select(DuplicatePair.first_id, DuplicatePair.second_id, DuplicatePair.dismissed_at)
    found = session.execute(rows.where(DuplicatePair.record_type == kind))
    return {(row.first_id, row.second_id): row.dismissed_at is not None for row in found}


def propose(session: WriteSession, kind: RecordType, pairs: Iterable[tuple[Pair, str]]) -> None:
    """Write pairs down that are not yet."""
    now = utcnow()
    rows = [
        {"record_type": kind, "first_id": first, "second_id": second, "reason": reason, "found_at": now}
        for (first, second), reason in pairs
    ]
    if rows:
        session.execute(upsert(session, DuplicatePair).on_conflict_do_nothing(), rows)


def withdraw(session: WriteSession, kind: RecordType, pairs: Sequence[Pair]) -> None:
    """Forget proposals that do not hold any more; what a person has dismissed stays."""
    for first, second in pairs:
        these = (DuplicatePair.first_id == first, DuplicatePair.second_id == second)
        open_ones = delete(DuplicatePair).where(DuplicatePair.record_type == kind, *these)
        session.execute(open_ones.where(DuplicatePair.dismissed_at.is_(None)))


def dismiss(session: WriteSession, viewer: Viewer, kind: RecordType, ids: Collection[int], now: datetime) -> None:
    """Remember that no two of these are the same: of very many only what is proposed, for each has all others beside it."""
    if len(ids) > MOST_PAIRED:
        among = (DuplicatePair.first_id.in_(ids), DuplicatePair.second_id.in_(ids))
        proposed_ones = update(DuplicatePair).where(
            DuplicatePair.record_type == kind, DuplicatePair.dismissed_at.is_(None), *among
        )
        session.execute(proposed_ones.values(dismissed_at=now, dismissed_by_id=viewer.user_id))
        return
    statement = upsert(session, DuplicatePair)
    values = {
        "record_type": kind,
        "reason": "",
        "found_at": now,
        "dismissed_at": now,
        "dismissed_by_id": viewer.user_id,
    }
    again = statement.on_conflict_do_update(
        index_elements=["record_type", "first_id", "second_id"],
        set_={"dismissed_at": statement.excluded.dismissed_at, "dismissed_by_id": statement.excluded.dismissed_by_id},
    )
    rows = [{**values, "first_id": first, "second_id": second} for first, second in combinations(sorted(set(ids)), 2)]
    session.execute(again, rows)


def carry_dismissed(session: WriteSession, kind: RecordType, from_id: int, to_id: int) -> None:
    """Whom the one was said not to be, the one it was merged into is not either."""
    either = or_(DuplicatePair.first_id == from_id, DuplicatePair.second_id == from_id)
    rows = session.execute(
        select(DuplicatePair).where(DuplicatePair.record_type == kind, either, DuplicatePair.dismissed_at.is_not(None))
    ).scalars()
    carried = []
    for row in rows:
        other = row.second_id if row.first_id == from_id else row.first_id
        if other != to_id:
            first, second = sorted((other, to_id))
            kept = {"reason": row.reason, "found_at": row.found_at, "dismissed_at": row.dismissed_at}
            same = {"record_type": kind, "first_id": first, "second_id": second}
            carried.append({**same, **kept, "dismissed_by_id": row.dismissed_by_id})
    if carried:
        session.execute(upsert(session, DuplicatePair).on_conflict_do_nothing(), carried)


def proposed(session: ReadSession, viewer: Viewer, kind: RecordType, limit: int = MOST_PAIRS) -> list[Proposed]:
    """Pairs of which the viewer sees both, and nobody said that they are two."""
    table: Any = TABLES[kind]
    first, second = aliased(table), aliased(table)
    rows = session.execute(
        select(DuplicatePair.first_id, DuplicatePair.second_id, DuplicatePair.reason)
        .join(first, and_(first.id == DuplicatePair.first_id, *_there(viewer, kind, first)))
        .join(second, and_(second.id == DuplicatePair.second_id, *_there(viewer, kind, second)))
        .where(DuplicatePair.record_type == kind, DuplicatePair.dismissed_at.is_(None))
        .order_by(DuplicatePair.id)
        .limit(limit)
    )
    return [Proposed(*row) for row in rows]


def known_by(
    session: ReadSession, viewer: Viewer, kind: RecordType, emails: Iterable[str], phones: Collection[str]
) -> list[Named]:
    """Records of that kind that have one of these addresses or phones; of leads those that are active."""
    keys = {email_key(each) for each in emails if each.strip()}
    country = read_office(session).phone_country if phones else ""
    endings = {ending for each in phones if (ending := phone_ending(phone_key(each, country))) is not None}
    by_email = select(Channel.record_id).where(
        Channel.record_type == kind, Channel.kind == EMAIL, Channel.key.in_(keys)
    )
    ids: set[int] = set()
    asked_by_email = keys and not viewer.hides(kind, "emails")
    asked_by_phone = endings and not viewer.hides(kind, "phones")
    for asked, found in (
        (asked_by_email, by_email),
        (asked_by_phone, records_by_endings(kind, sorted(endings))),
    ):
        if asked:
            ids.update(session.execute(found.limit(IDS_AT_ONCE)).scalars())
    if ids and kind is RecordType.LEAD:
        ids &= set(session.execute(select(Lead.id).where(Lead.id.in_(ids), Lead.state == LeadState.ACTIVE)).scalars())
    return names_of(session, viewer, [(kind, record_id) for record_id in sorted(ids)])


def proposed_beside(session: ReadSession, viewer: Viewer, record: tuple[RecordType, int], limit: int) -> list[Named]:
    """Records that may be the same as that one, as far as the viewer sees them; by the indexes of pairs."""
    kind, record_id = record
    ways = ((DuplicatePair.first_id, DuplicatePair.second_id), (DuplicatePair.second_id, DuplicatePair.first_id))
    either = [
        select(theirs).where(DuplicatePair.record_type == kind, mine == record_id, DuplicatePair.dismissed_at.is_(None))
        for mine, theirs in ways
    ]
    other: Any = TABLES[kind]
    rows = session.execute(
        select(other.id, LABELS[kind])
        .where(other.id.in_(union_all(*either)), *_there(viewer, kind, other))
        .order_by(other.id)
        .limit(limit)
    )
    return [Named(kind, *row) for row in rows]


def _there(viewer: Viewer, kind: RecordType, table: Any) -> list[ColumnElement[bool]]:
    return [table.deleted_at.is_(None), *_open(kind, table), *within(viewer, kind, table=table)]


def _open(kind: RecordType, table: Any) -> list[ColumnElement[bool]]:
    """Of leads those of which something can still become."""
    return [table.state == LeadState.ACTIVE] if kind is RecordType.LEAD else []


def _ending(session: ReadSession) -> ColumnElement[str]:
    """The last nine digits of a phone, as `phone_ending` has them."""
    digits = func.replace(Channel.key, "+", "")
    return func.right(digits, 9) if session.on_postgresql else func.substr(digits, -9)


def _domain(session: ReadSession) -> ColumnElement[str]:
    if session.on_postgresql:
        return func.split_part(Channel.key, "@", 2)
    return func.substr(Channel.key, func.instr(Channel.key, "@") + 1)


def _grouped(rows: Any) -> Iterator[list[int]]:
    """Ids of rows of key and id that come with one key after the other."""
    last, ids = None, list[int]()
    for key, record_id in rows:
        if key != last and ids:
            yield ids
            ids = []
        last = key
        ids.append(record_id)
    if ids:
        yield ids


def _named(session: ReadSession, statement: Any, counts: Callable[[object], bool]) -> Iterator[list[tuple[int, str]]]:
    """Of rows of key, id and name that come with one key after the other, those of each key that counts."""
    last, people, wanted = None, list[tuple[int, str]](), False
    for key, record_id, name in session.execute(statement.execution_options(yield_per=5_000)):
        if key != last:
            if len(people) > 1:
                yield people
            people, wanted = [], counts(key)
        last = key
        if wanted:
            people.append((record_id, name))
    if len(people) > 1:
        yield people
