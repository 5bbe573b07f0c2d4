"""Every page by axe, the checker that accessibility auditors use: no serious or critical fault, light or dark, wide or narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.conftest import DESK
from browser.test_console import PAGES, PHONE

SERIOUS = ("serious", "critical")


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)])
def test_axe_finds_no_serious_fault(open_page, scheme: str, viewport: dict[str, int]) -> None:
    page, axe = open_page(viewport=viewport, color_scheme=scheme), Axe()
    found = []
    for path in PAGES:
        page.goto(path)
        for fault in axe.run(page).response["violations"]:
            if fault["impact"] in SERIOUS:
                found += [f"{path}: {fault['id']}: {node['html'][:150]}" for node in fault["nodes"][:3]]
    assert not found, "\n".join(found)
