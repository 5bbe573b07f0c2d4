"""Waiting for a fact: what comes after the deadline is refused, however dear a look at it is."""

import pytest

from e2e import installation
from e2e.installation import wait_until


class Clock:
    """A clock that goes on only while somebody sleeps or looks."""

    def __init__(self) -> None:
        self.now = self.worked = 0.0

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.worked

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def look(self, seconds: float) -> None:
        self.worked += seconds
        self.now += seconds


@pytest.mark.parametrize(("comes_at", "in_time"), [(0.0, True), (5.0, True), (9.9, True), (10.5, False), (30.0, False)])
def test_what_comes_too_late_is_refused_though_a_look_takes_long(
    monkeypatch: pytest.MonkeyPatch, comes_at: float, in_time: bool
) -> None:
    clock = Clock()
    monkeypatch.setattr(installation, "time", clock)

    def fact() -> bool:
        # Two of these fill the ten seconds and more: 39 times as long is waited behind each.
        clock.look(0.2)
        return clock.now - 0.2 >= comes_at

    if in_time:
        wait_until(fact, seconds=10)
        assert clock.now < 10.5
    else:
        with pytest.raises(AssertionError, match="the mail did not happen within 10 s"):
            wait_until(fact, seconds=10, what="the mail")
