"""A day is typed or chosen from a month, by mouse and by keyboard, in the formats of the reader."""

import re

from playwright.sync_api import expect

from browser.accessibility import serious_faults
from crm.access.viewer import Viewer
from crm.office.settings import choose_formats

AMERICAN = {"dates": "12/31/2026", "clock": "2:30 pm", "first_day": "sunday"}
PHONE = {"width": 360, "height": 740}


def test_a_day_is_chosen_and_sent_in_one_form(open_page, console) -> None:
    # given a reader whose weeks begin on Sunday, and who writes the month first
    with console.store.database.unit_of_work() as session:
        choose_formats(session, Viewer.system(), console.seed.people["marta"], AMERICAN)
    page = open_page("/stream?whose=all&from=2026-02-03", viewport=PHONE)
    field = page.get_by_label("From day")
    expect(field).to_have_value("02/03/2026")
    # when they choose by keyboard
    holder = page.locator(".day-input", has=field)
    holder.get_by_role("button", name="Choose a day").press("Enter")
    month = page.get_by_role("grid", name="February 2026")
    expect(month.locator("th").first).to_have_text("Su")
    expect(month.get_by_role("button", name=re.compile("^Tuesday,? 3 February 2026"))).to_be_focused()
    inside = page.locator(".month").bounding_box()
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= PHONE["width"], "all of the month is on the screen"
    assert serious_faults(page, PHONE) == []
    # Looking at where the focus is seen took it away, and the month with it.
    holder.get_by_role("button", name="Choose a day").press("Enter")
    for key in ("ArrowDown", "ArrowRight", "PageDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name=re.compile("^Wednesday,? 11 March 2026"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".month")).to_have_count(0)
    expect(field).to_be_focused()
    holder.get_by_role("button", name="Choose a day").click()
    page.get_by_role("button", name="The month after").click()
    page.get_by_role("button", name=re.compile("^Monday,? 30 March 2026")).click()
    # then the address says it as everybody reads it, and the page in their own way
    expect(page).to_have_url(re.compile(r"[?&]from=2026-03-30(&|$)"))
    expect(page.get_by_label("From day")).to_have_value("03/30/2026")
    # and so where it is typed
    page.get_by_label("From day").fill("4/1/2026")
    page.get_by_label("From day").press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]from=2026-04-01(&|$)"))

    # a day with a time: the time stays
    page = open_page("/tasks/new")
    due = page.get_by_label("Due", exact=True)
    due.fill("02/03/2027 9:15 am")
    page.get_by_role("button", name="Choose a day").click()
    page.get_by_role("button", name=re.compile("^Thursday,? 4 February 2027")).click()
    expect(due).to_have_value("02/04/2027 9:15 am")
