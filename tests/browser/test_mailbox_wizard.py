"""A person connects a mailbox in a real browser: by keyboard, on a phone, and where no script runs."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from mailsync import repository
from mailsync.account import open_connection
from mailsync.mailbox_sync import MailboxSync
from servers.dovecot import Dovecot

PHONE = {"width": 390, "height": 844}
ADDRESS = "ann@nowhere-at-all.example"


def letters(number: int) -> Iterator[bytes]:
    for index in range(number):
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = "Rui <rui@client.example>", ADDRESS, f"Offer {index}"
        mail["Date"], mail["Message-ID"] = "Mon, 05 Oct 2026 09:00:00 +0000", f"<{index}@client.example>"
        mail.set_content("Hello")
        yield mail.as_bytes()


def fill_servers(page: Page, dovecot: Dovecot, user: str, *, password: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("IMAP host").fill("127.0.0.1")
    page.get_by_label("Port").first.fill(str(dovecot.port))
    page.get_by_label("Encryption").first.select_option("none")
    page.get_by_label("User name").fill(user)


def test_a_provider_is_found_by_keyboard_and_shown_before_the_password(open_page) -> None:
    page = open_page("/settings/mailboxes/new")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("ann@gmail.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gmail", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="What was found")).to_contain_text("imap.gmail.com")
    expect(page.get_by_role("link", name="Sign in with Google")).to_be_visible()
    expect(page.get_by_label("App password")).to_be_focused()
    expect(page.get_by_label("IMAP host")).to_be_hidden()
    page.get_by_text("Servers and user name").click()
    expect(page.get_by_label("IMAP host")).to_have_value("imap.gmail.com")


def test_from_an_address_to_the_first_mail(open_page, console, dovecot: Dovecot) -> None:
    """A wrong password first, told beside its field; then the right one, choices by keyboard, and mail that arrives."""
    user = dovecot.new_user()
    dovecot.fill(user, letters(3))
    dovecot.fill(user, letters(1), "Holidays")
    page = open_page("/settings/mailboxes/new")
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()

    fill_servers(page, dovecot, user, password="not it")
    page.get_by_label("Port").first.fill(str(dovecot.tls_port))
    page.get_by_label("Encryption").first.select_option("tls")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("listitem").filter(has_text="Encrypt")).to_contain_text("not trusted")
    expect(page.get_by_label("Encryption").first).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("IMAP host")).to_have_value("127.0.0.1")

    fill_servers(page, dovecot, user, password=dovecot.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Connect the mailbox")).to_be_visible()
    expect(page.get_by_role("list", name="The test")).to_contain_text("folders")
    expect(page.locator(".busy:visible")).to_have_count(0)

    page.get_by_label("Load older mail").select_option("all")
    page.get_by_label("Holidays").press("Space")
    expect(page.get_by_label("Holidays")).not_to_be_checked()
    page.get_by_label("Who wrote and when", exact=False).first.check()
    page.get_by_role("button", name="Connect the mailbox").press("Enter")
    page.wait_for_url("**/connected")
    expect(page.get_by_role("heading", name=f"{ADDRESS} is connected")).to_be_visible()
    expect(page.get_by_text("The first mail is on its way.")).to_be_visible()
    mailbox_id = int(re.search(r"mailboxes/(\d+)/", page.url)[1])
    with console.store.database.reading() as session:
        row = session.execute(text(f"SELECT share_level FROM mailbox WHERE id = {mailbox_id}")).scalar_one()
    assert row == "metadata"

    sync(console, mailbox_id)
    expect(page.get_by_role("link", name=re.compile("Offer"))).to_have_count(3)
    expect(page.get_by_text("Connected; new mail arrives within seconds")).to_be_visible()


def sync(console, mailbox_id: int) -> None:
    """What the sync role would do."""
    settings = console.app.state.services.settings

    async def bring() -> None:
        with console.store.database.reading() as session:
            row = repository.mailbox(session, mailbox_id)
        connection = await open_connection(console.store, settings, row)
        try:
            await MailboxSync(
                console.store, settings, connection, row, lambda _: None, lambda _: None
            ).bring_up_to_date()
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop of its own in this one.
        thread.submit(asyncio.run, bring()).result()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_fits_a_phone(open_page, dovecot: Dovecot, scheme: str) -> None:
    user = dovecot.new_user()
    dovecot.fill(user, letters(1), "A folder whose name is longer than any screen is wide, as people make them (2026)")
    page = open_page("/settings/mailboxes/new", viewport=PHONE, color_scheme=scheme)

    def fits() -> None:
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, f"{page.url} is {too_wide} px too wide"

    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Test the connection")).to_be_visible()
    fits()
    fill_servers(page, dovecot, user, password=dovecot.password)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_role("button", name="Connect the mailbox")).to_be_visible()
    fits()
    page.get_by_role("button", name="Connect the mailbox").click()
    page.wait_for_url("**/connected")
    fits()


def test_it_works_without_script(browser, console, dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    context = browser.new_context(base_url=console.url, java_script_enabled=False)
    page = context.new_page()
    email, password = console.seed.password("marta")
    page.goto("/login?next=/settings/mailboxes/new")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Go on").click()
    fill_servers(page, dovecot, user, password=dovecot.password)
    page.get_by_role("button", name="Test the connection").click()
    page.get_by_role("button", name="Connect the mailbox").click()
    expect(page.get_by_role("heading", name=f"{ADDRESS} is connected")).to_be_visible()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Connecting for the first time")).to_be_visible()
    context.close()
