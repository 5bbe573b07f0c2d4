"""Records as somebody without a mouse looks after them: edited, changed at once, merged, imported, and each taken back."""

import re

from playwright.sync_api import Locator, Page, expect

from browser.test_stream import choose
from crm.records.bulk.editing import edit_all
from crm.records.bulk.undoing import undo_all as undo_edit
from crm.records.contacts import create_contact
from crm.records.importing.running import run_all
from crm.records.importing.trying import try_run
from crm.records.importing.undoing import undo_all as undo_import
from storage.store import Store

PEOPLE = """Name,E-mail,Wo
Nora Quist,nora@quist.example,Head of coffee
Ole Berg,ole@berg.example,Barista
,,
Pia,pia-at-home,Cook
"""


def test_records_are_edited_changed_at_once_and_merged_by_keyboard(open_page, console) -> None:
    with console.store.database.unit_of_work() as session:
        first = create_contact(session, "Nora Field", phones=["+48600100200"])
        create_contact(session, "Nora Fields", emails=["nora@fields.example"])
    page = open_page(f"/contacts/{first}", who="ines", expected=("422",))
    edit_a_contact(page)
    edit_a_company_and_a_deal(page)
    change_two_and_take_it_back(page, console.store)
    page.goto(f"/contacts/{first}")
    merge_and_take_it_apart(page)


def edit_a_contact(page: Page) -> None:
    """The form opens over the page; a refused one says why and keeps what was typed; the focus comes back to where it was."""
    page.keyboard.press("i")
    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_label("Name", exact=True)).to_be_focused()
    tab_to(page, form.get_by_label("E-mail"))
    page.keyboard.type("nora at field")
    tab_to(page, form.get_by_label("Position"))
    page.keyboard.type("Roaster")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("An e-mail address looks like name@example.com")
    expect(form.get_by_label("Position")).to_have_value("Roaster")
    form.get_by_label("E-mail").fill("nora@field.example")
    form.get_by_label("Position").press("Enter")
    expect(page.locator("#overlay")).to_be_hidden()
    expect(page.locator("dl.facts").first).to_contain_text("nora@field.example")
    expect(page.locator(".page-head, header").filter(has_text="Nora Field").first).to_contain_text("Roaster")

    history = page.get_by_role("link", name="History")
    history.press("Enter")
    expect(form).to_contain_text("Roaster")
    page.keyboard.press("Escape")
    expect(page.locator("#overlay")).to_be_hidden()
    expect(history).to_be_focused()


def edit_a_company_and_a_deal(page: Page) -> None:
    form = page.get_by_role("dialog", name="Form")
    page.goto("/companies/1")
    page.keyboard.press("i")
    tab_to(page, form.get_by_label("Notes"))
    page.keyboard.type("Pays on the day")
    tab_to(page, form.get_by_role("button", name="Save", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Pays on the day")
    page.goto("/deals/1")
    page.keyboard.press("i")
    tab_to(page, form.get_by_label("Amount"))
    page.keyboard.press("Control+a")
    page.keyboard.type("1234.50")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_text("€1,234.50").first).to_be_visible()


def change_two_and_take_it_back(page: Page, store: Store) -> None:
    """Two lines are ticked and get a tag; the page tells how far it is, and takes it back by `z`."""
    page.goto("/contacts?order=name")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator(".bulk-count")).to_have_text("2 ticked")
    page.locator("#bulk").get_by_role("button", name="Edit").press("Enter")
    expect(page.get_by_role("heading", name="Change 2 contacts")).to_be_visible()
    page.get_by_label("Add tags, between commas").fill("spring")
    page.get_by_role("button", name="Change 2").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("0 of 2 records")
    number = int(re.findall(r"/bulk/(\d+)", page.url)[0])
    edit_all(store, number)
    expect(page.get_by_text("2 records were changed")).to_be_visible()
    page.locator("main").press("z")
    expect(page.get_by_text("Undoing")).to_be_visible()
    undo_edit(store, number)
    expect(page.get_by_text("Undone on 2 records.")).to_be_visible()
    page.goto("/contacts?tag=spring")
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()


