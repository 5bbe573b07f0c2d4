"""Logs: one JSON object a line, and what must not be in them is withheld even when somebody slips."""

import asyncio
import gc
import json
import logging
import sqlite3
import sys
import threading

import pytest

from core.logging import NOISY, WITHHELD, configure_logging, get_logger

pytestmark = pytest.mark.usefixtures("logging_as_before")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_events_are_json_with_time_and_level(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    get_logger("test").info("folder.synced", folder_id=3, stored=200)
    (line,) = logged(capsys)
    assert (line["event"], line["level"], line["folder_id"], line["stored"]) == ("folder.synced", "info", 3, 200)
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize("key", sorted(WITHHELD))
def test_what_must_not_be_logged_is_withheld(capsys: pytest.CaptureFixture[str], key: str) -> None:
    configure_logging("info", "json")
    get_logger("test").info("mailbox.added", **{key: "hunter2"}, mailbox_id=1)
    (line,) = logged(capsys)
    assert (line[key], line["mailbox_id"]) == ("[withheld]", 1)


def test_the_level_counts_for_libraries_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", "json")
    get_logger("test").info("not.this")
    logging.getLogger("some.library").info("nor this")
    logging.getLogger("some.library").warning("but this")
    assert [line["event"] for line in logged(capsys)] == ["but this"]


@pytest.mark.parametrize("name", NOISY)
def test_talkative_libraries_are_silent(capsys: pytest.CaptureFixture[str], name: str) -> None:
    configure_logging("debug", "json")
    logging.getLogger(name).info("LOGIN ann hunter2")
    assert logged(capsys) == []


def test_a_crash_is_one_line_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        get_logger("test").exception("job.crashed", job_id=7)
    (line,) = logged(capsys)
    assert "ZeroDivisionError" in str(line["exception"])


def test_a_person_gets_words_and_a_program_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure_logging("info", "auto")
    get_logger("one").info("daemon.started")
    assert logged(capsys)[0]["event"] == "daemon.started"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    configure_logging("info", "auto")
    get_logger("two").info("daemon.started")
    seen = capsys.readouterr().err
    assert "daemon.started" in seen
    assert not seen.startswith("{")


ADDRESS, BODY = "carl@client.example", "what he wrote"


def refuse(*_: object) -> None:
    raise sqlite3.IntegrityError(f"UNIQUE constraint failed: note.address\nDETAIL: {ADDRESS} is there")


async def refused() -> None:
    refuse()


def test_a_task_that_nobody_awaited_is_told_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    async def forget() -> None:
        task = asyncio.create_task(refused(), name=ADDRESS)
        await asyncio.wait([task])
        del task
        gc.collect()

    configure_logging("info", "json")
    asyncio.run(forget())
    (line,) = logged(capsys)
    assert line["event"] == "Task exception was never retrieved (refused)"
    assert "in refuse" in str(line["exception"])
    assert "IntegrityError: UNIQUE constraint failed: note.address" in str(line["exception"])
    assert "client.example" not in str(line)


def test_nor_does_a_callback_tell_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    async def call() -> None:
        asyncio.get_running_loop().call_soon(refuse, ADDRESS, BODY)
        await asyncio.sleep(0)

    configure_logging("info", "json")
    asyncio.run(call())
    (line,) = logged(capsys)
    assert str(line["event"]).startswith("Exception in callback")
    assert ADDRESS not in str(line)
    assert BODY not in str(line)


def test_a_thread_that_died_is_logged_without_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    configure_logging("info", "json")
    for target in (refuse, sys.exit):
        thread = threading.Thread(target=target, name="journal")
        thread.start()
        thread.join()
    (line,) = logged(capsys)
    assert (line["event"], line["level"], line["thread"]) == ("thread.died", "error", "journal")
    assert "in refuse" in str(line["exception"])
    assert "client.example" not in str(line)
