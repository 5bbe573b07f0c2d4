"""A lead in the console and over the API: called junk, taken up again, converted, and what it became."""

import re

import pytest

from crm.access.api_tokens import Scope
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode


@pytest.fixture
def lead(console) -> int:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        return create_lead(session, "Forty cups", name="Ann Other", emails=["ann@cafe-nowhere.example"])


def test_one_is_put_aside_taken_up_and_converted_on_its_page(console, csrf, lead) -> None:
    diego = console.browser("diego")
    url = f"/leads/{lead}"
    form = {"csrf": csrf(diego, url)}
    junk = diego.post(f"{url}/junk", data=form)
    assert "Take it up again" in junk.text
    assert "New → Junk" in junk.text
    assert "Forty cups" in diego.get("/leads?state=junk").text
    assert diego.post(f"{url}/junk", data=form).status_code == 409
    assert "Take it up again" not in diego.post(f"{url}/take-up", data=form).text

    deal = diego.post(f"{url}/convert", data={**form, "client": "contact", "deal": "true"})
    assert re.fullmatch(r"/deals/\d+", deal.url.path)
    assert "New → Converted" in deal.text
    assert f'href="{deal.url.path}"' in diego.get(url).text


def test_programs_do_the_same(console, lead) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url = f"/api/v1/leads/{lead}"
    assert program.post(f"{url}/junk").status_code == 204
    assert program.get(url).json()["state"] == "junk"
    assert program.post(f"{url}/convert", json={}).status_code == 409
    assert program.post(f"{url}/take-up").status_code == 204
    made = program.post(f"{url}/convert", json={"client": "both"}).json()
    shown = program.get(url).json()
    assert (shown["state"], shown["deal"]["id"]) == ("converted", made["deal_id"])
    only_reads = console.program("diego", Scope.RECORDS_READ)
    assert only_reads.post(f"{url}/junk").status_code == 403
