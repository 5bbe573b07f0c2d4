"""The board of deals: true sums over however many, and more of a column when it is asked for, with script and without."""

import re

import pytest
from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.repository import reading
from crm.records.stage_lists import change_deal_stage
from storage.bulk import insert_rows
from storage.models import Deal, Pipeline, Stage


@pytest.fixture
def stage(console) -> int:
    """The first stage of a pipeline with 623 deals of 1 EUR in it, the oldest of them with a title of its own."""
    with console.store.database.unit_of_work() as session:
        row = session.get_one(Deal, create_deal(session, "Cuppa oldest", amount=100))
        given = {
            name: getattr(row, name) for name in ("pipeline_id", "stage_id", "stage_kind", "created_at", "updated_at")
        }
        more = {"amount": 100, "currency": "EUR", "repeat": False, "tags": [], "source": ""}
        insert_rows(session, Deal, [{**given, **more, "title": f"Cuppa {number}"} for number in range(622)])
        return row.stage_id


def cards(page: str) -> list[str]:
    return re.findall(r'<a href="/deals/\d+"[^>]*>(Cuppa \w+)</a>', page)


def following(page: str) -> str:
    [found] = re.findall(r'class="more lane-more"><a class="button" href="([^"]+)"', page)
    return found.replace("&amp;", "&")


def test_a_lane_counts_and_sums_all_and_shows_them_bit_by_bit(console, stage) -> None:
    marta = console.browser("marta")
    page = marta.get("/deals?words=cuppa").text
    lane = page.partition(f'data-stage="{stage}"')[2].partition("</section>")[0]
    assert '<span>623</span><span class="sum">€623</span>' in lane
    assert len(cards(lane)) == 25

    shown, page = cards(lane), lane
    for _ in range(24):
        page = marta.get(following(page), headers={"hx-request": "true"}).text
        assert "<html" not in page
        shown += cards(page)
    assert len(shown) == len(set(shown)) == 623
    assert shown[-1] == "Cuppa oldest"
    assert "lane-more" not in page, "there are no more"

    alone = marta.get(following(lane)).text
    assert "<html" in alone, "without script the next cards are a page"
    assert cards(alone) == shown[25:50]
    assert 'href="/deals?words=cuppa&amp;pipeline=' in alone.replace("&pipeline", "&amp;pipeline")


def test_what_is_asked_of_no_lane_is_answered_in_words(console, stage) -> None:
    marta = console.browser("marta")
    assert "There is no such stage" in marta.get("/deals/lane?stage=99999").text
    for wrong in ("/deals/lane", "/deals/lane?stage=x", f"/deals/lane?stage={stage}&from=yesterday"):
        assert marta.get(wrong).status_code == 422
    assert "No more deals" in marta.get(f"/deals/lane?stage={stage}&before=1").text
    assert "None that this filter shows" in marta.get("/deals?words=nothing+of+it").text


def test_all_that_the_list_shows_are_of_its_pipeline(console, csrf, stage) -> None:
    """The list has pages now, and *all that this list shows* must not reach into other pipelines."""
    with console.store.database.unit_of_work() as session:
        session.add(other := Pipeline(name="Other", position=9))
        session.flush()
        session.add(step := Stage(pipeline_id=other.id, name="New", position=0, kind="open", probability=None))
        session.flush()
        create_deal(session, "Cuppa elsewhere", stage_id=step.id)
        first = session.execute(select(Stage.pipeline_id).where(Stage.id == stage)).scalar_one()
    marta = console.browser("marta")
    page = marta.get("/deals?shape=list&words=cuppa").text
    assert len(cards(page)) == 100
    assert "all that this list shows" in page
    token = {"csrf": csrf(marta, "/deals?shape=list"), "all": "true"}
    assert "Change 623 deals" in marta.post("/bulk/deal", data={**token, "query": "shape=list&words=cuppa"}).text
    in_other = marta.post("/bulk/deal", data={**token, "query": f"pipeline={other.id}&words=cuppa"}).text
    assert "Change 1 deal" in in_other
    assert "Change 623 deals" in marta.post("/bulk/deal", data={**token, "query": f"pipeline={first}&words=cuppa"}).text


def test_a_board_tells_what_may_be_expected(console) -> None:
    with console.store.database.unit_of_work() as session:
        first = reading.pipelines(session, Viewer.system())[0].stages[0]
        ines = console.seed.viewer("ines")
        change_deal_stage(session, ines, first.id, name=first.name, probability=35)
        for amount in (10_000, 20_100):
            create_deal(session, "Weighed cups", amount=amount)
        create_deal(session, "Weighed cups", amount=50_000, currency="USD")

    page = console.browser("ines").get("/deals?words=weighed").text

    assert re.search(r"probability of its stage: <b>€105(\.35)?, (US)?\$175</b>", page), page.partition("expected of")[
        2
    ][:200]
