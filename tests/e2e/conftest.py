"""Installations as fixtures; what they started is ended with the test."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.installation import Installation

# A shell's background jobs have Ctrl-C ignored, and so would every process that is started here; a handler is not inherited.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Make installations by name: `install("a", sync_batch_messages="50")`."""
    made: list[Installation] = []

    def make(name: str = "data", **settings: str) -> Installation:
        made.append(Installation(tmp_path / name, **settings))
        return made[-1]

    yield make
    for installation in made:
        installation.close()
