"""Taking a batch in: one unit of work, all or nothing; and what happens when one message of it can not be stored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.addresses import domain_of, organisational_domain
from core.logging import get_logger
from crm.intake.context import MailboxContext
from crm.intake.gathering import find_earlier, gather, hold_all, in_order_of_messages
from crm.intake.pipeline import run_steps
from crm.intake.prepared import Prepared, Unreadable
from crm.intake.repository.context import load_context
from crm.intake.repository.letters import known_places
from crm.intake.repository.quarantine import put_in_quarantine, release
from crm.intake.repository.writing import update_flags, write_batch
from crm.intake.revisiting.late_letters import ask_to_judge_again
from crm.intake.steps.earlier_mail import EarlierMail
from crm.intake.understanding import UNEXPECTED
from storage.blobs import record
from storage.plain_errors import in_plain_words
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

log = get_logger(__name__)
At = tuple[int, int]
"""Folder id and UID."""


@dataclass(slots=True)
class Taken:
    """What became of a batch. `places` holds the place id of every message that is stored now, new or not."""

    stored: int = 0
    updated: int = 0
    places: dict[At, int] = field(default_factory=dict)
    new_message_ids: list[int] = field(default_factory=list)
    quarantined: list[At] = field(default_factory=list)

    def add(self, other: "Taken") -> None:
        """Count what a further unit has done."""
        self.stored += other.stored
        self.updated += other.updated
        self.places |= other.places
        self.new_message_ids += other.new_message_ids
        self.quarantined += other.quarantined


def take_in(session: WriteSession, mailbox: MailboxContext, prepared: Sequence[Prepared]) -> Taken:
    """Store places and messages and take each through its steps. A place that is stored already only gets its flags."""
    by_place = {(each.folder_id, each.uid): each for each in prepared}
    known = known_places(session, by_place)
    update_flags(session, [_flags(place_id, by_place[at]) for at, place_id in known.items()])
    taken = Taken(updated=len(known), places=dict(known))
    fresh = [each for at, each in by_place.items() if at not in known]
    if not fresh:
        return taken
    batch = gather(session, mailbox, fresh)
    run_steps(batch, EarlierMail(batch, partial(find_earlier, session)))
    ask_to_judge_again(session, batch)
    write_batch(session, batch)
    release(session, [(each.folder_id, each.uid) for each in fresh])
    taken.stored = len(batch.items)
    taken.places |= {(item.prepared.folder_id, item.prepared.uid): item.place_id for item in batch.items}
    taken.new_message_ids = [letter.id for letter in batch.letters.values() if letter.fresh]
    return taken


def take_in_safely(
    store: Store,
    mailbox_id: int,
    prepared: Sequence[Prepared | Unreadable],
    also: Callable[[WriteSession, Taken], None] = lambda _session, _taken: None,
    *,
    urgency: Urgency = Urgency.NORMAL,
) -> Taken:
    """`take_in` in a unit of work of its own, together with what `also` writes (marks, gaps).

    Where the batch fails it is tried again message by message; one that fails alone goes to quarantine. Raises
    `Transient` when nothing was done and trying again may help, `NotFound` when the mailbox was removed.
    """
    try:
        return _take(store, mailbox_id, prepared, also, urgency, alone=False)
    except (SQLAlchemyError, *UNEXPECTED) as error:
        log.warning("intake.batch_failed", mailbox_id=mailbox_id, messages=len(prepared), error=type(error).__name__)
    return _take(store, mailbox_id, prepared, also, urgency, alone=True)


def _take(
    store: Store,
    mailbox_id: int,
    prepared: Sequence[Prepared | Unreadable],
    also: Callable[[WriteSession, Taken], None],
    urgency: Urgency,
    *,
    alone: bool,
) -> Taken:
    unreadable = [each for each in prepared if isinstance(each, Unreadable)]
    readable = [each for each in prepared if isinstance(each, Prepared)]
    _look_up_domains(readable)
    with store.database.unit_of_work(urgency) as session:
        mailbox = load_context(session, mailbox_id, store.keys)
        taken = _one_by_one(store, session, mailbox, readable) if alone else take_in(session, mailbox, readable)
        for each in unreadable:
            _quarantine(store, session, mailbox_id, each, taken)
        also(session, taken)
    return taken


def _look_up_domains(prepared: Iterable[Prepared]) -> None:
    """Have them remembered: a process's first look-up reads the public suffix list, too long a time to hold the lock."""
    for key in {person.key for each in prepared for person in each.mail.people}:
        organisational_domain(domain_of(key))


def _one_by_one(store: Store, session: WriteSession, mailbox: MailboxContext, prepared: list[Prepared]) -> Taken:
    taken = Taken()
    hold_all(session, mailbox, prepared)  # In one go: keys taken mail by mail could lock two workers out mutually.
    for each in in_order_of_messages(session, prepared):
        try:
            with session.begin_nested():
                taken.add(take_in(session, mailbox, [each]))
        except (SQLAlchemyError, *UNEXPECTED) as error:
            if isinstance(error, DBAPIError) and in_plain_words(error) is not None:
                raise  # The database's trouble, not this message's.
            reason = f"could not be stored ({type(error).__name__})"
            _quarantine(
                store, session, mailbox.mailbox_id, Unreadable(each.folder_id, each.uid, each.raw, reason), taken
            )
    return taken


def _quarantine(store: Store, session: WriteSession, mailbox_id: int, what: Unreadable, taken: Taken) -> None:
    """Keep the raw bytes and the reason. (Compressing one message inside the unit is cheap, and rare.)"""
    (blob_id,) = record(session, store.blobs.prepare([what.raw]))
    put_in_quarantine(
        session, mailbox_id=mailbox_id, folder_id=what.folder_id, uid=what.uid, raw_blob_id=blob_id, reason=what.reason
    )
    taken.quarantined.append((what.folder_id, what.uid))
    log.warning(
        "message.quarantined", mailbox_id=mailbox_id, folder_id=what.folder_id, uid=what.uid, reason=what.reason
    )


def _flags(place_id: int, prepared: Prepared) -> dict[str, object]:
    flags = prepared.flags
    return {
        "key": place_id,
        "seen": flags.seen,
        "flagged": flags.flagged,
        "answered": flags.answered,
        "draft": flags.draft,
    }
