"""What axe, the checker that accessibility auditors use, says of a page: on a desk and on a phone, light and dark."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK = {"width": 1280, "height": 800}
_SCRIPT = Axe().axe_script
_SERIOUS = """async rules => {
  const only = rules ? { runOnly: rules } : {};
  const found = await axe.run({ resultTypes: ["violations"], ...only });
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact)).flatMap(
    one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.html.slice(0, 150)}`));
}"""


def serious_faults(page: Page, phone: Any) -> list[str]:
    """Serious faults of a page as it stands, and whether it is wider than a phone. Loads nothing anew.

    All rules on the desk in the light and on the phone in the dark; only contrast, which the colours decide, the other way.
    """
    page.evaluate(_SCRIPT)
    return list(_faults(page, phone))


def _faults(page: Page, phone: Any) -> Iterator[str]:
    for where, size, scheme, rules in (
        ("desk, light", DESK, "light", None),
        ("desk, dark", DESK, "dark", ["color-contrast"]),
        ("phone, dark", phone, "dark", None),
        ("phone, light", phone, "light", ["color-contrast"]),
    ):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if size is phone and scheme == "dark":
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if too_wide > 0:
                yield f"{page.url}: {too_wide} px too wide"
        yield from (f"{page.url} ({where}): {fault}" for fault in page.evaluate(_SERIOUS, rules))
