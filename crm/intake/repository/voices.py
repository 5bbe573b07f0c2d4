"""Stored messages that mail of this batch may be of one thread with."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from crm.intake.context import MailboxContext
from crm.intake.repository.among import among
from crm.intake.threads import IN_HEADERS, WINDOW, Conversations, Voice, circle_of
from storage.models import Message, MessageAddress, Reference
from storage.sessions import WriteSession


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
    if not id_hashes:
        return ()
    statement = select(Message.id, Message.message_id_hash).where(among(Message.message_id_hash, id_hashes))
    return session.execute(statement.order_by(Message.id)).all()


def _citing(session: WriteSession, targets: set[str]) -> Collection[tuple[int, str]]:
    if not targets:
        return ()
    statement = select(Reference.message_id, Reference.target_hash).where(among(Reference.target_hash, targets))
    return session.execute(statement.order_by(Reference.message_id)).all()


def _of_subject(session: WriteSession, wanted: Wanted) -> Collection[tuple[int, str]]:
    """Messages with an answered subject that share a person with an answer, near its time."""
    if not wanted.subjects:
        return ()
    earliest, latest = min(wanted.subject_dates) - WINDOW, max(wanted.subject_dates) + WINDOW
    statement = (
        select(Message.id, Message.base_subject_hash)
        .join(MessageAddress, MessageAddress.message_id == Message.id)
        .where(
            among(Message.base_subject_hash, wanted.subjects),
            Message.date.between(earliest, latest),
            among(MessageAddress.key, wanted.subject_people),
        )
        .distinct()
    )
    return session.execute(statement.order_by(Message.id)).all()


def _voices(session: WriteSession, context: MailboxContext, message_ids: Collection[int]) -> list[Voice]:
    """Those of them that have arrived in a regular folder, oldest first."""
    if not message_ids:
        return []
    named: dict[int, list[tuple[str, str]]] = {}
    people = select(MessageAddress.message_id, MessageAddress.role, MessageAddress.key).where(
        among(MessageAddress.message_id, message_ids)
    )
    for message_id, role, key in session.execute(people.order_by(MessageAddress.id)):
        if role in IN_HEADERS:
            named.setdefault(message_id, []).append((role, key))
    columns = (Message.id, Message.thread_id, Message.date, Message.authenticated, Message.arrived_in)
    rows = session.execute(select(*columns).where(among(Message.id, message_ids)).order_by(Message.id))
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
