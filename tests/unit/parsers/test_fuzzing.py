"""The fuzzer's own judgement: what parsers promise holds for its seeds, and a parser that breaks it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fuzz import promises, shrinking
from parsers.message import parse_message

TESTS = Path(__file__).parents[2]
SEEDS = sorted([*(TESTS / "fuzz" / "seeds").glob("*.eml"), *(Path(__file__).parent / "messages").glob("*.eml")])
MAIL = b"Subject: x\n\nHello\n"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_seeds_hold(path: Path) -> None:
    promises.check(path.read_bytes())


def endless(raw: bytes) -> object:
    while True:
        pass


def quadratic(raw: bytes) -> object:
    for start in range(0, len(raw), 10):
        raw[start:].count(b"y")
    return parse_message(MAIL)


BROKEN: dict[str, Callable[[bytes], object]] = {
    "no NUL in a string": lambda raw: replace(parse_message(raw), subject="a\0b"),
    "no lone surrogate in a string": lambda raw: replace(parse_message(raw), references=("\ud800",)),
    "head_size lies within the message": lambda raw: replace(parse_message(raw), head_size=len(raw) + 1),
    "text is not much larger than the message": lambda raw: replace(parse_message(raw), text="x" * 20_000),
    "takes too long": endless,
    promises.GROWTH: quadratic,
}


@pytest.mark.parametrize("promise", BROKEN)
def test_a_broken_promise_is_told(promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "parse_message", BROKEN[promise])
    monkeypatch.setattr(promises, "SECONDS", 0.2)
    monkeypatch.setattr(promises, "ONE_IN", 1)
    monkeypatch.setattr(promises, "UNCERTAIN", 0.001)

    with pytest.raises(promises.BrokenPromise) as caught:
        promises.check(MAIL)

    assert caught.value.promise == promise


def test_a_find_is_made_as_small_as_it_can_be() -> None:
    def fails(raw: bytes) -> str | None:
        return "found" if b"X" in raw and b"Y" in raw.partition(b"X")[2] else None

    assert shrinking.shrunk(b"some X text\nand more\n" * 20 + b"Y and more", fails, "found") == b"XY"
