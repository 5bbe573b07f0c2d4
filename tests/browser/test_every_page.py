"""Every page fits a small phone, and axe finds no serious fault on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.accessibility import DESK, SHELL, serious_faults
from browser.every_page import addresses, is_page, live_in
from seeds.console import Console, SeededFolder, running_console

PARTS = 2
"""Each is walked by a worker of its own, where there are several."""


@pytest.fixture
def console(seeded: SeededFolder, tmp_path: Path) -> Iterator[Console]:
    """A console with a company that has one of everything."""
    with running_console(seeded, tmp_path / "data") as running:
        yield running


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_fits_a_phone_and_axe_finds_no_serious_fault(open_page, console, tmp_path, part) -> None:
    vault = live_in(console, tmp_path)
    page = open_page(who="ines")
    found, looked_at = serious_faults(page), 0
    for address in list(addresses(console, vault))[part::PARTS]:
        if is_page(page.request, address):
            page.set_viewport_size(DESK)
            page.goto(address, wait_until="domcontentloaded")
            found += serious_faults(page, without=SHELL)
            looked_at += 1
    assert not found, "\n".join(found)
    assert looked_at > 120 / PARTS
