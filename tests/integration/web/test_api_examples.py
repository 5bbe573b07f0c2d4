"""The examples of docs/api.md, as they stand there: each is sent, and answered as somebody who reads them would expect."""

import re
import shlex
from pathlib import Path
from typing import Any

import httpx

from crm.access.api_tokens import Scope
from crm.records.modes import CrmMode, Mode, write_mode

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"^    (?:(?P<name>\w+)=\$\()?curl (?P<call>.*?)(?: \| jq \.(?P<part>\w+)\))?$", re.MULTILINE)
FEWEST = 35


def send(program: httpx.Client, call: str) -> httpx.Response:
    """What a line says, for those options of curl that the page uses."""
    method, path, body = "", "", None
    words = iter(shlex.split(call))
    for word in words:
        if word == "-H":
            assert next(words) == "$TOKEN"
        elif word == "-X":
            method = next(words)
        elif word == "--json":
            body = next(words)
        else:
            assert word.startswith("$MAILSYNC/"), word
            path = word.removeprefix("$MAILSYNC")
    headers = {"content-type": "application/json"} if body is not None else {}
    return program.request(
        method or ("GET" if body is None else "POST"), f"/api/v1{path}", content=body, headers=headers
    )


def test_every_example_of_the_page_works(console) -> None:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
    program = console.program("ines", *Scope)
    known: dict[str, Any] = {}
    examples = list(EXAMPLE.finditer(PAGE.read_text()))
    assert len(examples) >= FEWEST
    empty = []
    for example in examples:
        call = example["call"]
        for name, value in sorted(known.items(), key=lambda one: -len(one[0])):
            call = call.replace(f"'${name}'", value).replace(f"${name}", value)
        answer = send(program, call)
        assert answer.is_success, (example[0], answer.text)
        if example["name"]:
            told = answer.json()[example["part"]]
            known[example["name"]] = f'"{told}"' if isinstance(told, str) else str(told)
        if re.search(r'"items": ?\[\]', answer.text):
            empty.append(call.partition("$MAILSYNC/")[2].partition("?")[0].rstrip('"'))
    assert set(empty) <= {"leads", "lead-runs", "notifications", "threads", "activities"}, empty
