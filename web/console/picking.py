"""Fields in which colleagues and records are chosen: proposed while somebody types, or typed between commas without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.posting.addressing import SHOWN, Choice, Field, chosen, proposals, record_of, understood
from storage.models import RecordType
from storage.sessions import ReadSession
from web.console.choosing import MOST, next_most
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
RecordKey = tuple[RecordType, int]
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Picked:
    """What stands in such a field: what was chosen, and in `possible` what a typed name may mean; `problem` says so."""

    choices: tuple[Choice, ...]
    possible: tuple[Choice, ...] = ()
    problem: str = ""
    typed: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """What was chosen, by value."""
        return tuple(one.value for one in self.choices)


@router.get("/stream/choices")
def proposed(
    request: Request,
    me: Me,
    field: Field,
    words: Annotated[str, Query(max_length=LONGEST_WORDS)] = "",
    most: Annotated[int, Query(ge=1, le=MOST)] = SHOWN,
) -> Response:
    """Lines to choose from, for the list below a field."""
    with services_of(request).store.database.reading() as session:
        found = proposals(session, me.viewer, field, words, most + 1)
    part, more = "stream/_choices.html", next_most(most) if len(found) > most else 0
    return render(request, me, part, part=part, choices=found[:most], more=more, asked=words)


def picked(session: ReadSession, viewer: Viewer, field: Field, values: Sequence[str], words: str = "") -> Picked:
    """What a field holds, chips and typed names together."""
    ticked = chosen(session, viewer, field, values)
    typed = understood(session, viewer, field, words)
    problems = [f"Nobody and nothing here is called {', '.join(typed.unknown)}."] if typed.unknown else []
    if len(ticked) < len(set(values)):
        problems.append("Something that was chosen is not there any more: look at what is left, and send it again.")
    if typed.possible:
        problems.append("More than one is called so: choose below which you mean.")
    choices = {one.value: one for one in (*ticked, *typed.certain)}
    possible = {one.value: one for one in typed.possible if one.value not in choices}
    return Picked(tuple(choices.values()), tuple(possible.values()), " ".join(problems), ", ".join(typed.unknown))


def records_picked(session: ReadSession, viewer: Viewer, values: Sequence[str], words: str) -> tuple[RecordKey, ...]:
    """The records that a field holds. Raises `UsageError` for a name that is none, or several."""
    found = picked(session, viewer, Field.ABOUT, values, words)
    if found.problem:
        which = ", ".join(one.name for one in found.possible)
        raise UsageError(f"{found.problem} {which}".strip())
    return tuple(key for value in found.values if (key := record_of(value)) is not None)
