"""`mailsync demo` as a newcomer meets it: started as a process, then walked through in a browser, page by page.

The other browser tests look closely at single pages on a seeded store; here everything is real: mail that was synced
over IMAP, an answer that went out by SMTP, a newsletter with its readers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.installation import Installation, address_of, wait_until

MARTA = ("marta@fontelenta.example", "espresso-marta")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@dataclass
class Walk:
    """A signed-in page on the running demo, and what its browser complained about."""

    page: Page
    complaints: list[str]

    def go(self, section: str) -> None:
        """By the navigation on the left."""
        self.page.locator(f'nav a[href="/{section.lower()}"]').first.click()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo that has told its story."""
    installation = Installation(tmp_path_factory.mktemp("demo") / "data")
    installation.data_dir.mkdir()
    process = installation.start("demo")
    yield address_of(process)
    process.send_signal(2)
    try:
        assert process.wait(30) == 0, "Ctrl-C ends the demo"
    finally:
        installation.close()


@pytest.fixture
def walk(browser: Browser, demo: str) -> Iterator[Walk]:
    context = browser.new_context(base_url=demo, viewport={"width": 1280, "height": 800})
    page, complaints = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login")
    page.get_by_label("E-mail address").fill(MARTA[0])
    page.get_by_label("Password").fill(MARTA[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    yield Walk(page, complaints)
    context.close()
    assert not complaints, complaints


def test_a_newcomer_walks_through_every_page(walk: Walk) -> None:
    page = walk.page
    expect(page.get_by_text("Waiting for your answer")).to_be_visible()

    walk.go("Mail")
    page.get_by_text("A lever machine for Stokes Croft").first.click()
    expect(page.get_by_role("heading", name="A lever machine for Stokes Croft")).to_be_visible()
    page.get_by_text("Why is this here?").first.click()
    expect(page.get_by_text("Opening in Stokes Croft").first).to_be_visible()

    walk.go("Stream")
    expect(page.get_by_role("heading", name="Stream")).to_be_visible()

    walk.go("Deals")
    page.get_by_role("link", name="Two Levante machines for the second bar").first.click()
    expect(page.get_by_text("€16,840").first).to_be_visible()
    expect(page.get_by_text("Planned and waiting")).to_be_visible()
    page.get_by_role("link", name="Lucía Romero").first.click()
    expect(page.get_by_role("heading", name="Lucía Romero")).to_be_visible()

    walk.go("Tasks")
    expect(page.get_by_text("Send Hallbach the changed offer with four grinders").first).to_be_visible()

    walk.go("Feed")
    expect(page.get_by_role("heading", name="Feed")).to_be_visible()

    walk.go("Campaigns")
    page.get_by_role("link", name="Autumn letter: the Ponto in oxblood").first.click()
    expect(page.get_by_text("From sent to answered")).to_be_visible()
    expect(page.get_by_text("17 surely people", exact=False)).to_be_visible()

    walk.go("Settings")
    expect(page.locator("main").get_by_text("marta@fontelenta.example").first).to_be_visible()
    expect(page.get_by_text("Connected; new mail arrives within seconds").first).to_be_visible()


def test_an_answer_written_in_the_console_reaches_the_customer(walk: Walk) -> None:
    """Given a customer's mail, when Marta answers it in the browser, then it leaves by SMTP and comes back in Sent."""
    page = walk.page
    page.goto("/mail")
    page.get_by_text("Is the oxblood Ponto still to be had?").first.click()
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#answer textarea")).to_be_focused()
    page.keyboard.type("Yes, two of them. Marta")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your mail leaves in a moment.")).to_be_visible()

    def in_sent() -> bool:
        page.goto("/mail?view=sent")
        return page.get_by_text("Yes, two of them. Marta").count() > 0

    wait_until(in_sent, seconds=60, every=1.0, what="the answer in Sent")


def test_a_screenshot_of_the_mail_page_is_not_empty(walk: Walk, tmp_path: Path) -> None:
    walk.page.goto("/mail")
    picture = walk.page.screenshot(path=tmp_path / "mail.png")
    assert len(picture) > 20_000
