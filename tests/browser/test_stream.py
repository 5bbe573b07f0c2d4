"""The stream in two browsers: one person posts by keyboard, the other sees it without reload, and nothing moves."""

from playwright.sync_api import Page, expect

from browser.accessibility import serious_faults
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import change_post, create_post, delete_post
from crm.stream.views import NewPost, SubjectType

SHIFTS = """() => { window.shifts = []; new PerformanceObserver((list) => { for (const one of list.getEntries())
    if (!one.hadRecentInput) window.shifts.push(one.value); }).observe({ type: "layout-shift", buffered: false }); }"""

UNTIL_IT_RESTS = """async (before) => {
  const one = document.querySelectorAll(".event")[2], end = performance.now() + 8000;
  for (let last = before, top = before; top === before || top !== last; ) {
    if (performance.now() > end) throw new Error(`It lies at ${top} still.`);
    last = top;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    top = one.getBoundingClientRect().top;
  }
}"""
"""Until the third entry lies elsewhere than it did, and at the same place in two frames."""


def choose(page: Page, field: str, words: str) -> None:
    """Type into a field and take the first proposal by keyboard."""
    page.get_by_label(field, exact=True).press_sequentially(words, delay=15)
    expect(page.locator(".options:not([hidden]) [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")


def test_one_posts_and_the_other_sees_it_without_reload_and_without_a_jump(open_page, console) -> None:
    contact, deal = console.seed.company.contacts[0].name, console.seed.company.deals[0].title
    reader = open_page("/stream?whose=all")
    reader.evaluate("window.sameDocument = true")
    reader.evaluate(SHIFTS)
    before = reader.locator(".event").nth(2).evaluate("one => one.getBoundingClientRect().top")
    reader.locator(".event").nth(2).hover()
    reader.mouse.wheel(0, 300)
    reader.evaluate(UNTIL_IT_RESTS, before)  # What follows a person's own scrolling is no jump; what comes later is.
    where = reader.locator(".event").nth(2).bounding_box()

    writer = open_page("/stream", who="tom")
    writer.keyboard.press("m")
    expect(writer.get_by_role("dialog").get_by_role("heading", name="New message")).to_be_visible()
    choose(writer, "To", "marta")
    choose(writer, "To", contact)
    choose(writer, "About", deal)
    writer.get_by_label("Message", exact=True).press_sequentially("Prices of March\nPlease look, @mar", delay=10)
    expect(writer.locator(".options:not([hidden]) [role=option]").first).to_be_visible()
    writer.keyboard.press("Enter")
    expect(writer.get_by_label("Message", exact=True)).to_have_value("Prices of March\nPlease look, @marta ")
    writer.get_by_role("button", name="Post", exact=True).press("Enter")
    expect(writer.get_by_text("Your message stands in the stream.")).to_be_visible()
    posted = writer.locator(".event-post").first
    expect(posted.locator(".chip-user")).to_have_text("Marta Nowak")
    expect(posted.locator(".chip-mail")).to_contain_text(f"{contact} · leaves in a moment")
    expect(posted.locator(".chip:not(.chip-user, .chip-mail)")).to_have_text([deal])

    news = reader.locator("[data-news]")
    expect(news).to_contain_text("New · Tom Ashby · Prices of March")
    assert reader.locator(".event").nth(2).bounding_box() == where
    assert reader.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)") == 0
    reader.keyboard.press(".")
    expect(reader.locator(".event").first).to_contain_text("Prices of March")
    expect(reader.locator(".event").first.get_by_role("link").first).to_be_focused()
    assert reader.evaluate("window.sameDocument")
    expect(reader.locator(".event", has_text="Prices of March")).to_have_count(1)


def test_what_happens_on_a_record_appears_on_its_open_page_and_leaves_what_somebody_writes(open_page, console) -> None:
    deal = console.seed.company.deals[0]
    page = f"/deals/{deal_id(console, deal.title)}"
    reader, writer = open_page(page), open_page(page, who="tom")
    reader.get_by_label("Note").fill("Half a sentence")
    reader.locator("h1").click()
    writer.get_by_label("Note").fill("They called: March is fine")
    writer.get_by_label("Note").press("Enter")
    expect(writer.locator(".event", has_text="March is fine")).to_be_visible()

    expect(reader.locator("[data-news]")).to_contain_text("New · Tom Ashby · They called: March is fine")
    reader.keyboard.press(".")
    expect(reader.locator(".event", has_text="March is fine")).to_have_count(1)
    expect(reader.get_by_label("Note")).to_have_value("Half a sentence")
    expect(reader.locator("[data-news]")).to_have_text("What happens appears here by itself.")


def deal_id(console, title: str) -> int:
    with console.store.database.reading() as session:
        return next(one.id for one in reading.deals(session, Viewer.system()) if one.title == title)


def test_a_message_is_taken_back_and_brought_back_by_key(open_page) -> None:
    page = open_page("/stream/new")
    choose(page, "To", "all")
    page.get_by_label("Message", exact=True).fill("Only a moment")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".event-post", has_text="Only a moment")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("The message is deleted.")).to_be_visible()
    expect(page.locator(".event-post", has_text="Only a moment")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="Only a moment")).to_be_visible()


