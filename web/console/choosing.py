"""Choosing one contact, company or lead in a form by its name: proposed while somebody types, or looked up when the form is sent.

A form has three fields for it: NAME (the id that is chosen, or nothing), NAME_words (what stands in the field that people see)
and NAME_asked (for which words NAME was chosen). Where the words are others than those, they are looked up: one record that is
called so is chosen, and of several the form asks which one is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from core.errors import NotFound, UsageError
from crm.records.repository import reading
from crm.records.views import CompanyView, ContactView, LeadView, RecordFilter
from storage.folding import name_key
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
SHOWN = 20
MOST = 200
"""So many are proposed in all; whoever needs more types further."""
LONGEST_WORDS = 200
NOT_SHOWN = "(not shown to you)"
WORDS, ASKED, MORE = "_words", "_asked", "_most"
"""What the fields beside NAME end with; the last is the button that shows more of those who were found."""
LISTS: Mapping[RecordType, Any] = {
    RecordType.CONTACT: reading.contacts,
    RecordType.COMPANY: reading.companies,
    RecordType.LEAD: reading.leads,
}
READERS: Mapping[RecordType, Any] = {
    RecordType.CONTACT: reading.contact,
    RecordType.COMPANY: reading.company,
    RecordType.LEAD: reading.lead,
}
Row = ContactView | CompanyView | LeadView


@dataclass(frozen=True, slots=True)
class Option:
    """One to choose; `detail` tells people of one name apart."""

    id: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Options:
    """Who was found by words, those first who are called just so; `more`: how many to ask for next, 0 where these are all."""

    rows: tuple[Option, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Chooser:
    """What a form shows: who is chosen; or, where `words` can mean several, whom, and where nobody, the `problem`."""

    kind: RecordType
    name: str
    label: str
    words: str
    chosen: Option | None
    possible: Options
    problem: str
    but: int | None


@router.get("/choose/{kind}")
def proposed(
    request: Request,
    me: Me,
    kind: RecordType,
    words: str = "",
    most: Annotated[int, Query(ge=1, le=MOST)] = SHOWN,
    but: RowId | None = None,
) -> Response:
    """Lines for the list below a field: who is found by what is typed by now, without words the newest; `but` is never shown."""
    me.viewer.require_write()
    if kind not in LISTS:
        raise NotFound("Only contacts, companies and leads are chosen so.")
    with services_of(request).store.database.reading() as session:
        found = _found(session, me, kind, _cut(words), most, but)
    part = "records/_options.html"
    return render(request, me, part, part=part, found=found, kind=kind, asked=_cut(words))


def chooser(
    session: ReadSession,
    me: SignedIn,
    kind: RecordType,
    name: str,
    label: str,
    typed: Mapping[str, Any],
    but: int | None = None,
) -> Chooser:
    """A chooser with what a form holds by now. `but` is the one record that can not be meant."""
    chosen_id = row_id(str(typed.get(name, "")))
    chosen = _option(session, me, kind, chosen_id) if chosen_id not in (None, but) else None
    words = _cut(str(typed.get(name + WORDS, chosen.name if chosen else "")))
    if not words or (chosen and not _is_new(typed, name)):
        return Chooser(kind, name, label, words, chosen if words else None, Options((), 0), "", but)
    most = min(row_id(str(typed.get(name + MORE, ""))) or SHOWN, MOST)
    found = _found(session, me, kind, words, most, but)
    return Chooser(kind, name, label, words, None, found, _problem(kind, words, found), but)


def settled(
    session: ReadSession,
    me: SignedIn,
    typed: Mapping[str, str],
    asked: Mapping[str, RecordType],
    but: int | None = None,
) -> tuple[dict[str, str], bool]:
    """What was typed, with the ids of those whose names were; and whether somebody has to say first whom they mean.

    `asked`: the fields in which records are chosen, and of which kind.
    """
    after, is_open = dict(typed), False
    for name, kind in asked.items():
        words = _cut(typed.get(name + WORDS, ""))
        if name + MORE not in typed and not _is_new(typed, name) and (typed.get(name) or not words):
            continue
        meant = None if name + MORE in typed else _meant(session, me, kind, words, but)
        after |= {name: str(meant.id) if meant else "", name + WORDS: meant.name if meant else words}
        after[name + ASKED] = after[name + WORDS]
        is_open |= meant is None and bool(words)
    return after, is_open


def settled_or_refused(
    session: ReadSession, me: SignedIn, typed: Mapping[str, str], asked: Mapping[str, RecordType]
) -> dict[str, str]:
    """As `settled`. Raises `UsageError` where somebody has to say first whom they mean: the form that comes back asks."""
    after, is_open = settled(session, me, typed, asked)
    if is_open:
        shown = [chooser(session, me, kind, name, "", after) for name, kind in asked.items()]
        raise UsageError(" ".join(dict.fromkeys(one.problem for one in shown if one.problem)))
    return after


def next_most(most: int) -> int:
    """How many to propose after so many; 0 where that is enough."""
    return min(most + SHOWN, MOST) if most < MOST else 0


def belongs_to_chooser(name: str) -> bool:
    """Whether a field of a form stands beside one in which a record is chosen."""
    return name.endswith((WORDS, ASKED, MORE))


def _cut(words: str) -> str:
    return " ".join(words.replace("\0", " ").split())[:LONGEST_WORDS]


def _is_new(typed: Mapping[str, Any], name: str) -> bool:
    """Whether other words were typed than those for which NAME was chosen; a program sends no words, only NAME."""
    return name + WORDS in typed and _cut(str(typed[name + WORDS])) != _cut(str(typed.get(name + ASKED, "")))


def _found(session: ReadSession, me: SignedIn, kind: RecordType, words: str, most: int, but: int | None) -> Options:
    others = [row for row in _rows(session, me, kind, RecordFilter(words=words, limit=most + 2)) if row.id != but]
    same = [row for row in _called(session, me, kind, words, most) if row.id != but]
    each = list({row.id: row for row in (*same, *others)}.values())
    more = next_most(most) if len(each) > most else 0
    return Options(tuple(_shown(row) for row in each[:most]), more)


def _meant(session: ReadSession, me: SignedIn, kind: RecordType, words: str, but: int | None) -> Option | None:
    """The only one who has this name, address, phone or domain, or else the only one found at all; None if there are several."""
    if not words:
        return None
    found = _found(session, me, kind, words, SHOWN, but).rows
    same = [one for one in found if name_key(one.name) == name_key(words) or words.casefold() in _parts(one)]
    return same[0] if len(same) == 1 else found[0] if len(found) == 1 and not same else None


def _parts(one: Option) -> set[str]:
    return {part.casefold() for part in one.detail.split(", ")}


def _called(session: ReadSession, me: SignedIn, kind: RecordType, words: str, most: int) -> list[Row]:
    """All of just that name: the older of two must not be missed because many newer ones begin like it."""
    return _rows(session, me, kind, RecordFilter(called=words, limit=most + 2)) if name_key(words) else []


def _rows(session: ReadSession, me: SignedIn, kind: RecordType, wanted: RecordFilter) -> list[Row]:
    if kind is RecordType.LEAD:
        return [*reading.leads(session, me.viewer, replace(wanted, lead_state=LeadState.ACTIVE))]
    rows: list[Row] = LISTS[kind](session, me.viewer, wanted)
    return rows


def _problem(kind: RecordType, words: str, found: Options) -> str:
    if not found.rows:
        return f"No {kind.value} of yours has “{words}” in its name, address or phone."
    if len(found.rows) == 1:
        return f"Do you mean this {kind.value} by “{words}”?"
    plural = {"company": "companies"}.get(kind.value, f"{kind.value}s")
    return f"Several {plural} are found by “{words}”: choose which one you mean."


def _option(session: ReadSession, me: SignedIn, kind: RecordType, record_id: int) -> Option | None:
    """The chosen one; None where it is not there any more."""
    try:
        return _shown(READERS[kind](session, me.viewer, record_id))
    except NotFound:  # What somebody may not know of stays chosen, or saving the form would take it away.
        return None if me.viewer.reaches_all(kind) else Option(record_id, NOT_SHOWN, "")


def _shown(row: Row) -> Option:
    reached = [channel.value for channel in row.channels[:1]]
    name = row.title if isinstance(row, LeadView) else row.name
    where = row.company.name if isinstance(row, ContactView) and row.company else ""
    where = row.name if isinstance(row, LeadView) and row.name != name else where
    domain = row.domain or "" if isinstance(row, CompanyView) else ""
    return Option(row.id, name, ", ".join(part for part in (where, domain, *reached) if part))
