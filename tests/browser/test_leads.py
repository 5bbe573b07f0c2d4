"""Leads in a browser: moved on the board by keyboard and by mouse, and converted."""

import re

import pytest
from playwright.sync_api import expect

from browser.test_console import move_by_keyboard
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode


@pytest.fixture
def lead(console) -> int:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        create_contact(session, "Ann known long since", emails=["ann@cafe-nowhere.example"])
        return create_lead(session, "Forty cups", name="Ann Other", emails=["ann@cafe-nowhere.example"])


@pytest.mark.parametrize("width", [1280, 360])
def test_a_lead_goes_over_the_board_by_keyboard_and_becomes_a_deal(open_page, lead, width) -> None:
    page = open_page("/leads?shape=board", viewport={"width": width, "height": 800})
    card = f"[data-card='lead-{lead}']"
    move_by_keyboard(page, "Forty cups", "Qualified")
    expect(page.get_by_role("region", name="Qualified").locator(card)).to_be_visible()
    if width > 1000:
        page.locator(card).drag_to(page.get_by_role("region", name="In contact"))
        expect(page.get_by_role("region", name="In contact").locator(card)).to_be_visible()

    page.get_by_label("Move Forty cups").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Converted").press("Enter")
    page.wait_for_url(re.compile(r"/convert\?into="))
    expect(page.get_by_role("radio", name=re.compile("Ann known long since"))).to_be_checked()
    page.get_by_label("Amount in EUR").fill("120")
    page.get_by_label("Amount in EUR").press("Enter")
    expect(page.locator(".outcome[role=status]")).to_contain_text("Converted")
    page.get_by_role("link", name="Open the deal").press("Enter")
    expect(page.get_by_role("heading", name="Forty cups")).to_be_visible()
    expect(page.locator("main")).to_contain_text("€120")


def test_the_form_opens_over_the_page_and_deal_fields_go_with_the_deal(open_page, lead) -> None:
    page = open_page(f"/leads/{lead}")
    page.get_by_role("link", name="Convert").click()
    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_label("Title")).to_be_visible()
    form.get_by_label("Make a deal").uncheck()
    expect(form.get_by_label("Title")).to_be_hidden()
    form.get_by_role("radio", name=re.compile("A new contact")).check()
    form.get_by_role("button", name="Convert").click()
    expect(page.locator(".outcome[role=status]")).to_contain_text("Ann Other")
    expect(page.get_by_role("link", name="Open the deal")).to_have_count(0)


def test_without_script_a_card_moves_all_the_same(open_page, lead) -> None:
    page = open_page("/leads?shape=board", java_script_enabled=False)
    page.get_by_label("Move Forty cups").click()
    page.locator(f"[data-card='lead-{lead}']").get_by_role("button", name="Qualified").click()
    expect(page.get_by_role("region", name="Qualified").locator(f"[data-card='lead-{lead}']")).to_be_visible()


def test_ticked_leads_are_put_aside_by_keyboard_and_taken_back(open_page, lead) -> None:
    page = open_page("/leads?words=cups")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_label("Tick Forty cups")).to_be_checked()
    expect(page.locator(".bulk-count")).to_have_text("1 ticked")
    page.get_by_role("button", name="Junk").press("Enter")
    expect(page.locator(".outcome[role=status]")).to_contain_text("1 lead is called junk")
    page.locator("main").press("z")
    expect(page.locator(".outcome[role=status]")).to_contain_text("1 lead is active again")
    page.goto("/leads")
    page.get_by_label("Tick all").check()
    expect(page.locator(".bulk-count")).to_have_text(re.compile(r"^\d+ ticked$"))
    page.get_by_role("button", name="Convert").click()
    expect(page.get_by_role("heading", name=re.compile(r"Convert \d+ leads"))).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_long_title_takes_three_lines_of_a_card_and_is_told_whole(open_page, console, lead, width) -> None:
    title = "Grinders, cups and " + "spoon" * 40
    with console.store.database.unit_of_work() as session:
        create_lead(session, title)
        create_deal(session, title)
    page = open_page("/leads?shape=board", viewport={"width": width, "height": 800})
    for address, short in (("/leads?shape=board", "Forty cups"), ("/deals", None)):
        page.goto(page.url.split("/leads")[0] + address)
        link = page.get_by_role("link", name=title, exact=True)

        expect(link).to_have_attribute("title", title)

        lines = "element => element.clientHeight / parseFloat(getComputedStyle(element).lineHeight)"
        assert round(link.evaluate(lines), 1) == 3
        if short:
            assert round(page.get_by_role("link", name=short, exact=True).evaluate(lines), 1) == 1
