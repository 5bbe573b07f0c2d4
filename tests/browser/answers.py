"""Forms sent from the pages that they stand on, as a browser without script sends them: what answers is a page to look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from browser.accessibility import DESK, SHELL, serious_faults
from storage.store import Store

_SEND = """([action, fields]) => {
  const button = document.querySelector(`button[formaction="${action}"]`);
  const form = button?.form ?? document.querySelector(`form[method="post"][action="${action}"]`);
  if (!form) return false;
  form.action = action;
  form.noValidate = true;
  for (const [name, value] of Object.entries(fields)) {
    const there = [...form.elements].filter(one => one.name === name);
    for (const each of [value].flat()) {
      const ticked = there.find(one => ["checkbox", "radio"].includes(one.type) && one.value === each);
      const typed = there.find(one => !["checkbox", "radio", "submit", "button"].includes(one.type));
      if (ticked) ticked.checked = true;
      else if (typed) typed.value = each;
      else form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: each }));
    }
  }
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""
"""What is pressed is a button with a name: sent so, it is added. `submit` of the prototype asks no script of ours."""


@dataclass
class Answers:
    """A page that sends forms one after the other, and the faults of all that answered."""

    page: Page
    found: list[str] = field(default_factory=list)
    looked_at: int = 0

    def send(self, at: str, action: str, fields: Mapping[str, Any] | None = None, *, status: int = 200) -> None:
        """Fill in the form of that action on the page `at` (empty: the one that stands there), send it, look at what answers."""
        self.page.set_viewport_size(DESK)
        if at:
            self.page.goto(at, wait_until="domcontentloaded")
        with self.page.expect_navigation(wait_until="domcontentloaded") as answered:
            assert self.page.evaluate(_SEND, [action, dict(fields or {})]), f"{self.page.url} has no form for {action}"
        assert answered.value.status == status, (
            f"{action}: {answered.value.status}, {self.page.inner_text('main')[:300]}"
        )
        self.look()

    def after(self, work: Callable[[Store, int], object], store: Store, number: int) -> None:
        """Have a job done that the page which stands there waits for, and look at it anew."""
        at = self.page.url.partition("#")[0]
        self.page.goto("about:blank")  # It would load itself anew in the middle.
        work(store, number)
        self.page.set_viewport_size(DESK)
        self.page.goto(at, wait_until="domcontentloaded")
        self.look()

    def look(self) -> None:
        """Note the serious faults of what stands there."""
        self.found += serious_faults(self.page, without=SHELL)
        self.looked_at += 1