def test_proposals_close_by_escape_before_the_overlay_does(open_page) -> None:
    page = open_page("/stream")
    page.keyboard.press("m")
    field = page.get_by_label("To", exact=True)
    field.press_sequentially("mar")
    expect(page.locator(".options:not([hidden]) [role=option]").first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(page.locator(".options:not([hidden])")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#overlay")).to_be_hidden()


def test_who_types_fast_gets_what_was_typed_and_not_what_an_older_list_begins_with(open_page, console) -> None:
    deal = console.seed.company.deals[0].title
    page = open_page("/stream")
    page.keyboard.press("m")
    about = page.get_by_label("About", exact=True)
    about.press_sequentially(deal[0])
    expect(page.locator(".options:not([hidden]) [role=option]").first).not_to_contain_text(deal)

    about.press_sequentially(deal[1:])
    page.keyboard.press("Enter")

    expect(page.locator(".picker", has=about).locator(".picked .chip")).to_have_text([deal])
    expect(about).to_have_value("")


def test_a_conversation_is_put_elsewhere_by_keyboard_and_back(open_page, console) -> None:
    page = open_page("/mail")
    page.keyboard.press("j")
    expect(page.locator("#reading .conversation")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Where this conversation stands")).to_be_visible()
    choose(page, "Records", console.seed.company.deals[1].title)
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text("It stands there now, and later answers will.")).to_be_visible()
    expect(page.locator(".conversation-facts")).to_contain_text(console.seed.company.deals[1].title)
    page.keyboard.press("z")
    expect(page.get_by_text("It is as it was before.")).to_be_visible()
    expect(page.locator(".conversation-facts")).not_to_contain_text(console.seed.company.deals[1].title)


def test_proposals_fit_a_small_phone_and_axe_finds_no_serious_fault(open_page) -> None:
    page = open_page("/stream/new?to=all&to=contact:1&about=deal:1")
    page.get_by_label("To", exact=True).press_sequentially("mar")
    expect(page.locator(".options:not([hidden]) [role=option]").first).to_be_visible()
    found = serious_faults(page)
    assert not found, "\n".join(found)


def test_comments_come_under_an_open_post_and_leave_what_somebody_writes(open_page, console) -> None:
    # given a post that one person reads, alone and in the stream, while another one talks
    with console.store.database.unit_of_work() as session:
        new = NewPost("Prices of April", "", in_stream=True)
        post_id = create_post(session, console.seed.viewer("tom"), new)
    reader, stream = open_page(f"/feed/{post_id}"), open_page("/stream?whose=all")
    writer = open_page(f"/feed/{post_id}", who="tom")

    def say(words: str) -> None:
        writer.get_by_label("Comment").fill(words)
        writer.get_by_role("button", name="Send").click()
        expect(writer.locator(".comment").last).to_contain_text(words)

    # when nobody is writing, it comes by itself; in the stream the entry counts it
    say("They go up")
    expect(reader.locator(".comment")).to_contain_text(["They go up"])
    expect(reader.locator("[data-talk-news]")).to_have_text("New comment · Tom Ashby")
    entry = stream.locator(".event", has_text="Prices of April")
    expect(entry.locator("a[href$='#comments']")).to_have_text("1")
    # when somebody is, a line tells of it, and neither their words nor the place of their cursor move
    field = reader.get_by_label("Comment")
    field.press_sequentially("Half a sen")
    place = field.bounding_box()
    say("By a tenth")
    news = reader.locator("[data-talk-news]")
    expect(news).to_contain_text("New comment · Tom Ashby · By a tenth")
    expect(reader.locator(".comment")).to_have_count(1)
    assert field.bounding_box() == place
    field.press_sequentially("tence")
    expect(field).to_have_value("Half a sentence")
    news.get_by_role("button", name="Show").click()
    expect(reader.locator(".comment")).to_have_count(2)
    expect(field).to_have_value("Half a sentence")
    # what is edited or deleted meanwhile shows it, the post too
    writer.locator(".comment").first.get_by_role("link", name="Edit").click()
    writer.get_by_role("dialog").get_by_label("Comment").fill("They go down")
    writer.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(reader.locator(".comment").first).to_contain_text("They go down")
    writer.locator(".comment").last.get_by_role("button", name="Delete").click()
    expect(reader.locator(".comment")).to_have_count(1)
    with console.store.database.unit_of_work() as session:
        change_post(session, console.seed.viewer("tom"), post_id, title="Prices of May", text="", tags=())
    expect(reader.locator("#talk-head")).to_contain_text("Prices of May")
    expect(reader.locator("#talk-head")).to_contain_text("edited")
    expect(stream.locator(".event", has_text="Prices of May")).to_be_visible()
    with console.store.database.unit_of_work() as session:
        add_comment(session, console.seed.viewer("ines"), SubjectType.POST, post_id, "Why?")  # So it stands.
        delete_post(session, console.seed.viewer("tom"), post_id)
    expect(reader.locator("#talk-head")).to_contain_text("was deleted by its author")
    expect(field).to_have_value("Half a sentence")
