"""Step 9: the mail on the timeline of its records, and until when it wants an answer."""

from datetime import datetime

from crm.intake.batch import CORRESPONDENCE, Batch, Entry, Item, Letter, Move
from crm.intake.clients import ITEMS, Match
from crm.intake.steps.limits import NO_ANSWER, too_much_waits, waited_too_much
from crm.intake.steps.matching import counterparts
from storage.models import Activity, Direction


def put_on_timeline(batch: Batch, item: Item) -> bool:
    """One activity per message, whichever place of it came first."""
    letter = item.letter
    if letter.has_activity:
        if item.is_new and _wants_answer(letter, item.match, batch) and not waited_too_much(batch, letter):
            batch.late_deadlines[letter.id] = _due(batch, letter)
        if item.is_new and item.match.item is not None and (item.made_anew or not letter.on_item):
            _move(batch, letter, item.match, leaves_items=item.made_anew)
            item.decide("timeline", "moved", "Another copy put it on the client: the deal or lead takes it now.")
        else:
            item.decide("timeline", "there already", "Another copy of this mail put it there.")
    elif item.match.found:
        entry = enter(batch, letter, item.match)
        item.decide(
            "timeline", "added", NO_ANSWER if letter.too_many else "It waits for an answer." if entry.deadline else ""
        )
    return False


def enter(batch: Batch, letter: Letter, match: Match) -> Entry:
    """Put a letter on the records of its match. New mail of people outside has a deadline."""
    letter.has_activity, letter.on_item = True, match.item is not None
    waits = letter.waits_as_new and _wants_answer(letter, match, batch) and not too_much_waits(batch, letter)
    entry = Entry(
        id=batch.ids.next(Activity),
        letter=letter,
        bindings=match.bindings,
        responsible_id=match.responsible_id or (batch.queue.next() if waits else batch.context.owner_id),
        deadline=_due(batch, letter) if waits else None,
    )
    batch.entries.append(entry)
    batch.stand_on(letter.voice.node, entry.bindings)
    return entry


def _due(batch: Batch, letter: Letter) -> datetime:
    """Until when it wants an answer: the end of the next working day."""
    return batch.context.calendar.end_of_next_working_day(batch.now if batch.again else letter.voice.date)


def _move(batch: Batch, letter: Letter, match: Match, *, leaves_items: bool) -> None:
    """Which mailbox is read first must not decide: what one put on the client alone, another may put on a deal or lead."""
    letter.on_item = True
    entry = next((entry for entry in batch.entries if entry.letter is letter), None)
    if entry is None:
        batch.moves.append(Move(letter.id, match.bindings, match.responsible_id, leaves_items))
    else:
        others = [key for key in entry.bindings if key not in match.bindings]
        entry.bindings = match.bindings + [key for key in others if not (leaves_items and key[0] in ITEMS)]
    batch.stand_on(letter.voice.node, match.bindings)


def _wants_answer(letter: Letter, match: Match, batch: Batch) -> bool:
    """Whether a person outside wrote it, who reads answers and was not called junk."""
    if letter.always_new:
        return True
    if letter.direction is not Direction.INCOMING or letter.kind not in CORRESPONDENCE or match.is_junk:
        return False
    return not any(batch.context.lists.is_no_reply(person.key) for person in counterparts(letter, batch.context)[:1])
