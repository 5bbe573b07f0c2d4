"""Bounces in words only, as the mail programs of four decades write them: recognised, the right address found, the dialogue told.

`messages/bounce_programs.txt` holds them, each with what is expected: addresses, behind each the reply code, the command
that was answered and the host that spoke (`-` is nothing), and `delayed` where the program will try again.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from parsers.bounce.text import explanation_of, failures_in_text
from parsers.message import parse_message
from parsers.model import Kind

ONE = re.compile(r"^(\S+)(?: \((\S+) (\S+) (\S+)\))?( delayed)?$")


@dataclass(frozen=True, slots=True)
class Case:
    """One program's notice."""

    name: str
    headers: dict[str, str]
    body: str
    expected: list[tuple[str, ...]] | None
    """Address, code, command, host and `delayed`; None if it is no bounce."""


def case_of(section: str) -> Case:
    name, expected, *rest = section.split("\n")
    head, _, body = "\n".join(rest).partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.split("\n"))
    told = expected.removeprefix("expect:").strip()
    if told == "no bounce":
        return Case(name, headers, body, None)
    return Case(name, headers, body, [ONE.match(each).groups("") for each in told.split(", ") if each])


TEXT = (Path(__file__).with_name("programs.txt")).read_text(encoding="utf-8")
CASES = [case_of(section) for section in TEXT.removeprefix("### ").split("\n### ")]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_programs(mail, case):
    parsed = parse_message(mail(case.body, **{name.replace("-", "_"): value for name, value in case.headers.items()}))

    if case.expected is None:
        assert parsed.report is None
        return
    assert parsed.kind is Kind.BOUNCE
    assert parsed.report is not None
    assert [one.address for one in parsed.report.recipients] == [expected[0] for expected in case.expected]


DETAILED = [case for case in CASES if case.expected and any(expected[1] for expected in case.expected)]


@pytest.mark.parametrize("case", DETAILED, ids=[case.name for case in DETAILED])
def test_dialogues(case):
    failures = failures_in_text(explanation_of(case.body), (), frozenset({"sales@ours.example"}))

    for failure, (address, code, command, host, delayed) in zip(failures, case.expected, strict=True):
        if code:
            told = (failure.reply_code or "-", failure.command or "-", failure.remote_mta or "-")
            assert (address, *told) == (address, code, command, host)
        assert failure.action == ("delayed" if delayed else "failed")
