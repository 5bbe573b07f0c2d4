"""No window above the rate, whatever the keys, and nothing given away in bursts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from delivery.limits import Gcra, Limiter


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_sends_are_never_closer_than_the_interval(pauses):
    clock, limiter = Clock(), None
    limiter = Limiter(clock)
    limiter.set_rate("site", Gcra(2, 1.0))
    times = []
    for pause in pauses:
        clock.now += pause
        times.append(clock.now + limiter.reserve("site"))

    assert all(later - earlier >= 0.5 - 1e-9 for earlier, later in pairwise(times))


def test_the_strictest_of_several_keys_decides_and_all_are_charged():
    clock = Clock()
    limiter = Limiter(clock)
    limiter.set_rate("identity", Gcra(1, 1.0))
    limiter.set_rate("site", Gcra(1, 10.0))

    assert [limiter.reserve("identity", "site") for _ in range(3)] == [0, 10, 20]
    assert limiter.reserve("identity") == 21
    assert limiter.reserve("nobody") == 0


def test_a_site_that_has_had_enough_is_left_alone():
    clock = Clock()
    limiter = Limiter(clock)
    limiter.set_rate("site", Gcra(10, 1.0))
    limiter.push_back("site", 60)

    assert limiter.reserve("site") == 60
    limiter.set_rate("site", None)
    assert limiter.reserve("site") == 0


async def test_waiting_waits(monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr("delivery.limits.asyncio.sleep", sleep)
    limiter = Limiter(Clock())
    limiter.set_rate("site", Gcra(1, 5.0))
    await limiter.wait("site")
    await limiter.wait("site")
    assert slept == [5.0]
