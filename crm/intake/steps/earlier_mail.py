"""After each message's steps: mail that came too early to be put anywhere, now that its people or thread stand on records.

So a client's timeline begins with their first mail, and the order in which mail arrives does not decide what is on it.
It is done message by message: the thread of an earlier mail may be what tells whose the next message is. What is stored
is looked up once for the whole batch, the first time that anything may follow from it.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Batch, Letter
from crm.intake.steps.creation import may_become_known
from crm.intake.steps.matching import counterparts, match_of
from crm.intake.steps.timeline import enter

K = TypeVar("K", str, int)
Finder = Callable[[Batch, Collection[str], Collection[int]], Iterable[Letter]]
"""Loads stored letters without activity, by address keys and by stored threads, with the clients they may belong to."""


class EarlierMail:
    """The letters of a batch, and the stored ones that concern it, which stand on no record so far."""

    def __init__(self, batch: Batch, find: Finder) -> None:
        self._batch = batch
        self._find = find
        self._known = {letter.id for letter in batch.letters.values()}
        self._with: dict[str, list[Letter]] = {}
        """By the addresses of those outside whom they are with."""
        self._in_thread: dict[int, list[Letter]] = {}
        """By the root of their thread, as far as unions were followed."""
        self._unions_seen = 0
        self._asked_addresses: set[str] = set()
        self._asked_threads: set[int] = set()
        for letter in batch.letters.values():
            if not letter.fresh and _may_stand_on_records(letter):
                self._keep(letter)

    def follow(self, letter: Letter) -> None:
        """`letter` has passed its steps: enter what can be entered now, until nothing more follows from it."""
        batch, forest = self._batch, self._batch.conversations.forest
        letter.forget_bcc()
        if _may_stand_on_records(letter):
            self._keep(letter)
        batch.follow_unions()
        while batch.clients.new_addresses or batch.newly_on_records:
            addresses, batch.clients.new_addresses = batch.clients.new_addresses, set()
            roots = {forest.root(node) for node in batch.newly_on_records}
            batch.newly_on_records.clear()
            self._look_up(addresses, roots)
            for earlier in self._waiting(addresses, roots):
                match = match_of(batch, earlier)
                if match.found:
                    enter(batch, earlier, match)

    def _keep(self, letter: Letter) -> None:
        keys = {person.key for person in counterparts(letter, self._batch.context)}
        for key in keys:
            self._with.setdefault(key, []).append(letter)
        if keys:
            root = self._batch.conversations.forest.root(letter.voice.node)
            self._in_thread.setdefault(root, []).append(letter)

    def _waiting(self, addresses: set[str], roots: set[int]) -> list[Letter]:
        """Letters on no record with one of these addresses or in one of these threads, in the order they were stored."""
        self._follow_unions()
        found = {letter.id: letter for letter in _still_waiting(self._with, addresses)}
        found |= {letter.id: letter for letter in _still_waiting(self._in_thread, roots)}
        return [found[letter_id] for letter_id in sorted(found)]

    def _follow_unions(self) -> None:
        joined = self._batch.conversations.forest.joined
        for kept, given_up in joined[self._unions_seen :]:
            if given_up in self._in_thread:
                self._in_thread.setdefault(kept, []).extend(self._in_thread.pop(given_up))
        self._unions_seen = len(joined)

    def _look_up(self, addresses: set[str], roots: set[int]) -> None:
        """Load what is stored, and with it what later mail of the batch is likely to ask for."""
        missing = addresses - self._asked_addresses
        if not missing and (self._asked_threads or not any(root > 0 for root in roots)):
            return
        batch = self._batch
        if not self._asked_addresses:
            missing |= {key for item in batch.items if (key := may_become_known(batch, item))}
        self._ask(missing, batch.stored_threads - self._asked_threads)

    def _ask(self, addresses: set[str], threads: set[int]) -> None:
        """Load letters, then those that share a thread with them."""
        while addresses or threads:
            self._asked_addresses |= addresses
            self._asked_threads |= threads
            found = [letter for letter in self._find(self._batch, addresses, threads) if letter.id not in self._known]
            for letter in filter(_may_stand_on_records, found):
                self._keep(letter)
            self._known.update(letter.id for letter in found)
            addresses, threads = set(), {letter.voice.node for letter in found} - self._asked_threads


def _still_waiting(kept: dict[K, list[Letter]], keys: Iterable[K]) -> Iterable[Letter]:
    """What is kept by these keys; whatever stands on records by now is dropped from there."""
    for key in keys:
        if key in kept:
            kept[key] = [letter for letter in kept[key] if _may_stand_on_records(letter)]
            yield from kept[key]


def _may_stand_on_records(letter: Letter) -> bool:
    return (
        letter.has_arrived
        and not letter.has_activity
        and not letter.to_intake
        and (letter.kind in CORRESPONDENCE or letter.kind in MASS_MAIL)
    )
