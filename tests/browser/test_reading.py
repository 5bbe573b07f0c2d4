"""Reading and searching by keyboard and on a phone: help beside the field, marked words, files looked at in place."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

PHONE = {"width": 390, "height": 844}


def mail_with_file(console, kind: str) -> str:
    """Where a message of Marta's own with an attached file of that kind is read."""
    statement = text(
        "SELECT m.thread_id, m.id FROM part p JOIN message m ON m.id = p.message_id JOIN place l ON l.message_id = m.id "
        "WHERE l.mailbox_id = :marta AND NOT p.inline AND p.content_type LIKE :kind ORDER BY m.id LIMIT 1"
    )
    with console.store.database.reading() as session:
        found = session.execute(statement, {"marta": console.seed.mailboxes["marta"], "kind": kind}).one()
    return f"/mail/threads/{found[0]}?message={found[1]}"


def test_searching_with_operators_by_keyboard(open_page) -> None:
    page = open_page("/mail?view=all&words=levante")
    expect(page.locator(".thread mark").first).to_have_text(re.compile("levante", re.IGNORECASE))
    page.get_by_label("Narrow the search").get_by_role("link", name=re.compile("^From ")).click()
    field = page.get_by_role("search", name="Search in mail").get_by_role("searchbox")
    expect(field).to_have_value(re.compile("^levante from:"))
    expect(page.locator(".thread").first).to_be_visible()

    field.fill("levante before:soon")
    field.press("Enter")
    expect(page.get_by_text("“before:soon” makes no sense as a condition")).to_be_visible()

    page.get_by_role("button", name="What can be searched").first.click()
    help_ = page.get_by_role("dialog", name="Searching in mail")
    expect(help_.get_by_text("has:attachment", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()


def test_a_find_opens_at_its_message_and_keys_walk_the_conversation(open_page) -> None:
    page = open_page("/mail?view=all&words=levante")
    page.keyboard.press("j")
    found = page.locator("#reading .message[data-wanted]")
    expect(found).to_be_visible()
    expect(found).not_to_have_class(re.compile("message-closed"))
    page.keyboard.press("n")
    expect(page.locator("#reading .message").first).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#answer form")).to_be_visible()


def test_the_newest_mail_of_a_conversation_opens_below_its_head(open_page, console) -> None:
    # given a conversation that is longer than the pane
    longest = text(
        "SELECT m.thread_id FROM message m JOIN place l ON l.message_id = m.id WHERE l.mailbox_id = :marta "
        "GROUP BY m.thread_id ORDER BY count(*) DESC, m.thread_id LIMIT 1"
    )
    with console.store.database.reading() as session:
        thread = session.execute(longest, {"marta": console.seed.mailboxes["marta"]}).scalar_one()
    # when it is opened
    page = open_page(f"/mail/threads/{thread}", viewport={"width": 1280, "height": 400})
    opened, head = (
        page.locator("#reading .message:not(.message-closed)").first,
        page.locator("#reading .conversation-head"),
    )
    # then the pane has moved to it, and its first line is not under the head
    assert page.locator("#reading").evaluate("one => one.scrollTop") > 0
    beginning, end = opened.bounding_box(), head.bounding_box()
    assert 0 <= beginning["y"] - (end["y"] + end["height"]) < 20


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_document_is_looked_at_in_place(open_page, console, viewport) -> None:
    page = open_page(mail_with_file(console, "application/pdf"), **({"viewport": viewport} if viewport else {}))
    page.locator(".message .file a[title='Look at it']").first.click()
    dialog = page.locator("#overlay")
    expect(dialog.locator(".preview iframe")).to_be_visible()
    expect(dialog.get_by_role("link", name="Download")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
