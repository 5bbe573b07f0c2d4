"""The page of one mailbox, by hand: chosen, compared, removed and kept; on a phone too, and by keyboard."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core.clock import utcnow
from mailsync import repository
from mailsync.traffic import repository as traffic
from storage.models import Folder, Mailbox, MailboxState

PHONE = {"width": 390, "height": 844}


def mailbox_id(console, email: str = "marta@fontelenta.example") -> int:
    with console.store.database.reading() as session:
        found = session.execute(text("SELECT id FROM mailbox WHERE email = :email"), {"email": email})
        return int(found.scalar_one())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_mailbox_fit_a_phone(open_page, console, scheme: str) -> None:
    page = open_page(viewport=PHONE, color_scheme=scheme)
    for path in ("", "/remove"):
        answer = page.goto(f"/settings/mailboxes/{mailbox_id(console)}{path}")
        assert answer.status == 200
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_the_list_to_a_mailbox_and_what_is_chosen_stays(open_page) -> None:
    page = open_page("/settings")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Marta Nowak")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Marta Nowak", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)

    page.get_by_role("checkbox", name=re.compile("^Junk")).uncheck()
    page.get_by_label("How far back").select_option("90 days")
    page.get_by_role("form", name="What is loaded").get_by_role("button", name="Save").click()
    expect(page.get_by_role("checkbox", name=re.compile("^Junk"))).not_to_be_checked()
    expect(page.get_by_label("How far back")).to_contain_text("As now: since")

    page.get_by_role("radio", name=re.compile("^Only who wrote, and when")).check()
    page.get_by_role("form", name="What colleagues see").get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("radio", name=re.compile("^Only who wrote, and when"))).to_be_checked()


def test_progress_and_states_move_by_themselves(open_page, console) -> None:
    box = mailbox_id(console)
    with console.store.database.unit_of_work() as session:
        row = session.get_one(Mailbox, box)
        row.state, row.loaded_per_minute = MailboxState.BACKFILLING, 600
        for folder in session.query(Folder).filter_by(mailbox_id=box):
            folder.uidvalidity, folder.oldest_uid, folder.expected = 1, 500, 1000
    page = open_page(f"/settings/mailboxes/{box}")
    expect(page.get_by_text("600 a minute")).to_be_visible()
    assert float(page.get_by_role("progressbar").get_attribute("value")) > 0

    with console.store.database.unit_of_work() as session:
        repository.set_state(session, box, MailboxState.LIVE)
        for folder in session.query(Folder).filter_by(mailbox_id=box):
            folder.oldest_uid = 1
        repository.note_pass(session, box, utcnow(), per_minute=None)
    expect(page.get_by_text("Connected; new mail arrives within seconds").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    page.reload()
    page.get_by_text("What happened when").press("Enter")
    expect(page.get_by_role("cell", name="Loading older mail")).to_be_visible()


def test_older_mail_that_waits_for_the_providers_next_day_says_until_when(open_page, console) -> None:
    box = mailbox_id(console)
    with console.store.database.unit_of_work() as session:
        row = session.get_one(Mailbox, box)
        row.state, row.imap_host = MailboxState.BACKFILLING, "imap.gmail.com"
        for folder in session.query(Folder).filter_by(mailbox_id=box):
            folder.uidvalidity, folder.oldest_uid, folder.expected = 1, 500, 1000
        traffic.add(session, box, 2_010_400_000, 1000)
    page = open_page(f"/settings/mailboxes/{box}", viewport=PHONE)
    expect(page.get_by_text("Gmail allows 2,500 MB a day by IMAP. Older mail goes on from")).to_be_visible()
    expect(page.get_by_text("2,011 MB of the 2,500 MB that Gmail allows")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with console.store.database.unit_of_work() as session:
        traffic.add(session, box, 400_000_000, 0)
    page.reload()
    expect(
        page.get_by_text(re.compile("Nearly all of it is used: new mail goes on from .+, older mail from .+"))
    ).to_be_visible()


def test_a_comparison_is_asked_for_and_a_removal_taken_back(open_page, console) -> None:
    page = open_page(f"/settings/mailboxes/{mailbox_id(console)}")
    page.get_by_role("button", name="Compare now").click()
    expect(page.get_by_text("Comparing, message by message")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)

    page.get_by_role("link", name="Remove …").click()
    expect(page.get_by_text("stay in other mailboxes")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Remove all its mail")).check()
    page.get_by_role("button", name="Remove the mailbox").click()
    expect(page.get_by_role("heading", name="Will be removed in a moment")).to_be_visible()
    expect(page.get_by_text("all its mail goes")).to_be_visible()
    page.get_by_role("button", name="Keep the mailbox").click()
    expect(page.get_by_role("region", name="How it fares")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
