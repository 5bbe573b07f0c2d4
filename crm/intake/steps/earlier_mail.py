"""After each message's steps: mail that came too early to be put anywhere, now that its people or thread stand on records.

So a client's timeline begins with their first mail, and the order in which mail arrives does not decide what is on it.
It is done message by message: the thread of an earlier mail may be what tells whose the next message is. What is stored
is looked up once for the whole batch, the first time that anything may follow from it.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Batch, Item, Letter
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
        self._threads = set(batch.stored_threads)
        """Stored threads of the batch that were not looked up yet."""
        self._further_threads: set[int] = set()
        """Those of letters that were found; looked up together."""
        self._asked = False
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
        """Load what is stored; the first time also what later mail of the batch is likely to ask for."""
        root = self._batch.conversations.forest.root
        stored = {node for node in roots if node > 0}
        threads = {thread for thread in self._threads if root(thread) in stored} if stored else set()
        if stored and any(root(thread) in stored for thread in self._further_threads):
            threads |= self._further_threads
        addresses = addresses - self._asked_addresses
        if not addresses and not threads:
            return
        if not self._asked and len(self._batch.items) > 1:
            likely_addresses, likely_roots = _likely(self._batch)
            addresses |= likely_addresses
            threads |= {thread for thread in self._threads if root(thread) in likely_roots}
        self._ask(addresses, threads)

    def _ask(self, addresses: set[str], threads: set[int]) -> None:
        self._asked_addresses |= addresses
        self._asked_threads |= threads
        self._asked = True
        for letter in self._find(self._batch, addresses, threads):
            if letter.id not in self._known:
                self._known.add(letter.id)
                self._further_threads.add(letter.voice.node)
                if _may_stand_on_records(letter):
                    self._keep(letter)
        self._threads -= self._asked_threads
        self._further_threads -= self._asked_threads


def _likely(batch: Batch) -> tuple[set[str], set[int]]:
    """Addresses that the batch may make known, and roots of the threads that its mail is likely to join."""
    addresses: set[str] = set()
    roots: set[int] = set()
    for item in batch.items:
        if newcomer := may_become_known(batch, item):
            addresses.add(newcomer)
        if not item.kept_out:
            roots |= _roots_near(batch, item)
    return addresses, roots


def _roots_near(batch: Batch, item: Item) -> set[int]:
    talk, mail, voice = batch.conversations, item.mail, item.letter.voice
    called = [cited.hash for cited in mail.cites] + [name for name in [mail.id_hash] if name]
    nodes = talk.near(voice, called, mail.subject_hash, is_answer=mail.answers_by_subject)
    return {talk.forest.root(node) for node in (voice.node, *nodes)}


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
        and not letter.of_campaign
        and (letter.kind in CORRESPONDENCE or letter.kind in MASS_MAIL)
    )
