"""Whose turn it is: fair, in order, never somebody who is away while another is there."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.office.turns import InLine, Line
from storage.models import QueueMethod

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=16)
ROUND_ROBIN, LEAST_BUSY = QueueMethod


def line(*people: tuple[int, datetime | None, int], last: int | None = None, method: QueueMethod = ROUND_ROBIN) -> Line:
    return Line([InLine(*person) for person in people], last, method)


def turns(queue: Line, times: int) -> list[int | None]:
    return [queue.next() for _ in range(times)]


def test_each_in_turn_behind_the_last() -> None:
    assert turns(line((1, NOW, 9), (2, NOW, 0), (3, NOW, 5), last=2), 5) == [3, 1, 2, 3, 1]
    assert turns(line((1, NOW, 0), (2, NOW, 0), last=7), 3) == [1, 2, 1], "who was last has left the queue"


def test_who_is_away_is_passed_over_and_comes_again() -> None:
    assert turns(line((1, NOW, 0), (2, LATER, 0), (3, NOW, 0)), 4) == [1, 3, 1, 3]
    assert turns(line((1, LATER, 0), (2, LATER, 0)), 3) == [1, 2, 1], "at night those of the next morning"
    assert turns(line((1, None, 0), (2, LATER, 0)), 2) == [2, 2]
    assert turns(line((1, None, 0)), 2) == [None, None]
    assert turns(line(), 1) == [None]


def test_who_has_the_fewest_open_items() -> None:
    queue = line((1, NOW, 3), (2, NOW, 1), (3, NOW, 2), (4, LATER, 0), method=LEAST_BUSY)
    assert turns(queue, 6) == [2, 3, 2, 3, 1, 2], "of two alike the next behind the last"


@given(st.integers(1, 9), st.integers(0, 60), st.integers(0, 9))
def test_nobody_is_skipped_or_has_two(people: int, times: int, last: int) -> None:
    queue = line(*((user, NOW, 0) for user in range(people)), last=last)
    counts = Counter(turns(queue, times))
    assert max(counts.values(), default=0) - min((counts[user] for user in range(people)), default=0) <= 1
