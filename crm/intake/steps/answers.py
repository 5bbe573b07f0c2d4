"""The first reply of ours completes the mail before it in its thread, in whatever order they were stored.

A mail of ours is a reply to those outside whom it goes to, and to their organisations: one that passes a client's
question on to a third person is no answer to the client.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incoming mail that wants an answer, or has got one."""

    activity_id: int
    thread: int
    at: datetime
    completed_at: datetime | None
    people: frozenset[str]
    """Addresses and organisations outside that take part in it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail of ours to somebody outside."""

    thread: int
    at: datetime
    people: frozenset[str]


def completed_by(waiting: Iterable[Waiting], answers: Iterable[Answer]) -> dict[int, datetime]:
    """Activity id to the moment of the first answer in its thread after it; only of those that did not know it yet."""
    of_thread: dict[int, list[Answer]] = {}
    for answer in answers:
        of_thread.setdefault(answer.thread, []).append(answer)
    completed: dict[int, datetime] = {}
    for mail in waiting:
        answering = [each for each in of_thread.get(mail.thread, ()) if not each.people.isdisjoint(mail.people)]
        later = [answer.at for answer in answering if answer.at >= mail.at]
        if later and (mail.completed_at is None or min(later) < mail.completed_at):
            completed[mail.activity_id] = min(later)
    return completed
