"""Whom a message is to, what it is about, and who is mentioned: proposed while somebody types, and found from what they typed.

A choice is named by its `value`: `all`, `user:3`, `contact:5`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crm.access.handles import shortest_handles
from crm.access.repository import people
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import ContactView, LeadView, RecordFilter
from crm.stream.views import RecordKey
from storage.folding import name_key
from storage.models import RecordType
from storage.sessions import ReadSession

EVERYONE = "all"
SHOWN = 20
MOST_NAMES = 50
_ALL_WORDS = frozenset({"all", "everyone", "everybody", "@all"})


class Field(StrEnum):
    """What is asked for: recipients, records, colleagues."""

    TO = "to"
    ABOUT = "about"
    MENTION = "mention"


class Look(StrEnum):
    """How a choice is shown: records grey, colleagues light blue, recipients by mail orange."""

    RECORD = "record"
    USER = "user"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody or something that can be chosen. `handle`: what a colleague is called after an @."""

    value: str
    look: Look
    kind: str
    name: str
    detail: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What typed names mean: those that are certain, those of which somebody has to say which, and those nobody has."""

    certain: tuple[Choice, ...]
    possible: tuple[Choice, ...]
    unknown: tuple[str, ...]


def proposals(session: ReadSession, viewer: Viewer, field: Field, words: str, most: int = SHOWN) -> list[Choice]:
    """What these words may mean, the likeliest first, at most `most`."""
    asked = " ".join(words.split()).lstrip("@")
    found = list(_matching(session, viewer, field, asked, most))
    beginning = asked.casefold()
    return sorted(found, key=lambda one: not one.name.casefold().startswith(beginning))[:most]


def chosen(session: ReadSession, viewer: Viewer, field: Field, values: Collection[str]) -> list[Choice]:
    """The choices with these values that are there for the viewer; other values are left out."""
    keys = [key for value in values if (key := record_of(value)) is not None]
    named = {(one.type, one.id): one.name for one in reading.names_of(session, viewer, keys)} if keys else {}
    look = Look.MAIL if field is Field.TO else Look.RECORD
    records = {
        f"{kind.value}:{record_id}": Choice(f"{kind.value}:{record_id}", look, kind.value, name)
        for (kind, record_id), name in named.items()
    }
    colleagues = {one.value: one for one in _colleagues(session, viewer, "")} if field is not Field.ABOUT else {}
    known = {**colleagues, **records, EVERYONE: _EVERYONE}
    return [known[value] for value in dict.fromkeys(values) if value in known]


def understood(session: ReadSession, viewer: Viewer, field: Field, words: str) -> Understood:
    """What was typed between commas: a name that only one has is certain, also where others merely begin with it."""
    certain: list[Choice] = []
    possible: list[Choice] = []
    unknown: list[str] = []
    for name in [part.strip() for part in re.split(r"[,;\n]", words) if part.strip()][:MOST_NAMES]:
        found = proposals(session, viewer, field, name)
        same = {one.value: one for one in found if name.lstrip("@").casefold() in _called(one)}
        exact = list((same | {one.value: one for one in _namesakes(session, viewer, field, name)}).values())[:SHOWN]
        if len(exact) == 1 or (len(found) == 1 and not exact):
            certain += exact or found
        elif found:
            possible += exact or found
        else:
            unknown.append(name)
    return Understood(tuple(certain), tuple(possible), tuple(unknown))


def record_of(value: str) -> RecordKey | None:
    """The record that a value names; None for anything else."""
    kind, _, number = value.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) <= 9
    return (RecordType(kind), int(number)) if is_number and kind in {each.value for each in RecordType} else None


def users_of(values: Sequence[str]) -> tuple[int, ...]:
    """The colleagues among chosen values."""
    found = (value.partition(":") for value in values)
    return tuple(int(number) for kind, _, number in found if kind == "user" and number.isdigit() and len(number) <= 9)


_EVERYONE = Choice(EVERYONE, Look.USER, "everybody", "all", "everybody here")


def _called(choice: Choice) -> set[str]:
    return {choice.name.casefold(), choice.detail.casefold(), choice.handle, choice.value}


def _matching(session: ReadSession, viewer: Viewer, field: Field, words: str, most: int) -> Iterator[Choice]:
    if field is not Field.ABOUT:
        if field is Field.TO and (not words or EVERYONE.startswith(words.casefold()) or words.casefold() in _ALL_WORDS):
            yield _EVERYONE
        yield from _colleagues(session, viewer, words)
    if field is not Field.MENTION and words:
        yield from _records(session, viewer, field, RecordFilter(words=words, limit=most))


def _colleagues(session: ReadSession, viewer: Viewer, words: str) -> Iterator[Choice]:
    everybody = people(session, viewer)
    called = shortest_handles({one.id: (one.name, one.email) for one in everybody})
    for one in everybody:
        handle = called.get(one.id, "")
        if words.casefold() in f"{one.name} {one.email} {handle}".casefold():
            yield Choice(f"user:{one.id}", Look.USER, "colleague", one.name, one.email, handle)


def _namesakes(session: ReadSession, viewer: Viewer, field: Field, name: str) -> Iterator[Choice]:
    """All records of just that name: the older of two must not be missed because many newer ones begin like it."""
    if field is not Field.MENTION and name_key(name):
        yield from _records(session, viewer, field, RecordFilter(called=name, limit=SHOWN))


def _records(session: ReadSession, viewer: Viewer, field: Field, wanted: RecordFilter) -> Iterator[Choice]:
    look = Look.MAIL if field is Field.TO else Look.RECORD
    if field is Field.ABOUT:
        for deal in reading.deals(session, viewer, wanted):
            yield Choice(f"deal:{deal.id}", look, "deal", deal.title, deal.contact.name if deal.contact else "")
    for contact in reading.contacts(session, viewer, wanted):
        yield Choice(f"contact:{contact.id}", look, "contact", contact.name, _email(contact))
    for lead in reading.leads(session, viewer, wanted):
        yield Choice(f"lead:{lead.id}", look, "lead", lead.title, _email(lead))
    if field is Field.ABOUT:
        for company in reading.companies(session, viewer, wanted):
            yield Choice(f"company:{company.id}", look, "company", company.name, company.domain or "")


def _email(record: ContactView | LeadView) -> str:
    return next((channel.value for channel in record.channels if channel.kind == "email"), "no e-mail address")
