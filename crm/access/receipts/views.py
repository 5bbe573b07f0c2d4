"""What is known of a mail with read receipts: in numbers, and one happening after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from delivery.verdict import Verdict
from storage.models import TrackingKind


@dataclass(frozen=True, slots=True)
class Receipt:
    """By people: the first and last time, and how often. `by_others`: machines, and who can not be told."""

    first_opened_at: datetime | None = None
    last_opened_at: datetime | None = None
    opened: int = 0
    first_clicked_at: datetime | None = None
    last_clicked_at: datetime | None = None
    clicked: int = 0
    by_others: int = 0


NO_RECEIPTS: Mapping[int, Receipt] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Happening:
    """A mail was opened, or its `link` followed. `verdict` says by whom as far as can be told, `reason` the rule that told.

    `reason` is empty where it was not kept (before upgrade 0052). `first`: the first of its kind by a person.
    """

    id: int
    kind: TrackingKind
    verdict: Verdict
    reason: str
    link: str | None
    at: datetime
    first: bool
