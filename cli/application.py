"""What every command begins with: settings, logs, and the opened store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from core.config import Settings, load_settings
from core.garbage import collect_rarely
from core.logging import configure_logging
from storage.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Application:
    """Settings and store of one command."""

    settings: Settings
    store: Store


@contextmanager
def opened(*, quiet: bool = True) -> Iterator[Application]:
    """Settings read, logs set up (only warnings when `quiet`), the store opened and closed again."""
    with opened_with({}, quiet=quiet) as application:
        yield application


@contextmanager
def opened_with(overrides: dict[str, object], *, quiet: bool = True) -> Iterator[Application]:
    """The same, where `overrides` win over the environment."""
    settings = load_settings(**overrides)
    configure_logging("warning" if quiet and settings.log_level == "info" else settings.log_level, settings.log_format)
    store = open_store(settings)
    collect_rarely()
    try:
        yield Application(settings, store)
    finally:
        store.close()


def command_group(help_text: str) -> typer.Typer:
    """A Typer application as all our commands use it: plain errors, no completion installer."""
    return typer.Typer(
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
