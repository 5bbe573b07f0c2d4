"""Writing mail by keyboard: a template put in, the mail kept as a draft while it is written, and one draft at most."""

import re
import time

from playwright.sync_api import expect
from sqlalchemy import text


def drafts(console) -> list[str]:
    """Subjects of drafts that are to be kept."""
    statement = text(
        "SELECT subject FROM message JOIN mail_action ON mail_action.message_id = message.id "
        "WHERE mail_action.kind = 'append' AND state = 'waiting'"
    )
    with console.store.database.reading() as session:
        return [row.subject for row in session.execute(statement)]


def wait_until_kept(console, beginning: str) -> None:
    """Until the draft that is to be kept begins so: the last version leaves when its page does, and is still on its way."""
    statement = text(
        "SELECT message.snippet FROM message JOIN mail_action ON mail_action.message_id = message.id "
        "WHERE mail_action.kind = 'append' AND state = 'waiting'"
    )
    found: list[str] = []
    deadline = time.monotonic() + 15
    while found != [beginning] and time.monotonic() < deadline:
        with console.store.database.reading() as session:
            found = list(session.execute(statement).scalars())
        time.sleep(0.05)
    assert found == [beginning]


def test_a_template_is_made_looked_at_and_put_in(open_page) -> None:
    page = open_page("/settings/templates")
    page.get_by_label("Name").fill("Thanks")
    page.get_by_label("Subject").fill("Thank you, {{ contact.first_name }}")
    page.locator("textarea[name=text]").fill("Dear {{ contact.first_name }},\n\nthank you.")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Keep template").press("Enter")
    expect(page.get_by_text("The template is kept.")).to_be_visible()

    page.goto("/compose")
    page.get_by_label("To", exact=True).fill("Xaver Neu <x@new.example>")
    page.get_by_label("Template").select_option(label="Thanks (your own)")
    expect(page.locator(".template-preview")).to_contain_text("Dear Xaver,")
    page.get_by_role("button", name="Put it in").press("Enter")
    expect(page.locator(".template-preview")).to_have_count(0)
    expect(page.get_by_label("Subject")).to_have_value("Thank you, Xaver")
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("^Dear Xaver,\n\nthank you."))
    expect(page.locator("textarea[name=text]")).to_be_focused()

    page.get_by_label("Subject").fill("My own")
    page.get_by_label("Template").select_option(label="Thanks (your own)")
    page.get_by_role("button", name="Put it in").press("Enter")
    expect(page.locator(".template-preview")).to_have_count(0)
    expect(page.get_by_label("Subject")).to_have_value("My own")


def test_what_is_written_is_kept_without_asking_and_sent_once(open_page, console) -> None:
    page = open_page("/compose")
    page.get_by_label("Subject").fill("Kept by itself")
    page.locator("textarea[name=text]").fill("Half a")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert drafts(console) == ["Kept by itself"]

    page.locator("textarea[name=text]").fill("Half a letter")
    page.get_by_role("link", name="Today").first.click()
    page.wait_for_url("**/")
    wait_until_kept(console, "Half a letter")
    page.goto("/mail?view=drafts")
    page.get_by_text("Kept by itself").first.click()
    page.get_by_role("link", name="Continue writing").click()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("Half a letter"))
    assert drafts(console) == ["Kept by itself"], "each version takes the place of the one before"

    page.get_by_label("To", exact=True).fill("x@new.example")
    page.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(page.get_by_text("Your mail leaves in a moment.")).to_be_visible()
    assert drafts(console) == []


def test_what_is_left_behind_is_kept_though_it_is_too_large_to_outlive_the_page(open_page, console) -> None:
    page = open_page("/compose")
    page.get_by_label("To", exact=True).fill("x@new.example")
    page.get_by_label("Subject").fill("Left behind")
    letter = page.locator("textarea[name=text]")
    letter.evaluate("(area, words) => (area.value = words)", "My own words\n" + "> what they wrote\n" * 4000)
    file = {"name": "a.bin", "mimeType": "application/octet-stream", "buffer": b"x" * 100_000}
    page.locator("[name=files]").set_input_files([file])
    page.goto("about:blank")
    deadline = time.monotonic() + 10
    while not drafts(console) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert drafts(console) == ["Left behind"]


def test_a_mail_that_did_not_get_through_is_kept_as_a_draft(open_page, console) -> None:
    page = open_page("/compose", expected=("ERR_FAILED", "htmx:"))
    page.route("**/outgoing", lambda route: route.abort())
    page.get_by_label("To", exact=True).fill("x@new.example")
    page.get_by_label("Subject").fill("Not through")
    page.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(page.get_by_text("The server can not be reached.")).to_be_visible()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert drafts(console) == ["Not through"]
