"""What an error says, made safe: addresses masked in linear time, and not more of it than somebody reads."""

import time

import pytest

from core.safe_traceback import safe_text


def seconds(text: str) -> float:
    """The best of three."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        safe_text(ValueError(text))
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("piece", ["x", "x:", "@", "a@", "a.b+c"])
def test_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    small, large = (seconds(piece * (size // len(piece))) for size in (16_000, 256_000))
    assert large < max(small, 0.001) * 60, "sixteen times as much text: 256 times as long if it is the square"


@pytest.mark.parametrize("address", ["carl@client.example", "c.secret+x=y@client", "carl@secret@client.example"])
@pytest.mark.parametrize("around", ["{}", "to <{}>, gone", "mailto:{}", "('{}',)", "a=1;{};", "{} {}"])
def test_addresses_are_masked_wherever_they_stand(address: str, around: str) -> None:
    told = safe_text(ValueError(around.replace("{}", address)))
    assert told == around.replace("{}", "(address)")


def test_what_is_told_ends_and_leaves_no_half_of_an_address() -> None:
    told = safe_text(ValueError("x" * 3_995 + " carl@client.example"))
    assert len(told) == 4_000
    assert told.endswith("x (add")
