"""Clicks, opens and unsubscriptions as mail programs, people and scanners make them."""

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest

from campaigns.report import Report
from campaigns.repository.suppression import suppressions
from seeds.campaign import NAME, SYSTEM, SentCampaign, report_of
from storage.store import Store

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def recorded(store: Store, holds: Callable[[Report], bool]) -> Report:
    """The report, as soon as the recorder has come that far."""
    deadline = time.monotonic() + 10
    while not holds(found := await asyncio.to_thread(report_of, store, NAME)):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)
    return found


def suppressed(store: Store) -> dict[str, str]:
    with store.database.reading() as session:
        return {row.key: row.reason for row in suppressions(session, SYSTEM)}


async def test_a_click_leads_on_and_is_counted_once_a_person(
    web: httpx.AsyncClient, sent: SentCampaign, store: Store
) -> None:
    token = sent.tracking("ana@example.org")
    answers = [await web.get(f"/c/{token}.{number}") for number in (1, 2, 2)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert answers[0].headers["location"] == "https://shop.example/spring?who=ana%40example.org"
    assert answers[1].headers["location"] == "https://shop.example/chairs"

    found = await recorded(store, lambda found: found.links[1].human == 1)
    assert (found.clicked.human, found.clicked.machine) == (1, 0)
    assert [(link.number, link.human) for link in found.links[:2]] == [(1, 1), (2, 1)]


async def test_a_redirect_comes_soon_and_tampering_leads_nowhere(
    web: httpx.AsyncClient, sent: SentCampaign, store: Store
) -> None:
    token = sent.tracking("ana@example.org")
    await web.get(f"/c/{token}.1")
    began = time.perf_counter()
    assert (await web.get(f"/c/{token}.2")).status_code == 302
    assert time.perf_counter() - began < 0.25

    wrong = [f"{token[:-2]}xx.1", f"{token}.99", token, "", "x.1", f"{sent.unsubscribe('ana@example.org')}.1"]
    wrong += [f"{token}.1?to=https://evil.example", "https://evil.example"]
    for path in wrong[:-2]:
        assert (await web.get(f"/c/{path}")).status_code == 404, path
    assert (await web.get(f"/c/{wrong[-2]}")).headers["location"].startswith("https://shop.example/")
    assert (await web.get(f"/c/{wrong[-1]}")).status_code == 404


async def test_machines_are_told_apart_from_people(web: httpx.AsyncClient, sent: SentCampaign, store: Store) -> None:
    ana, ben = sent.tracking("ana@example.org"), sent.tracking("ben@example.org", seconds_ago=1)
    opened = await web.get(f"/o/{ana}.gif", headers={"user-agent": "Mozilla/5.0"})
    assert (opened.headers["content-type"], opened.content[:6]) == ("image/gif", b"GIF89a")
    await web.get(f"/c/{ben}.1")
    await web.head(f"/c/{ben}.2")

    found = await recorded(store, lambda found: found.clicked.machine == 1 and found.opened.machine == 1)
    assert (found.opened.human, found.clicked.human) == (0, 0)
    await web.get(f"/o/{ana}.gif")
    found = await recorded(store, lambda found: found.opened.human == 1)
    assert found.opened.machine == 0, "a person counts once, by the best verdict"


async def test_only_a_post_with_a_good_token_unsubscribes(
    web: httpx.AsyncClient, sent: SentCampaign, store: Store
) -> None:
    link = f"/u/{sent.unsubscribe('ana@example.org')}"
    page = await web.get(link)
    assert page.status_code == 200
    assert "<button>Unsubscribe</button>" in page.text
    assert (await web.head(link)).status_code == 200
    for body in ({}, {"List-Unsubscribe": "no"}):
        assert (await web.post(link, data=body)).status_code == 400
    assert (await web.post(link, json=ONE_CLICK)).status_code == 400
    assert (await web.post(f"{link}x", data=ONE_CLICK)).status_code == 404
    assert (await web.post(f"/u/{sent.tracking('ana@example.org')}", data=ONE_CLICK)).status_code == 404
    assert suppressed(store) == {}

    assert (await web.post(link, data=ONE_CLICK, headers={"user-agent": ""})).status_code == 200
    assert suppressed(store) == {"ana@example.org": "unsubscribed"}, "at once"
    ben = f"/u/{sent.unsubscribe('ben@example.org')}"
    assert (await web.post(ben, files={"List-Unsubscribe": (None, "One-Click")})).status_code == 200
    assert (await web.post(ben, data=ONE_CLICK)).status_code == 200, "twice is fine"
    assert suppressed(store).keys() == {"ana@example.org", "ben@example.org"}
    assert report_of(store, NAME).unsubscribed == 2


@pytest.mark.parametrize("way", ["open", "click", "unsubscribe"])
async def test_who_reads_the_mail_is_in_doubt_no_more(
    web: httpx.AsyncClient, sent: SentCampaign, store: Store, way: str
) -> None:
    assert report_of(store, NAME).in_doubt == 1
    token = sent.tracking("doubt@example.org")
    if way == "unsubscribe":
        await web.post(f"/u/{sent.unsubscribe('doubt@example.org')}", data=ONE_CLICK)
    else:
        await web.get(f"/o/{token}.gif" if way == "open" else f"/c/{token}.1")
    found = await recorded(store, lambda found: found.in_doubt == 0)
    assert (found.sent, found.audience) == (3, 3)
