"""The console script: help without loading anything, exit statuses, and what becomes of errors nobody foresaw."""

import signal
import sqlite3
import subprocess
import sys
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import pytest
import typer

from cli import main
from core.errors import NotFound


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException, *words: str) -> int:
    """Run `mailsync WORDS boom`, a command that raises `error`; its exit status."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def boom() -> NoReturn:
        raise error

    module = ModuleType("boom")
    vars(module)["app"] = app
    monkeypatch.setitem(sys.modules, "boom", module)
    monkeypatch.setitem(main.COMMANDS, "boom", main.Entry("boom", "It fails."))
    with pytest.raises(SystemExit) as exit_:
        main.run([*words, "boom"])
    return int(str(exit_.value.code))


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main.run(words)
    out = capsys.readouterr().out
    assert exit_.value.code == 0
    assert all(f"\n  {name} " in out for name in main.COMMANDS)


def test_help_loads_no_command() -> None:
    program = "import sys, cli.main\ntry: cli.main.run(['--help'])\nexcept SystemExit: print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert {"cli.main", "core.errors"} <= set(loaded.split())
    assert not {"typer", "sqlalchemy", "asyncio"} & set(loaded.split())


def test_the_console_is_loaded_where_it_is_served() -> None:
    program = "import sys, cli.commands.run; print(*sys.modules); import cli.web_role; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    without, with_it = (set(line.split()) for line in told.splitlines())
    assert not {"web", "fastapi", "uvicorn", "jinja2"} & without
    assert {"web.app", "fastapi", "uvicorn", "jinja2"} <= with_it


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_is_there_and_helps(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_module(main.COMMANDS[name].module).app
    with pytest.raises(SystemExit) as exit_:
        main.run([name, "--help"])
    out = capsys.readouterr().out
    assert exit_.value.code == 0
    assert f"Usage: mailsync {name}" in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main.run(["--version"])
    out = capsys.readouterr().out
    assert (exit_.value.code, out.split()[0]) == (0, "mailsync")


def test_a_group_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main.run(["mailbox"])
    err = capsys.readouterr().err
    assert (exit_.value.code, err[:23]) == (2, "Usage: mailsync mailbox")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFound("It is gone."), 1, "mailsync: It is gone.\n"),
        (typer.Exit(1), 1, ""),
        (KeyboardInterrupt(), 130, ""),
        (PermissionError(13, "Permission denied", "/data/keys.json"), 1, "mailsync: /data/keys.json cannot be used ("),
        (OSError(28, "No space left on device"), 1, "mailsync: The disk is full: make room"),
        (ZeroDivisionError("secret"), 1, "mailsync: Something went wrong that should not have (ZeroDivisionError)"),
    ],
)
def test_errors_become_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str
) -> None:
    assert fail(monkeypatch, error) == status
    err = capsys.readouterr().err
    assert err.startswith(said)
    assert err.count("\n") == (1 if said else 0)
    assert "secret" not in err


def test_debug_shows_where_it_happened_without_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    error = sqlite3.IntegrityError('UNIQUE constraint failed: note.body "secret"')
    with pytest.raises(sqlite3.IntegrityError) as raised:
        fail(monkeypatch, error, "--debug")
    sys.excepthook(raised.type, raised.value, raised.tb)
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "in run\n" in err
    assert "IntegrityError: UNIQUE constraint failed: note.body" in err
    assert "secret" not in err


def test_sigterm_ends_a_command_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        fail(monkeypatch, NotFound("It is gone."))
        with pytest.raises(SystemExit) as exit_:
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert exit_.value.code == 143
