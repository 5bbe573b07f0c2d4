"""Acting on mail by keyboard and mouse: one conversation, several, and taking it back."""

import re

from playwright.sync_api import expect
from sqlalchemy import text


def waiting(console) -> list[tuple[str, str]]:
    """What the mail server is to be told."""
    statement = text("SELECT kind, coalesce(flag, '') FROM mail_action WHERE state = 'waiting' ORDER BY id")
    with console.store.database.reading() as session:
        return [tuple(row) for row in session.execute(statement)]


def open_first(page) -> str:
    """Open the first conversation by keyboard; its id."""
    page.keyboard.press("j")
    expect(page.locator(".thread").first).to_have_attribute("aria-current", "true")
    expect(page.locator("#reading .conversation")).to_be_visible()
    return page.locator(".thread").first.get_attribute("data-thread")


def test_a_conversation_is_archived_and_brought_back_by_keys(open_page, console) -> None:
    page = open_page("/mail")
    thread = open_first(page)

    page.keyboard.press("a")
    expect(page.get_by_text("Archived.")).to_be_visible()
    expect(page.locator(f"[data-thread='{thread}']")).to_have_count(0)
    assert "move" in {kind for kind, _ in waiting(console)}

    page.keyboard.press("z")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(page.locator(f".thread[data-thread='{thread}']")).to_be_visible()
    assert "move" not in {kind for kind, _ in waiting(console)}


def test_deleting_junk_and_back_and_deleting_for_ever(open_page, console) -> None:
    page = open_page("/mail")
    thread = open_first(page)
    page.keyboard.press("!")
    expect(page.get_by_text("Moved to Junk.")).to_be_visible()
    page.goto(f"/mail/threads/{thread}?view=junk")
    page.keyboard.press("!")
    expect(page.get_by_text("Moved back to the inbox.")).to_be_visible()

    page.goto(f"/mail/threads/{thread}?view=inbox")
    page.keyboard.press("#")
    expect(page.get_by_text("Moved to Trash.")).to_be_visible()
    page.goto(f"/mail/threads/{thread}?view=trash")
    page.keyboard.press("#")
    expect(page.get_by_role("heading", name="Delete for ever?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deleted for ever.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert "remove" not in {kind for kind, _ in waiting(console)}


def test_a_flag_comes_and_goes_and_unread_goes_back_to_the_list(open_page, console) -> None:
    page = open_page("/mail")
    thread = open_first(page)
    flag = page.locator("#reading [data-key=s]")
    was = flag.get_attribute("aria-label")
    page.keyboard.press("s")
    expect(flag).not_to_have_attribute("aria-label", was)
    expect(page.locator("#reading .conversation")).to_be_visible()
    page.keyboard.press("s")
    expect(flag).to_have_attribute("aria-label", was)

    page.keyboard.press("Shift+U")
    expect(page.get_by_text("Marked unread.")).to_be_visible()
    expect(page.locator(f".thread[data-thread='{thread}']")).to_have_class(re.compile("unread"))


def test_several_conversations_are_ticked_and_moved_together(open_page, console) -> None:
    page = open_page("/mail")
    expect(page.locator("#bulk")).to_be_hidden()
    first = open_first(page)
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".thread").nth(1)).to_have_attribute("aria-current", "true")
    second = page.locator(".thread").nth(1).get_attribute("data-thread")
    page.keyboard.press("x")
    expect(page.get_by_text("2 ticked")).to_be_visible()

    page.keyboard.press("a")

    expect(page.get_by_text("Archived.")).to_be_visible()
    for thread in (first, second):
        expect(page.locator(f".thread[data-thread='{thread}']")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    for thread in (first, second):
        expect(page.locator(f".thread[data-thread='{thread}']")).to_be_visible()


def test_moving_to_a_folder_by_keyboard(open_page, console) -> None:
    page = open_page("/mail")
    thread = open_first(page)
    page.keyboard.press("v")
    menu = page.locator("#reading details.menu[open]")
    expect(menu.get_by_role("button", name="Inbox").first).to_be_focused()
    menu.get_by_role("button", name="Archive").first.press("Enter")
    expect(page.get_by_text("Moved.")).to_be_visible()
    expect(page.locator(f".thread[data-thread='{thread}']")).to_have_count(0)


def test_the_list_of_keys_names_them(open_page) -> None:
    page = open_page("/mail")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Everything by keyboard").locator("kbd").all_inner_texts()
    assert {"x", "a", "#", "!", "v", "s", "U", "z", "e", "u"} <= set(keys)


def test_a_draft_is_saved_continued_and_thrown_away(open_page, console) -> None:
    page = open_page("/mail")
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="Form")
    form.get_by_label("Subject").fill("An offer, not finished")
    form.locator("textarea").fill("Dear Ann,")
    form.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    expect(page.get_by_text("An offer, not finished")).to_be_visible()
    assert waiting(console)[-1] == ("append", "")

    page.get_by_text("An offer, not finished").first.click()
    page.get_by_role("link", name="Continue writing").click()
    expect(form.get_by_label("Subject")).to_have_value("An offer, not finished")
    form.get_by_label("Subject").fill("An offer, finished")
    form.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("An offer, finished")).to_be_visible()
    expect(page.get_by_text("An offer, not finished")).to_have_count(0)

    page.get_by_text("An offer, finished").first.click()
    page.get_by_role("link", name="Continue writing").click()
    form.get_by_label("To", exact=True).fill("ann@client.example")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your mail leaves in a moment.")).to_be_visible()
    page.goto("/mail?view=drafts")
    expect(page.get_by_text("An offer, finished")).to_have_count(0)


def test_nothing_takes_the_focus_from_who_has_begun_to_write(open_page) -> None:
    page = open_page("/mail")
    page.evaluate("htmx.config.defaultSettleDelay = 300")
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="Form")
    form.get_by_label("Subject").focus()
    page.wait_for_timeout(600)
    page.keyboard.type("An offer")
    expect(form.get_by_label("Subject")).to_have_value("An offer")
