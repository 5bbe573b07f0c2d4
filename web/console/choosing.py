"""Choosing a contact or company in a form by typing: found as one writes, or, without script, by the button beside it.

A form has three fields for it: NAME (the id that is chosen, or nothing), NAME_words (what is looked for) and NAME_asked (what the
options shown were looked for by). Words that nobody has looked for yet are a question, not an answer: the form comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from core.errors import NotFound
from crm.records.repository import reading
from crm.records.views import CompanyView, ContactView, RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession
from web.forms import row_id
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
SHOWN = 8
NOT_SHOWN = "(not shown to you)"
FIND = "find"
"""The button that only looks for what was typed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One to choose; `detail` tells people of one name apart."""

    id: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Chooser:
    """What a form shows: who is chosen, and who else was found by `words`; where there is neither, the newest."""

    kind: RecordType
    name: str
    label: str
    words: str
    chosen: Option | None
    options: tuple[Option, ...]
    more_there: bool


@router.get("/choose/{kind}")
def found(request: Request, me: Me, kind: RecordType, name: str) -> Response:
    """The options for what is typed by now."""
    me.viewer.require_write()
    if kind not in (RecordType.CONTACT, RecordType.COMPANY):
        raise NotFound("Only contacts and companies are chosen so.")
    with services_of(request).store.database.reading() as session:
        shown = chooser(session, me, kind, name, name, request.query_params)
    return render_overlay(request, me, "records/_options.html", one=shown)


def chooser(
    session: ReadSession, me: SignedIn, kind: RecordType, name: str, label: str, typed: Mapping[str, Any]
) -> Chooser:
    """A chooser with what a form holds by now."""
    words = str(typed.get(f"{name}_words", "")).strip()
    chosen_id = row_id(str(typed.get(name, "")))
    chosen = _option(session, me, kind, chosen_id) if chosen_id is not None else None
    wanted = RecordFilter(words=words, limit=SHOWN + 1)
    read = reading.contacts if kind is RecordType.CONTACT else reading.companies
    rows: list[Any] = [] if chosen is not None and not words else [*read(session, me.viewer, wanted)]
    options = tuple(_shown(row) for row in rows[:SHOWN] if row.id != chosen_id)
    return Chooser(kind, name, label, words, chosen, options, len(rows) > SHOWN)


def is_question(form: Mapping[str, Any], *names: str) -> bool:
    """Whether a form was sent to look somebody up, and not to be stored."""
    return FIND in form or any(
        str(form.get(f"{name}_words", "")).strip() != str(form.get(f"{name}_asked", "")).strip() for name in names
    )


def _option(session: ReadSession, me: SignedIn, kind: RecordType, record_id: int) -> Option | None:
    """The chosen one; None where it is not there any more."""
    read = reading.contact if kind is RecordType.CONTACT else reading.company
    try:
        return _shown(read(session, me.viewer, record_id))
    except NotFound:  # What somebody may not know of stays chosen, or saving the form would take it away.
        return None if me.viewer.reaches_all(kind) else Option(record_id, NOT_SHOWN, "")


def _shown(row: ContactView | CompanyView) -> Option:
    reached = [channel.value for channel in row.channels[:1]]
    where = row.company.name if isinstance(row, ContactView) and row.company else ""
    domain = row.domain or "" if isinstance(row, CompanyView) else ""
    return Option(row.id, row.name, ", ".join(part for part in (where, domain, *reached) if part))
