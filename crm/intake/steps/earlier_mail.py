"""After the steps: mail that came too early to be put anywhere, now that its people or its thread stand on records.

So a client's timeline begins with their first mail, and the order in which mail arrives does not decide what is on it.
"""

from collections.abc import Callable, Iterable

from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Batch, Letter
from crm.intake.steps.matching import counterparts, match_of
from crm.intake.steps.timeline import enter

Finder = Callable[[Batch, frozenset[str], frozenset[int]], Iterable[Letter]]
"""Loads stored letters without activity, by address keys and by stored threads, with the clients they may belong to."""


def bind_earlier_mail(batch: Batch, find: Finder) -> None:
    """Enter what can be entered now, until nothing more follows from it."""
    rest = [letter for letter in batch.letters.values() if _may_stand_on_records(letter)]
    seen: set[int] = {letter.id for letter in batch.letters.values()}
    while batch.clients.new_addresses or batch.newly_on_records:
        addresses = frozenset(batch.clients.new_addresses)
        roots = {batch.conversations.forest.root(node) for node in batch.newly_on_records}
        threads = _stored_threads(batch, roots)
        batch.clients.new_addresses.clear()
        batch.newly_on_records.clear()
        found = [letter for letter in find(batch, addresses, threads) if letter.id not in seen]
        seen.update(letter.id for letter in found)
        rest += [letter for letter in found if _may_stand_on_records(letter)]
        rest = [letter for letter in rest if not _enter_if_known(batch, letter, addresses, roots)]


def _stored_threads(batch: Batch, roots: set[int]) -> frozenset[int]:
    """All stored threads of the sets that came to stand on records."""
    members = batch.conversations.forest.members()
    return frozenset(node for root in roots for node in (root, *members.get(root, ())) if node > 0)


def _may_stand_on_records(letter: Letter) -> bool:
    return (
        letter.has_arrived
        and not letter.has_activity
        and not letter.to_intake
        and (letter.kind in CORRESPONDENCE or letter.kind in MASS_MAIL)
    )


def _enter_if_known(batch: Batch, letter: Letter, addresses: frozenset[str], roots: set[int]) -> bool:
    people = counterparts(letter, batch.context)
    in_thread = batch.conversations.forest.root(letter.voice.node) in roots
    if not people or not (in_thread or any(person.key in addresses for person in people)):
        return False
    match = match_of(batch, letter)
    if match.found:
        enter(batch, letter, match)
    return match.found
