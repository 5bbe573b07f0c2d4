"""What axe, the checker that accessibility auditors use, says of a page: on a desk in the light, on a phone in the dark."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK = {"width": 1280, "height": 800}
SMALL_PHONE = {"width": 360, "height": 740}
SHELL = (".side", ".top")
_SCRIPT = Axe().axe_script
_LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
"""What a size and a theme decide. The other rules judge names and roles, which are the same on a phone."""
_SERIOUS = """async ([without, rules]) => {
  const found = await axe.run({ exclude: without.filter(one => document.querySelector(one)) }, {
    resultTypes: ["violations"], preload: false, iframes: false, selectors: false,
    ...(rules ? { runOnly: rules } : { rules: { "target-size": { enabled: true } } }) });
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact)).flatMap(
    one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.html.slice(0, 150)}`));
}"""
"""`preload` would fetch the style sheets again, and what other frames show is a mail that somebody else wrote."""
_UNSEEN_FOCUS = """without => {
  const looks = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor", "backgroundColor", "opacity"];
  const around = one => [one, one.parentElement, one.nextElementSibling, one.closest("label")].filter(Boolean);
  const drawn = one => around(one).map(each => looks.map(look => getComputedStyle(each)[look]).join()).join(";");
  const was = document.activeElement, seen = new Set(), unseen = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    const kind = one.tagName + one.type + one.className + one.parentElement.className;
    if (seen.has(kind) || one.disabled || !one.checkVisibility() || without.some(each => one.closest(each))) continue;
    seen.add(kind);
    if (document.activeElement !== document.body) document.activeElement.blur();
    const before = drawn(one);
    one.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement === one && drawn(one) === before) unseen.push(`unseen focus: ${one.outerHTML.slice(0, 150)}`);
  }
  if (was !== document.body) was.focus({ preventScroll: true }); else document.activeElement.blur();
  return unseen;
}"""
"""One of each kind of what takes the focus must be drawn otherwise when it has it, or what lies around it."""

_FEW_OF_A_KIND = """() => {
  for (const parent of document.querySelectorAll("main tbody, main ul, main ol, main .lane, main select, main .columns > *")) {
    const met = {};
    for (const one of [...parent.children]) {
      const kind = one.tagName + one.className + one.childElementCount;
      if ((met[kind] = (met[kind] ?? 0) + 1) > 4) one.remove();
    }
  }
}"""
_TOO_WIDE = """() => Math.max(...[...document.querySelectorAll("html, main, .list-pane, .reading-pane")].map(
  one => one.checkVisibility() ? one.scrollWidth - one.clientWidth : 0))"""
"""What scrolls up and down must not scroll sideways: the page, or its parts that scroll alone."""
_TALL_HEAD = """() => [...document.querySelectorAll(".list-head")].filter(one => one.offsetHeight > 160).map(
  one => `the head of a list is ${one.offsetHeight} px high`)"""
"""Heads of lists that leave a phone hardly room for the list: more than a title, one line of tabs and a search."""
_SHIFTED = """() => [document.scrollingElement, document.querySelector("main.split")].filter(
  one => one && document.querySelector(".console") && one.scrollHeight > one.clientHeight).map(
  one => `${one.tagName} can be scrolled by ${one.scrollHeight - one.clientHeight} px, and the whole console with it`)"""
"""Only what lies inside may scroll: an address with a fragment would push the console off the screen."""
_SPLIT = """() => [...document.querySelectorAll("main .check, main .notice, main .choice")].filter(
  one => getComputedStyle(one).display.includes("flex")
    && [...one.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim())
    && one.querySelector(":scope > :is(a, b, code, em, strong, small)")).map(
  one => `a sentence in columns: ${one.outerHTML.slice(0, 150)}`)"""
"""A line of things one beside the other whose sentence has a link or a word apart: each piece of it gets a column."""
_CUT = """() => [...document.querySelectorAll("input:not([type])")].filter(
  one => one.checkVisibility() && one.value.length <= 16 && one.scrollWidth > one.clientWidth).map(
  one => `cut value: ${one.outerHTML.slice(0, 150)}`)"""
"""Fields of a phone in which a short value, such as a time or an amount, can not be read whole."""


def serious_faults(page: Page, phone: Any = SMALL_PHONE, *, without: tuple[str, ...] = ()) -> list[str]:
    """Serious faults of a page as it stands, and whether it is wider than a phone. Loads nothing anew.

    `without`: what is the same on many pages and has been looked at on another, by all rules in either size. Then only the first
    four of lines that are built alike are looked at, too: to judge their contrast takes axe longest.
    """
    if without:
        page.evaluate(_FEW_OF_A_KIND)
    page.evaluate(_SCRIPT)
    return list(_faults(page, phone, list(without)))


def _faults(page: Page, phone: Any, without: list[str]) -> Iterator[str]:
    for where, size, scheme in (("desk, light", DESK, "light"), ("phone, dark", phone, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if size is phone:
            too_wide = page.evaluate(_TOO_WIDE)
            if too_wide > 0:
                yield f"{page.url}: {too_wide} px too wide"
        found = page.evaluate(_SERIOUS, [without, _LOOKS if size is phone and without else None])
        if size is phone:
            found += page.evaluate(_CUT) + page.evaluate(_TALL_HEAD)
        else:
            found += page.evaluate(_UNSEEN_FOCUS, without) + page.evaluate(_SHIFTED) + page.evaluate(_SPLIT)
        yield from (f"{page.url} ({where}): {fault}" for fault in found)