def merge_and_take_it_apart(page: Page) -> None:
    """Both are shown side by side before; the one that is left has the address of the other; `z` brings both back."""
    page.get_by_role("link", name="Merge with…").press("Enter")
    other = page.get_by_role("combobox", name="The other contact")
    expect(other).to_be_focused()
    page.keyboard.type("Fields")
    expect(page.get_by_role("option", name=re.compile("Nora Fields"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(other).to_have_value("Nora Fields")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge 2 contacts into one")).to_be_visible()
    page.get_by_role("radio", name="Nora Fields", exact=True).press("Space")
    page.get_by_role("button", name="Merge").press("Enter")
    expect(page.get_by_role("heading", name="Nora Fields")).to_be_visible()
    expect(page.locator("dl.facts").first).to_contain_text("nora@fields.example")
    page.locator("main").press("z")
    expect(page.get_by_role("heading", name="Nora Field", exact=True)).to_be_visible()
    expect(page.locator("dl.facts").first).not_to_contain_text("nora@fields.example")


def tab_to(page: Page, field: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        if field.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {field}")


def test_a_file_is_imported_with_its_errors_told_and_taken_back(open_page, console) -> None:
    # given a file with a column of an unknown name, and two rows that are no people
    page = open_page("/contacts/import", who="ines")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    page.get_by_label("CSV, XLSX or vCard file").set_input_files(file)
    page.get_by_role("button", name="Upload").press("Enter")
    expect(page.get_by_role("heading", name="Import of people.csv")).to_be_visible()
    run_id = int(page.url.rsplit("/", 1)[1].split("?")[0])
    # when the column is told, it says what would happen, and nothing is there yet
    page.get_by_label("Wo", exact=True).select_option(label="Position")
    page.get_by_role("button", name="See what would happen").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Looking through the rows")
    try_run(console.store, run_id)
    trial = page.get_by_role("region", name="What would happen")
    expect(trial.locator(".number").first).to_have_text(re.compile(r"^2\s*new contacts"))
    expect(page.get_by_role("region", name="Errors")).to_contain_text("pia-at-home")
    # then it is done as told, and taken back
    trial.get_by_role("button", name="Import: 2 new").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Importing")
    run_all(console.store, run_id)
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    page.get_by_role("link", name="See the contacts").press("Enter")
    expect(page.get_by_role("link", name="Nora Quist")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Undo the import").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Taking it back")
    undo_import(console.store, run_id)
    undone = page.get_by_role("region", name="Undone")
    expect(undone.locator(".number").first).to_have_text(re.compile(r"^2\s*contacts removed"))
    page.goto("/contacts?words=Quist")
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()


def test_keys_search_help_and_overlays_and_a_post_with_a_file(open_page, console) -> None:
    page = open_page("/contacts", who="ines")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.type("levante")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found for “levante”")).to_be_visible()
    page.locator("main").press("?")
    keys = page.get_by_role("dialog", name="Everything by keyboard")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    for key in "gs":
        page.locator("main").press(key)
    expect(page.get_by_role("heading", name="Stream")).to_be_visible()

    deal = console.seed.company.deals[0].title
    page.keyboard.press("m")
    form = page.get_by_role("dialog", name="Form")
    choose(page, "To", "all")
    choose(page, "About", deal)
    form.get_by_label("Message", exact=True).fill("Look at the drawing, @marta")
    form.get_by_label("Attach").set_input_files({"name": "drawing.txt", "mimeType": "text/plain", "buffer": b"lever"})
    expect(form).to_contain_text("drawing.txt")
    form.get_by_role("button", name="Post", exact=True).press("Enter")
    posted = page.locator(".event-post").first
    expect(posted.get_by_role("link", name="drawing.txt").first).to_be_visible()
    expect(posted.locator(".chip:not(.chip-user, .chip-mail)")).to_have_text([deal])
    told = open_page("/notifications", who="marta")
    expect(told.get_by_role("main")).to_contain_text("Look at the drawing")
