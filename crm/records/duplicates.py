"""Records that may be the same, looked for every hour and proposed until a person merges or dismisses them.

people      one e-mail address; one phone, written nationally or not; a similar name at one company, or at one domain of addresses
companies   one registrable domain; nearly one name, legal forms apart
leads       active ones, with one e-mail address or one phone

Nobody is compared with everybody: people within a company or domain, by words that begin alike; companies with their neighbours
in the order of their names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from core.clock import utcnow
from core.errors import UsageError
from core.logging import get_logger
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records.channels import EMAIL, PHONE
from crm.records.likeness import company_key, person_key, same_company, same_person
from crm.records.repository import duplicates as rows
from crm.records.repository import reading
from crm.records.repository.duplicates import Pair
from crm.records.repository.reading import names_of
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

KINDS = (RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD)
MOST_FOUND = 10_000
"""Pairs of one kind that are proposed at the same time: nobody looks through more."""
FEW = 30
NEIGHBOURS = 8
BEGINNING = 3
PAIRS_AT_ONCE = 200
MOST_OF_A_GROUP = 200
IDS_AT_ONCE = 500

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """Records of which each looks like another one, and why."""

    ids: tuple[int, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group and its records, or the first of them."""

    group: Group
    records: tuple[Any, ...]


_LISTS: Mapping[RecordType, Callable[[ReadSession, Viewer, RecordFilter], Sequence[Any]]] = {
    RecordType.CONTACT: reading.contacts,
    RecordType.COMPANY: reading.companies,
    RecordType.LEAD: reading.leads,
}


def find_duplicates(store: Store) -> None:
    """Look through all contacts, companies and active leads, and bring what is proposed up to date."""
    for kind in KINDS:
        with store.database.reading() as session:
            known = rows.known_pairs(session, kind)
            found = _found(session, kind, {pair for pair, dismissed in known.items() if dismissed})
        fresh = [(pair, reason) for pair, reason in found.items() if pair not in known]
        gone = [pair for pair, dismissed in known.items() if not dismissed and pair not in found]
        for start in range(0, len(fresh), PAIRS_AT_ONCE):
            with store.database.unit_of_work(Urgency.BULK) as session:
                rows.propose(session, kind, fresh[start : start + PAIRS_AT_ONCE])
        for start in range(0, len(gone), PAIRS_AT_ONCE):
            with store.database.unit_of_work(Urgency.BULK) as session:
                rows.withdraw(session, kind, gone[start : start + PAIRS_AT_ONCE])
        if fresh or gone:
            log.info("duplicates.found", type=kind.value, found=len(fresh), gone=len(gone))


def groups(session: ReadSession, viewer: Viewer, kind: RecordType, most: int = rows.MOST_PAIRS) -> list[Group]:
    """What is proposed, pairs that hang together as one; of at most so many pairs."""
    leads: dict[int, int] = {}
    pairs = rows.proposed(session, viewer, kind, most)
    for pair in pairs:
        first, second = (_root(leads, each) for each in (pair.first_id, pair.second_id))
        leads[max(first, second)] = min(first, second)
    members: dict[int, set[int]] = {}
    reasons: dict[int, dict[str, None]] = {}
    for pair in pairs:
        root = _root(leads, pair.first_id)
        members.setdefault(root, set()).update((pair.first_id, pair.second_id))
        reasons.setdefault(root, {})[pair.reason] = None
    return [Group(tuple(sorted(ids)), tuple(reasons[root])) for root, ids in members.items()]


def dismiss(session: WriteSession, viewer: Viewer, kind: RecordType, ids: Sequence[int]) -> None:
    """Say that no two of these are the same: they are not proposed again.

    Raises `Forbidden` for guests, `UsageError` for fewer than two.
    """
    viewer.require_write()
    there = names_of(session, viewer, [(kind, each) for each in set(ids)])
    if kind not in KINDS or len(there) < 2:
        raise UsageError("Choose at least two contacts, companies or leads that are there.")
    require(session, viewer, Act.EDIT, *((kind, each.id) for each in there))
    rows.dismiss(session, viewer, kind, [each.id for each in there], utcnow())


def group_page(
    session: ReadSession, viewer: Viewer, kind: RecordType, start: int, limit: int, of_each: int = MOST_OF_A_GROUP
) -> tuple[list[ShownGroup], int]:
    """Some of the groups with the first of their records, and how many groups there are; by a fixed number of queries."""
    found = groups(session, viewer, kind)
    some = found[start : start + limit]
    ids = sorted({each for group in some for each in group.ids[:of_each]})
    by_id: dict[int, Any] = {}
    for first in range(0, len(ids), IDS_AT_ONCE):
        wanted = RecordFilter(ids=tuple(ids[first : first + IDS_AT_ONCE]), limit=IDS_AT_ONCE)
        by_id |= {row.id: row for row in _LISTS[kind](session, viewer, wanted)}
    return [ShownGroup(group, tuple(by_id[each] for each in group.ids if each in by_id)) for group in some], len(found)


def _found(session: ReadSession, kind: RecordType, dismissed: Set[Pair]) -> dict[Pair, str]:
    """The first reason of each pair that is to be proposed; the surest reasons come first."""
    found: dict[Pair, str] = {}
    for pair, reason in _pairs(session, kind):
        if pair in found or pair in dismissed:
            continue
        if len(found) == MOST_FOUND:
            break
        found[pair] = reason
    return found


def _pairs(session: ReadSession, kind: RecordType) -> Iterator[tuple[Pair, str]]:
    for channel in (EMAIL, PHONE):
        yield from _of_groups(rows.sharing_channels(session, kind, channel), channel)
    if kind is RecordType.LEAD:
        return
    if kind is RecordType.COMPANY:
        yield from _of_groups(rows.company_domains(session), "domain")
        named = sorted(
            (key, record_id) for record_id, name in rows.company_names(session) if (key := company_key(name))
        )
        yield from ((pair, "name") for pair in _near(named, same_company))
        return
    for people in rows.colleagues(session):
        yield from ((pair, "name") for pair in similar_people(people))
    for people in rows.of_one_domain(session):
        yield from ((pair, "name") for pair in similar_people(people))


def similar_people(people: Sequence[tuple[int, str]]) -> set[Pair]:
    """Pairs of similar names among these, compared where they have words that begin alike."""
    together: dict[str, set[tuple[str, int]]] = {}
    for record_id, name in people:
        key = person_key(name)
        for word in key.split():
            together.setdefault(word[:BEGINNING], set()).add((key, record_id))
    found: set[Pair] = set()
    for some in together.values():
        if len(some) > FEW:
            found |= set(_near(sorted(some), same_person))
        else:
            found |= {_pair(one[1], other[1]) for one, other in combinations(some, 2) if same_person(one[0], other[0])}
    return found


def _near(named: Sequence[tuple[str, int]], alike: Callable[[str, str], bool]) -> Iterator[Pair]:
    """Pairs of neighbours in the order of their names that are alike."""
    for at, (key, record_id) in enumerate(named):
        for other, other_id in named[at + 1 : at + 1 + NEIGHBOURS]:
            if other_id != record_id and alike(key, other):
                yield _pair(record_id, other_id)


def _of_groups(ids: Iterable[Sequence[int]], reason: str) -> Iterator[tuple[Pair, str]]:
    for group in ids:
        for one, other in combinations(sorted(set(group)), 2):
            yield (one, other), reason


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _root(leads: dict[int, int], each: int) -> int:
    while leads.get(each, each) != each:
        each = leads[each]
    return each
