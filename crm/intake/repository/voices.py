"""Stored messages that mail of this batch may be of one thread with."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from crm.intake.context import MailboxContext
from crm.intake.repository.tables import table_of
from crm.intake.threads import IN_HEADERS, WINDOW, Conversations, Voice, circle_of
from storage.among import among_given
from storage.models import Message, MessageAddress, Reference
from storage.sessions import WriteSession

_MESSAGE, _ADDRESS, _REFERENCE = table_of(Message).c, table_of(MessageAddress).c, table_of(Reference).c
_CALLED = (
    select(_MESSAGE.id, _MESSAGE.message_id_hash)
    .where(among_given(_MESSAGE.message_id_hash, "hashes"))
    .order_by(_MESSAGE.id)
)
_CITING = (
    select(_REFERENCE.message_id, _REFERENCE.target_hash)
    .where(among_given(_REFERENCE.target_hash, "targets"))
    .order_by(_REFERENCE.message_id)
)
_OF_SUBJECT = (
    select(_MESSAGE.id, _MESSAGE.base_subject_hash)
    .join_from(Message, MessageAddress, _ADDRESS.message_id == _MESSAGE.id)
    .where(
        among_given(_MESSAGE.base_subject_hash, "subjects"),
        _MESSAGE.date.between(bindparam("earliest"), bindparam("latest")),
        among_given(_ADDRESS.key, "people"),
    )
    .distinct()
    .order_by(_MESSAGE.id)
)
_PEOPLE = (
    select(_ADDRESS.message_id, _ADDRESS.role, _ADDRESS.key)
    .where(among_given(_ADDRESS.message_id, "ids"))
    .order_by(_ADDRESS.id)
)
_MESSAGES = (
    select(_MESSAGE.id, _MESSAGE.thread_id, _MESSAGE.date, _MESSAGE.authenticated, _MESSAGE.arrived_in)
    .where(among_given(_MESSAGE.id, "ids"))
    .order_by(_MESSAGE.id)
)


@dataclass(slots=True)
class Wanted:
    """What a batch asks for: messages that are called so, that cite so, or that have an answered subject."""

    id_hashes: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    subject_people: set[str] = field(default_factory=set)
    subject_dates: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class _Names:
    """How one stored message can be found."""

    id_hash: str | None = None
    subject_hash: str = ""
    targets: list[str] = field(default_factory=list)


def load_voices(session: WriteSession, context: MailboxContext, talk: Conversations, wanted: Wanted) -> set[int]:
    """Add what is found to `talk`; the ids of its threads."""
    names: dict[int, _Names] = {}
    for message_id, id_hash in _called(session, wanted.id_hashes):
        names.setdefault(message_id, _Names()).id_hash = id_hash
    for message_id, target in _citing(session, wanted.targets):
        names.setdefault(message_id, _Names()).targets.append(target)
    for message_id, subject_hash in _of_subject(session, wanted):
        names.setdefault(message_id, _Names()).subject_hash = subject_hash
    voices = _voices(session, context, names.keys())
    for voice in voices:
        found = names[voice.message_id]
        talk.add(voice, id_hash=found.id_hash, subject_hash=found.subject_hash, targets=found.targets)
    return {voice.node for voice in voices}


def _called(session: WriteSession, id_hashes: set[str]) -> Collection[tuple[int, str | None]]:
    return session.execute(_CALLED, {"hashes": id_hashes}).all() if id_hashes else ()


def _citing(session: WriteSession, targets: set[str]) -> Collection[tuple[int, str]]:
    return session.execute(_CITING, {"targets": targets}).all() if targets else ()


def _of_subject(session: WriteSession, wanted: Wanted) -> Collection[tuple[int, str]]:
    """Messages with an answered subject that share a person with an answer, near its time."""
    if not wanted.subjects:
        return ()
    given = {
        "subjects": wanted.subjects,
        "people": wanted.subject_people,
        "earliest": min(wanted.subject_dates) - WINDOW,
        "latest": max(wanted.subject_dates) + WINDOW,
    }
    return session.execute(_OF_SUBJECT, given).all()


def _voices(session: WriteSession, context: MailboxContext, message_ids: Collection[int]) -> list[Voice]:
    """Those of them that have arrived in a regular folder, oldest first."""
    if not message_ids:
        return []
    named: dict[int, list[tuple[str, str]]] = {}
    for message_id, role, key in session.execute(_PEOPLE, {"ids": message_ids}):
        if role in IN_HEADERS:
            named.setdefault(message_id, []).append((role, key))
    rows = session.execute(_MESSAGES, {"ids": message_ids})
    return [
        Voice(
            row.id,
            row.thread_id,
            row.date,
            circle_of(named.get(row.id, ()), context, trusted=row.authenticated is not False),
        )
        for row in rows
        if row.arrived_in
    ]
