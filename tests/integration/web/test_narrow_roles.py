"""What people of narrow roles are answered, by pages and over the API."""

import re

from crm.access.api_tokens import Scope
from crm.access.rights import Act, Connecting, Rights
from crm.access.rights import Scope as Reach
from crm.access.roles import keeping
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import Order, RecordFilter
from seeds.console import Console
from storage.models import RecordType
from web.record_queries import next_page

OWN = Rights({kind: dict.fromkeys(Act, Reach.OWN) for kind in RecordType}, works=True, connects=Connecting.OWN)


def give(console: Console, who: str, rights: Rights) -> None:
    """A role of their own for one of the company's people."""
    with console.store.database.unit_of_work() as session:
        role = keeping.create_role(session, Viewer.system(), f"{who}'s own", rights)
        keeping.give_role(session, Viewer.system(), console.seed.people[who], role)


def test_a_page_by_name_begins_behind_the_one_before_and_garbage_is_no_place(console: Console) -> None:
    browser = console.browser("ines")
    for name in ("Zq Łucja", "zq łucja", "Zq. 李 小龙"):
        console.program("ines", Scope.RECORDS_WRITE).post("/api/v1/contacts", json={"name": name})
    with console.store.database.reading() as session:
        people = reading.contacts(session, Viewer.system(), RecordFilter(order=Order.NAME, limit=1000))
    for one, following in zip(people[-4:], people[-3:], strict=False):
        place = next_page(RecordFilter(order=Order.NAME), one)
        shown = browser.get("/contacts", params={"order": "name", "before": place}).text
        assert re.findall(r'href="/contacts/(\d+)"', shown)[0] == str(following.id)
    for garbage in ("x", ".", "5", "5.\0", f"7.{'x' * 3000}", "99999999999999999999.a", "٣.b", "-1.a"):
        answer = browser.get("/contacts", params={"order": "name", "before": garbage})
        assert answer.status_code in (200, 422), garbage


def test_programs_hear_what_became_of_records_that_they_give_away(console: Console) -> None:
    give(console, "diego", OWN)
    diego = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    made = diego.post("/api/v1/contacts", json={"name": "Gina Given"}).json()["id"]

    given = diego.patch(
        f"/api/v1/contacts/{made}", json={"responsible_id": console.seed.people["marta"], "notes": "Yours"}
    )

    assert (given.status_code, given.json()) == (
        200,
        {"responsible_id": console.seed.people["marta"], "notes": "Yours"},
    ), "what was changed, for the rest is not theirs to read any more"
    assert diego.get(f"/api/v1/contacts/{made}").status_code == 404
    assert diego.patch(f"/api/v1/contacts/{made}", json={"notes": "Mine"}).status_code == 404
    marta = console.program("marta", Scope.RECORDS_READ)
    assert marta.get(f"/api/v1/contacts/{made}").json()["notes"] == "Yours"
