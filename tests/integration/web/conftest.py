"""The console and the API on the demo's company, asked as a browser and as a program would."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from seeds.console import Console, SeededFolder, csrf_of, running_console, seed_folder


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> SeededFolder:
    """The company, made once."""
    return seed_folder(tmp_path_factory.mktemp("company"))


@pytest.fixture
def console(seeded: SeededFolder, tmp_path: Path) -> Iterator[Console]:
    """A console with a company of the test's own."""
    with running_console(seeded, tmp_path / "data") as running:
        yield running


@pytest.fixture
def csrf() -> Callable[[httpx.Client, str], str]:
    """Read the token of a page's forms."""
    return csrf_of
