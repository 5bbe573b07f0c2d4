"""The steps that decide what mail makes, taken anew over mail that is stored: matched, made, put on the timeline.

Only what makes something now changes anything: the rest stands where it stood. A mail makes what it makes once, however
often it is judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from core.clock import utcnow
from crm.intake.batch import Batch, Item
from crm.intake.clients import Key
from crm.intake.context import MailboxContext
from crm.intake.gathering import find_earlier, hold_people, load_clients_of
from crm.intake.policies.repository.queues import HeldQueue
from crm.intake.repository.ids import SessionIds
from crm.intake.repository.letters import letters_by_id
from crm.intake.repository.tallies import load_tallies
from crm.intake.repository.threads import hold_threads
from crm.intake.repository.writing import write_on_records
from crm.intake.repository.written_to import load_written_to
from crm.intake.revisiting.repository.made import key_of
from crm.intake.revisiting.repository.writing import write_decisions
from crm.intake.revisiting.stored import StoredPlace, items_of
from crm.intake.steps.creation import create_records
from crm.intake.steps.earlier_mail import EarlierMail
from crm.intake.steps.limits import begin_turn
from crm.intake.steps.matching import find_records
from crm.intake.steps.new_records import MADE
from crm.intake.steps.timeline import put_on_timeline
from crm.intake.threads import Conversations
from storage.models import Effect
from storage.sessions import WriteSession


@dataclass(frozen=True, slots=True)
class Judged:
    """The places that made something, and what was made of which message."""

    items: list[Item]
    made: list[tuple[int, Key]]


def judge_again(session: WriteSession, context: MailboxContext, places: Sequence[StoredPlace], why: str) -> Judged:
    """Let these places make what the mailbox's policy says now; what that is.

    `why` is shown with their decisions. Their people and threads are ours until the unit ends.
    """
    letters = letters_by_id(session, context, {place.message_id for place in places})
    hold_people(session, context, letters.values())
    now = utcnow()
    queue, ids = HeldQueue(session, context, now), SessionIds(session, len(places))
    batch = Batch(context, now, ids, queue, Conversations(context), again=True)
    # Read once more: whoever held these people before us may have put their mail on records.
    letters = letters_by_id(session, context, letters.keys()) if session.on_postgresql else letters
    batch.letters = {str(letter.id): letter for letter in letters.values()}
    batch.items = items_of(places, letters)
    threads = {item.letter.voice.node for item in batch.items}
    batch.stored_threads = hold_threads(session, batch.conversations.forest, threads)
    load_clients_of(session, batch, [item.letter for item in batch.items], batch.stored_threads)
    if context.policy.only_written_to:
        load_written_to(session, batch, [item.letter for item in batch.items], batch.stored_threads)
    load_tallies(session, batch)
    made = list(_run(batch, EarlierMail(batch, partial(find_earlier, session)), why))
    if made:
        write_on_records(session, batch)
        write_decisions(session, made)
    effects = batch.rows.get(Effect, [])
    return Judged(made, [(row["message_id"], key_of(row["target"])) for row in effects if row["kind"] == MADE])


def _run(batch: Batch, earlier: EarlierMail, why: str) -> Iterable[Item]:
    for item in batch.items:
        begin_turn(batch, item)
        before = (item.letter.created_item, item.letter.created_client)
        find_records(batch, item)
        create_records(batch, item)
        if (item.letter.created_item, item.letter.created_client) != before:
            item.decide("again", "judged anew", why)
            put_on_timeline(batch, item)
            earlier.follow(item.letter)
            yield item
