"""The fuzzer's own judgement: what parsers promise holds for its seeds, and a parser that breaks it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from fuzz import growth, promises, shrinking
from parsers.message import parse_message
from parsers.model import ParsedMessage

TESTS = Path(__file__).parents[2]
SEEDS = sorted([*(TESTS / "fuzz" / "seeds").glob("*.eml"), *(Path(__file__).parent / "messages").glob("*.eml")])
MAIL = b"Subject: x\n\nHello\n"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_seeds_hold(path: Path) -> None:
    promises.check(path.read_bytes())


def endless(raw: bytes) -> object:
    while True:
        pass


BROKEN: dict[str, Callable[[bytes], object]] = {
    "no NUL in a string": lambda raw: replace(parse_message(raw), subject="a\0b"),
    "no lone surrogate in a string": lambda raw: replace(parse_message(raw), references=("\ud800",)),
    "head_size lies within the message": lambda raw: replace(parse_message(raw), head_size=len(raw) + 1),
    "text is not much larger than the message": lambda raw: replace(parse_message(raw), text="x" * 20_000),
    "takes too long": endless,
}


@pytest.mark.parametrize("promise", BROKEN)
def test_a_broken_promise_is_told(promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "parse_message", BROKEN[promise])
    monkeypatch.setattr(promises, "SECONDS", 0.2)

    with pytest.raises(promises.BrokenPromise) as caught:
        promises.check(MAIL)

    assert str(caught.value) == promise


def test_a_find_is_made_as_small_as_it_can_be() -> None:
    def fails(raw: bytes) -> str | None:
        return "found" if b"X" in raw and b"Y" in raw.partition(b"X")[2] else None

    assert shrinking.shrunk(b"some X text\nand more\n" * 20 + b"Y and more", fails, "found") == b"XY"


def test_work_that_outgrows_the_mail_is_told_by_its_simplest_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0

    def quadratic(raw: bytes) -> ParsedMessage:
        nonlocal looked_at
        for start in range(0, len(raw) if b"!" in raw else 0, 8):
            raw[start:].count(b"!")
            looked_at += len(raw) - start
        return parse_message(MAIL)

    monkeypatch.setattr(growth, "parse_message", quadratic)
    monkeypatch.setattr(
        growth, "time", SimpleNamespace(thread_time=lambda: looked_at)
    )  # No machine is too busy for that.
    grown = growth.Grown(MAIL, (b"y", b"!", b"z"), b"")

    assert growth.is_steep(grown)
    assert growth.simplest(grown).pieces == (b"!",)
    assert growth.culprit(grown) == "test_fuzzing-quadratic"
    assert not growth.is_steep(growth.Grown(MAIL, (b"y",), b""))
