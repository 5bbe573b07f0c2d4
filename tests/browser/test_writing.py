"""Writing mail by keyboard: a template put in, the mail kept as a draft while it is written, and one draft at most."""

import re

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


def test_what_is_written_is_kept_without_asking_and_sent_once(open_page, console) -> None:
    page = open_page("/compose")
    page.get_by_label("Subject").fill("Kept by itself")
    page.locator("textarea[name=text]").fill("Half a")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    assert drafts(console) == ["Kept by itself"]

    page.locator("textarea[name=text]").fill("Half a letter")
    page.get_by_role("link", name="Today").first.click()
    page.wait_for_url("**/")
    page.goto("/mail?view=drafts")
    expect(page.get_by_text("Kept by itself").first).to_be_visible()
    page.get_by_text("Kept by itself").first.click()
    page.get_by_role("link", name="Continue writing").click()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("Half a letter"))
    assert drafts(console) == ["Kept by itself"], "each version takes the place of the one before"

    page.get_by_label("To", exact=True).fill("x@new.example")
    page.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(page.get_by_text("Your mail leaves in a moment.")).to_be_visible()
    assert drafts(console) == []
