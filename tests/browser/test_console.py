import re

from playwright.sync_api import Page, expect
from sqlalchemy import text

BLANK_BELOW = "frame => frame.offsetHeight - frame.contentDocument.body.lastElementChild.getBoundingClientRect().bottom"
"""Pixels of a frame below what it shows."""
HEIGHTS_OF_ONE_AS_HIGH_AS_ITS_WINDOW = """async frame => {
  frame.contentDocument.body.insertAdjacentHTML("beforeend", '<p style="min-height: 100vh">Tall</p>');
  const heights = [];
  for (let drawn = 0; drawn < 12; drawn++) {
    await new Promise(requestAnimationFrame);
    heights.push(frame.offsetHeight);
  }
  return heights;
}"""


def test_walking_through_the_navigation(open_page) -> None:
    page = open_page()
    for name in ("Mail", "Stream", "Deals", "Contacts", "Companies", "Tasks", "Feed", "Campaigns", "Settings", "Today"):
        link = page.get_by_role("navigation", name="Sections").get_by_role("link", name=re.compile(rf"^{name}\b"))
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("main")).to_be_visible()


def test_the_thread_list_by_keyboard(open_page) -> None:
    page = open_page("/mail")
    lines = page.locator(".thread")

    page.keyboard.press("j")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(lines.nth(1)).to_have_attribute("aria-current", "true")
    subject = lines.nth(1).locator(".thread-subject").inner_text().split("\n")[-1]
    expect(page.locator("#reading h2")).to_have_text(subject)
    page.keyboard.press("k")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")
    assert "/mail/threads/" in page.url

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#reading h2").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Everything by keyboard")).to_be_visible()


def test_quotes_fold_and_unfold(open_page) -> None:
    page = open_page("/mail?view=all")
    for number in range(page.locator(".thread").count()):
        page.locator(".thread").nth(number).click()
        expect(page.locator(".thread").nth(number)).to_have_attribute("aria-current", "true")
        quote = page.locator("#reading details.quoted")
        if quote.count():
            break
    quoted = quote.first.locator(".message-text")
    expect(quoted).to_be_hidden()
    quote.first.locator("summary").click()
    expect(quoted).to_be_visible()
    quote.first.locator("summary").click()
    expect(quoted).to_be_hidden()


def test_done_and_undo(open_page) -> None:
    page = open_page("/mail?view=waiting")
    page.locator(".thread").first.click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Done")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()


def test_a_reply_is_written_sent_and_taken_back(open_page) -> None:
    page = open_page("/mail?view=waiting")
    page.locator(".thread").first.click()
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("r")
    letter = page.locator("#answer textarea")
    expect(letter).to_be_focused()
    page.keyboard.type("Thank you, the offer follows today.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your mail leaves in a moment.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Not sent")).to_be_visible()
    assert page.locator("textarea[name=text]").input_value().startswith("Thank you, the offer follows today.")


def test_a_mail_with_a_design_has_a_frame_that_fits_it(open_page, console) -> None:
    with console.store.database.reading() as session:
        message = session.execute(
            text(
                "SELECT m.thread_id FROM message m JOIN part p ON p.message_id = m.id JOIN place l ON l.message_id = m.id "
                "JOIN mailbox b ON b.id = l.mailbox_id WHERE p.inline AND p.content_id IS NOT NULL AND b.email LIKE 'marta@%' "
                "ORDER BY m.id DESC"
            )
        ).scalar()
    page = open_page(f"/mail/threads/{message}")
    if not page.locator("iframe[data-fits]").count():
        page.locator(".message-closed a").first.click()
    frame = page.locator("iframe[data-fits]").first
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_class(re.compile("fitted"))
    assert frame.evaluate(BLANK_BELOW) < 40
    picture = page.frame_locator("iframe[data-fits]").first.locator("img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") > 0
    heights = frame.evaluate(HEIGHTS_OF_ONE_AS_HIGH_AS_ITS_WINDOW)
    assert heights[6] == heights[-1], heights


def test_the_switch_between_light_and_dark_stays(open_page) -> None:
    page = open_page(color_scheme="light")

    def background() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = background()
    page.get_by_label("Marta Nowak").click()
    page.get_by_role("button", name="Dark").click()
    dark = background()
    page.goto("/deals")
    assert background() == dark != light


def test_a_deal_moves_by_keyboard_and_by_mouse(open_page) -> None:
    page = open_page("/deals")
    card = page.locator("[data-card]").first
    deal, title = card.get_attribute("data-card"), card.locator("a").first.inner_text()
    move_by_keyboard(page, title, "Offer")
    expect(page.get_by_role("region", name="Offer").locator(f"[data-card='{deal}']")).to_be_visible()
    page.locator(f"[data-card='{deal}']").drag_to(page.get_by_role("region", name="Qualified"))
    expect(page.get_by_role("region", name="Qualified").locator(f"[data-card='{deal}']")).to_be_visible()


def move_by_keyboard(page: Page, title: str, stage: str) -> None:
    """Open the menu of a card, go to a stage with Tab, and press it; the card keeps the focus."""
    page.get_by_label(f"Move {title}").first.focus()
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.textContent") != stage:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**moved=*")
    expect(page.get_by_label(f"Move {title}").first).to_be_focused()


def test_a_task_is_set_in_an_overlay_and_ticked(open_page) -> None:
    page = open_page("/tasks")
    page.get_by_role("main").get_by_role("link", name="New", exact=True).click()
    overlay = page.get_by_role("dialog", name="Form")
    overlay.get_by_label("Title").fill("Call the carpenter")
    overlay.get_by_role("button", name="Set task").click()
    expect(page.get_by_role("heading", name="Call the carpenter")).to_be_visible()
    page.goto("/tasks")
    page.get_by_role("button", name="Done: Call the carpenter").click()
    expect(page.get_by_role("button", name="Take up again: Call the carpenter")).to_be_visible()


def test_counters_move_by_themselves(open_page, console) -> None:
    page = open_page("/tasks")
    ines = open_page("/tasks/new", who="ines")
    bell = page.locator("[data-counter=notifications]").first
    before = int(re.sub(r"\D", "", bell.inner_text()) or 0)
    ines.get_by_label("Title").fill("Ask the bank")
    ines.get_by_label("Responsible").select_option(label="Marta Nowak")
    ines.get_by_role("button", name="Set task").click()
    console.store.database.notifier.wake("now")
    expect(bell).to_contain_text(str(before + 1))


def test_a_mail_that_watches_or_deceives_its_reader_is_told(open_page, console) -> None:
    """Given a newsletter with a tracking pixel and junk whose link lies, each has its note above the frame, and no other."""
    page = open_page(_thread_about(console, "Issue 88: what water remembers"))
    expect(page.locator(".designed-remote")).to_contain_text("Tracking pixels, which are there for nothing else: 1.")
    expect(page.get_by_role("button", name="Load them")).to_be_hidden()
    expect(page.locator(".designed-misleading")).to_be_hidden()

    page.goto(_thread_about(console, "URGENT: your package is waiting, pay 1.99 now"))
    page.get_by_role("link", name="As it was designed").click()
    expect(page.get_by_text("shows one web address and leads to another")).to_be_visible()
    expect(page.get_by_role("link", name="As it was designed")).to_be_hidden()
    expect(page.locator(".designed-remote")).to_be_hidden()


def _thread_about(console, subject: str) -> str:
    with console.store.database.reading() as session:
        statement = text("SELECT thread_id FROM message WHERE subject = :subject")
        return f"/mail/threads/{session.execute(statement, {'subject': subject}).scalar_one()}"
