"""What an administrator changes for everybody, and what the others see then: the mode of the CRM, and what a role hides."""

from playwright.sync_api import Page, expect

from crm.records.contacts import create_contact
from crm.records.lead_runs import go_on
from crm.records.repository.lead_runs import last_change_of_mode


def test_the_mode_is_changed_there_and_back_and_says_before_what_it_will_do(open_page, console) -> None:
    page = open_page("/settings/crm", who="ines")
    leads = page.get_by_role("navigation", name="Sections").locator(".nav-leads")
    # to Classic: leads have their pages
    expect(leads).to_have_count(0)
    page.get_by_role("radio", name="Classic").press("Space")
    save(page)
    expect(leads).to_be_visible()
    # and back: how many become what is told before, and leads are left alone until then
    page.goto("/settings/crm")
    page.get_by_role("radio", name="Simple").press("Space")
    coming = page.get_by_role("region", name="What will happen")
    expect(coming).to_contain_text("active leads become clients and deals.")
    many = int(coming.locator(".number b").first.inner_text())
    coming.get_by_role("button", name=f"Change to Simple and convert {many} leads").press("Enter")
    expect(page.get_by_role("region", name="The last change")).to_contain_text(f"0 of {many} leads converted")
    with console.store.database.reading() as session:
        switch = last_change_of_mode(session)
    go_on(console.store, switch.number)
    expect(page.get_by_text(f"{many} leads became clients and deals")).to_be_visible()
    page.get_by_role("link", name="See what became of them").press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(many)


def test_a_role_hides_a_field_and_the_records_of_others(open_page, console) -> None:
    # given a contact of Tom's and one of Marta's, each with a phone
    with console.store.database.unit_of_work() as session:
        people = console.seed.people
        toms = create_contact(session, "Ida of Tom", phones=["+48600100200"], responsible_id=people["tom"])
        martas = create_contact(session, "Ole of Marta", phones=["+48600100201"], responsible_id=people["marta"])
    # when an administrator makes a role and gives it to Tom
    page = open_page("/settings/roles", who="ines")
    page.get_by_label("Name", exact=True).fill("Bench")
    page.get_by_label("Begins with").select_option("own")
    page.get_by_role("button", name="Make the role").press("Enter")
    expect(page.get_by_role("heading", name="Bench")).to_be_visible()
    page.locator("details.more-fields summary", has_text="Contacts").press("Enter")
    page.get_by_label("Contacts: Phone").select_option(label="hidden")
    save(page)
    expect(page.get_by_text("Saved. It counts from the next page")).to_be_visible()
    page.goto(f"/settings/people/{people['tom']}")
    page.get_by_role("combobox", name="Role").select_option(label="Bench")
    save(page)
    seen = page.get_by_role("region", name="What Tom Ashby can see now")
    expect(seen).to_contain_text("Ida of Tom")
    expect(seen).to_contain_text("Contacts: Phone")
    # then Tom sees neither
    tom = open_page(f"/contacts/{toms}", who="tom", expected=("404",))
    expect(tom.get_by_role("heading", name="Ida of Tom")).to_be_visible()
    expect(tom.get_by_role("main")).not_to_contain_text("600")
    tom.goto("/contacts?words=of Marta")
    expect(tom.get_by_role("heading", name="Nobody found")).to_be_visible()
    assert tom.goto(f"/contacts/{martas}").status == 404
    expect(tom.get_by_role("main")).not_to_contain_text("Ole of Marta")


def save(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).first.press("Enter")
