"""The first reply of ours completes the mail before it in its thread, in whatever order they were stored."""

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


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail of ours to somebody outside."""

    thread: int
    at: datetime


def completed_by(waiting: Iterable[Waiting], answers: Iterable[Answer]) -> dict[int, datetime]:
    """Activity id to the moment of the first answer in its thread after it; only of those that did not know it yet."""
    moments: dict[int, list[datetime]] = {}
    for answer in answers:
        moments.setdefault(answer.thread, []).append(answer.at)
    completed: dict[int, datetime] = {}
    for mail in waiting:
        later = [moment for moment in moments.get(mail.thread, ()) if moment >= mail.at]
        if later and (mail.completed_at is None or min(later) < mail.completed_at):
            completed[mail.activity_id] = min(later)
    return completed
