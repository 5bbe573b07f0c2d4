"""Part of steps 8 and 9: what one sender's mail may make within two hours (`crm.intake.policies.limits`).

Mail beyond that is stored and joins what is there; it makes nothing, asks for no answer, and nobody is told of it.
"""

from crm.intake.batch import CORRESPONDENCE, Batch, Item, Letter
from crm.intake.mail import Person
from crm.intake.steps.matching import counterparts
from crm.intake.steps.senders import always_new
from crm.intake.tallies import Tally, window_of
from storage.models import Direction

OF_ADDRESS = "Mail of this sender has made as much as it may within two hours. It is kept: you can put it on a record."
OF_DOMAIN = (
    "Mail of this sender's domain has made as much as it may within two hours. It is kept: you can put it on a record."
)
NO_ANSWER = "So much mail of this sender, or of their domain, came within two hours that this one asks for no answer."


def begin_turn(batch: Batch, item: Item) -> None:
    """What this mail makes counts in the two hours in which its server got it."""
    batch.tallies.window = window_of(item.prepared.internal_date)


def too_much_made(batch: Batch, item: Item, person: Person) -> str:
    """The reason why this mail makes nothing though it would; empty where it may. It is counted either way."""
    if item.letter.direction is not Direction.INCOMING:
        return ""
    limits = _limits_of_making(batch, item, person)
    reached = next((key for key, limit in limits.items() if batch.tallies.made(key) >= limit), None)
    if reached is None:
        batch.tallies.count(limits, Tally(made=1))
        return ""
    batch.tallies.too_many(reached, item.letter.voice.node)
    item.letter.too_many = not item.match.found
    return OF_ADDRESS if "@" in reached else OF_DOMAIN


def too_much_waits(batch: Batch, letter: Letter) -> bool:
    """Whether a mail that would wait for an answer waits for none. It is counted either way; what made a deal or lead waits."""
    limits = _limits_of_waiting(batch, letter)
    reached = _reached(batch, limits)
    if reached is None or letter.created_item:
        batch.tallies.count(limits, Tally(waiting=1))
        return False
    batch.tallies.too_many(reached, letter.voice.node)
    letter.too_many = True
    return True


def waited_too_much(batch: Batch, letter: Letter) -> bool:
    """The same of a further copy of a mail, which was counted when the first one came."""
    letter.too_many = not letter.created_item and _reached(batch, _limits_of_waiting(batch, letter)) is not None
    return letter.too_many


def tallied_keys(batch: Batch, item: Item) -> set[str]:
    """Addresses and domains by which this mail may be counted."""
    letter = item.letter
    is_news = not item.kept_out and item.prepared.internal_date >= batch.context.new_since
    if not is_news or letter.direction is not Direction.INCOMING:
        return set()
    people = counterparts(letter, batch.context)
    if letter.kind not in CORRESPONDENCE and not (people and always_new(batch, item, people[0])):
        return set()
    keys = {person.key for person in people} | _author(batch, item)
    return keys | {domain for key in keys if (domain := batch.context.organisation(key))}


def _limits_of_making(batch: Batch, item: Item, person: Person) -> dict[str, int]:
    """By address and domain, how many mails may make something."""
    limits, author = batch.context.limits, _author(batch, item)
    if always_new(batch, item, person):
        keys = {person.key} | author
        domains = {domain for key in keys if (domain := batch.context.organisation(key))}
        return dict.fromkeys(keys | domains, limits.made_of_form)
    found = {person.key: limits.made_of_address, **_by_domain(batch, person.key, limits.made_of_domain)}
    return {**dict.fromkeys(author, limits.made_of_form), **found}


def _limits_of_waiting(batch: Batch, letter: Letter) -> dict[str, int]:
    """By address and domain, how many mails may wait for an answer."""
    limits, people = batch.context.limits, counterparts(letter, batch.context)[:1]
    found = {person.key: limits.waiting_of_address for person in people}
    for person in people:
        found |= _by_domain(batch, person.key, limits.waiting_of_domain)
    return found


def _reached(batch: Batch, limits: dict[str, int]) -> str | None:
    return next((key for key, limit in limits.items() if batch.tallies.waiting(key) >= limit), None)


def _by_domain(batch: Batch, key: str, limit: int) -> dict[str, int]:
    domain = batch.context.organisation(key)
    return {domain: limit} if domain else {}


def _author(batch: Batch, item: Item) -> set[str]:
    """Who wrote it for somebody else, as far as it is none of us."""
    author = item.mail.author
    return {author.key} if author is not None and author.key and not batch.context.is_ours(author.key) else set()
