"""Forms in a browser: a refused one keeps all that was typed, and a stage asks for what it requires over the board."""

import re

import pytest
from playwright.sync_api import expect

from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.repository import reading
from crm.records.stage_lists import change_deal_stage


@pytest.mark.parametrize("width", [1280, 360])
def test_a_refused_form_stays_over_its_page_with_the_focus_on_why(open_page, width) -> None:
    page = open_page("/stream", expected=("422",), viewport={"width": width, "height": 800})
    page.get_by_label("New", exact=True).press("Enter")
    page.get_by_role("link", name="Deal", exact=True).press("Enter")
    form = page.get_by_role("dialog", name="Form")
    form.get_by_label("Title").fill("Forty <cups>")
    for wrong in ("12 zł 5", "more"):
        form.get_by_label("Amount").fill(wrong)
        form.get_by_label("Amount").press("Enter")
        expect(form.get_by_role("alert")).to_contain_text(f"“{wrong}” is no number")
        expect(form.get_by_role("alert")).to_be_focused()
        expect(form.get_by_label("Title")).to_have_value("Forty <cups>")
        assert page.url.endswith("/stream")
    form.get_by_label("Amount").fill("12")
    form.get_by_label("Amount").press("Enter")
    expect(page.get_by_role("heading", name="Forty <cups>")).to_be_visible()


def test_a_stage_asks_over_the_board_and_the_move_is_taken_back(open_page, console) -> None:
    with console.store.database.unit_of_work() as session:
        there = reading.pipelines(session, Viewer.system())[0].stages
        lost = next(stage for stage in there if stage.name == "Lost")
        ines = console.seed.viewer("ines")
        change_deal_stage(session, ines, lost.id, name="Lost", probability=None, required=["notes"])
        deal = create_deal(session, "Forty cups", stage_id=there[1].id)
    page = open_page("/deals", expected=("422",), viewport={"width": 1600, "height": 900})
    card = f"[data-card='deal-{deal}']"
    page.locator(card).drag_to(page.get_by_role("region", name="Lost"))
    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_label("Notes")).to_be_visible()
    assert page.url.endswith("/deals")
    form.get_by_label("Notes").fill("too dear")
    form.get_by_role("button", name="Move", exact=True).last.click()
    expect(page.get_by_role("region", name="Lost").locator(card)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("stands in another stage")
    page.locator("main").press("z")
    expect(page.get_by_role("region", name=re.compile(there[1].name)).locator(card)).to_be_visible()
