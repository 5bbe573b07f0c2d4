"""One record is named in a form by keyboard, as in a combobox, and who is chosen is told apart from others of the name."""

import re

from playwright.sync_api import expect

from browser.accessibility import serious_faults
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.repository import reading
from crm.records.views import RecordFilter


def test_one_of_many_is_found_by_arrows_and_enter_and_a_typed_name_counts_too(open_page, console) -> None:
    with console.store.database.unit_of_work() as session:
        company = create_company(session, "Mill at the Weir")
        create_contact(session, "Anna of the Mill", emails=["anna@mill.example"], company_id=company)
        for number in range(24):
            create_contact(session, f"Anna Other {number:02}", emails=[f"anna{number}@other.example"])
    page = open_page("/deals/new")
    field, options = page.get_by_role("combobox", name="Contact", exact=True), page.locator(".options:not([hidden])")
    page.get_by_label("Title").fill("Forty cups")
    page.get_by_label("Contact", exact=True).focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    # the newest without a word, and Escape keeps what was typed
    field.press("ArrowDown")
    expect(options.get_by_role("option").first).to_contain_text("Anna Other 23")
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press_sequentially("anna")
    expect(options.get_by_role("option", name="Show more")).to_be_visible()
    assert serious_faults(page) == []
    # more of them behind the last one, by keyboard
    field.press("ArrowUp")
    field.press("Enter")
    expect(options.get_by_role("option", name="Show more")).to_have_count(0)
    marked = options.locator('[aria-selected="true"]')
    expect(marked).to_contain_text("Anna Other 03")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("-20$"))
    expect(field).to_have_value("anna")
    # who is called just so, told apart by company and address
    field.fill("")
    field.press_sequentially("anna mill")
    expect(options.get_by_role("option")).to_have_text(["Anna of the MillMill at the Weir, anna@mill.example"])
    field.press("Enter")
    expect(field).to_have_value("Anna of the Mill")
    expect(page.locator(".chooser-detail", has_text="Mill at the Weir, anna@mill.example")).to_be_visible()
    expect(options).to_have_count(0)
    page.get_by_role("button", name="Add deal").last.press("Enter")
    expect(page.get_by_role("heading", name="Forty cups")).to_be_visible()
    # a name that several have is asked about, with what else was typed
    page.goto("/deals/new")
    page.get_by_label("Title").fill("Fifty cups")
    page.get_by_label("Contact", exact=True).fill("anna other")
    page.get_by_role("button", name="Add deal").last.press("Enter")
    expect(page.get_by_text("Several contacts are found by “anna other”: choose which one you mean.")).to_be_visible()
    expect(page.get_by_label("Contact", exact=True)).to_be_focused()
    assert serious_faults(page) == []
    page.get_by_role("radio", name="Anna Other 07").press("Space")
    page.get_by_role("button", name="Add deal").last.press("Enter")
    expect(page.get_by_role("heading", name="Fifty cups")).to_be_visible()
    with console.store.database.reading() as session:
        made = reading.deals(session, Viewer.system(), RecordFilter(words="cups"))
    assert {deal.contact.name for deal in made if "ty cups" in deal.title} >= {"Anna of the Mill", "Anna Other 07"}
