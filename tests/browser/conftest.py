"""A real browser on a real console. Errors in its console and violations of our own policy fail the test that saw them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from seeds.console import Console, SeededFolder, running_console, seed_folder
from servers.chromium import ARGUMENTS
from web.signed_in import SESSION_COOKIE

DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield browser
        browser.close()


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
def open_page(browser: Browser, console: Console) -> Iterator[Callable[..., Page]]:
    """Open a page as Marta; `viewport` and `color_scheme` as Playwright takes them.

    `expected`: what a browser says in its console about a failure that the test makes.
    """
    complaints: list[str] = []
    contexts = []

    def open_(path: str = "/", *, who: str = "marta", expected: tuple[str, ...] = (), **options: Any) -> Page:
        context = browser.new_context(base_url=console.url, **{"viewport": DESK, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)

        def listen(said: ConsoleMessage) -> None:
            if said.type in ("error", "warning") and not any(words in said.text for words in expected):
                complaints.append(said.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.add_cookies([{"name": SESSION_COOKIE, "value": console.session(who), "url": console.url}])
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, complaints
