"""An outgoing reply completes the mail before it in its thread, also when the reply was stored first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incoming mail that wants an answer."""

    activity_id: int
    thread: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail of ours to somebody outside."""

    thread: int
    at: datetime


def completed_by(waiting: Iterable[Waiting], answers: Iterable[Answer]) -> dict[int, datetime]:
    """Activity id to the moment of the first answer in its thread after it; those without one are left out."""
    moments: dict[int, list[datetime]] = {}
    for answer in answers:
        moments.setdefault(answer.thread, []).append(answer.at)
    completed: dict[int, datetime] = {}
    for mail in waiting:
        later = [moment for moment in moments.get(mail.thread, ()) if moment >= mail.at]
        if later:
            completed[mail.activity_id] = min(later)
    return completed
