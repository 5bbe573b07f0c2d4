"""Products in Settings and on deals, for people and for programs."""

import re

import pytest

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import RecordFilter

URL = "/settings/products"


@pytest.fixture
def deal_id(console) -> int:
    with console.store.database.reading() as session:
        return reading.deals(session, Viewer.system(), RecordFilter(limit=1))[0].id


def test_a_catalogue_is_filled_and_a_deal_made_of_it(console, csrf, deal_id) -> None:
    ines = console.browser("ines")
    assert "None yet" in ines.get(URL).text
    token = {"csrf": csrf(ines, f"{URL}/new")}
    page = ines.post(URL, data={**token, "name": "Beans", "price": "12.50", "unit": "kg", "code": "B-1"}).text
    assert "€12.50 a kg" in page
    number = re.search(r"/settings/products/(\d+)/retire", page).group(1)

    form = ines.get(f"/deals/{deal_id}/products").text
    version = re.search(r'name="version" value="(\w+)"', form).group(1)
    assert '<option value="Beans">' in form
    lines = {
        "name": ["Beans", "Delivery", ""],
        "quantity": ["3", "", ""],
        "unit": ["", "", ""],
        "price": ["", "10", ""],
        "discount": ["", "50 %", ""],
        "product": ["", "", ""],
    }
    deal = ines.post(f"/deals/{deal_id}/products", data={**token, "version": version, **lines}).text
    assert "3 kg × €12.50" in deal
    assert "1 × €10 − 50 %" in deal
    assert re.search(r"Together</th><td>€42.50", deal)

    late = ines.post(f"/deals/{deal_id}/products", data={**token, "version": version, **lines})
    assert late.status_code == 409
    assert "Somebody else changed the products" in late.text

    assert "on 1 deal" in ines.get(URL).text
    ines.post(f"{URL}/{number}", data={**token, "name": "Beans", "price": "14"})
    ines.post(f"{URL}/{number}/retire", data=token)
    assert "Beans" in ines.get(f"{URL}?retired=true").text
    again = ines.get(f"/deals/{deal_id}/products").text
    assert f'name="product" value="{number}"' in again
    assert "Beans" in ines.post(f"{URL}/{number}/offer", data=token).text


def test_damaged_forms_are_refused(console, csrf, deal_id) -> None:
    ines = console.browser("ines")
    token = {"csrf": csrf(ines, f"{URL}/new")}
    columns = ("name", "quantity", "unit", "price", "discount", "product")
    line = {**token, "version": "x", **dict.fromkeys(columns, "1")}
    for wrong in (
        {"name": ["a", "b"]},
        {"quantity": "many"},
        {"quantity": "1e999999"},
        {"quantity": "1,200"},
        {"discount": "half"},
        {"price": "dear"},
        {"price": "1,200"},
    ):
        assert ines.post(f"/deals/{deal_id}/products", data={**line, **wrong}).status_code == 422, wrong
    assert ines.get("/deals/999999999/products").status_code == 404
    assert ines.get(f"{URL}/999999999").status_code == 404
    assert ines.post(f"{URL}/5/burn", data=token).status_code == 422


def test_programs_do_the_same(console, deal_id) -> None:
    ines = console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    made = ines.post("/api/v1/products", json={"name": "Beans", "price": 1250, "unit": "kg"})
    number = made.json()["id"]
    assert [one["name"] for one in ines.get("/api/v1/products").json()["items"]] == ["Beans"]
    wanted = {"lines": [{"product_id": number, "quantity": "2.5"}, {"name": "Delivery", "price": 500}]}
    lines = f"/api/v1/deals/{deal_id}/products"
    assert ines.put(lines, json=wanted).json()["detail"] == "Not usable: version."
    version = ines.get(lines).json()["version"]
    put = ines.put(lines, json={**wanted, "version": version}).json()
    assert put["total"] == 3125 + 500
    assert ines.get(f"/api/v1/deals/{deal_id}").json()["amount"] == 3625
    assert ines.get(f"/api/v1/deals/{deal_id}/products").json() == put
    assert ines.put(f"/api/v1/deals/{deal_id}/products", json={**wanted, "version": "old"}).status_code == 409
    assert ines.patch(f"/api/v1/deals/{deal_id}", json={"amount": 1}).status_code == 422
    assert ines.put(f"/api/v1/products/{number}", json={"name": "Beans", "price": 1}).status_code == 204
    assert ines.post(f"/api/v1/products/{number}/retire").status_code == 204
    assert ines.get("/api/v1/products").json()["items"] == []
    assert ines.post(f"/api/v1/products/{number}/offer").status_code == 204
    for wrong in ({"quantity": "NaN"}, {"quantity": 0}, {"price": 10**30}, {"product_id": 10**30}, {"discount": 200}):
        line = {"name": "x", "price": 1, **wrong}
        assert (
            ines.put(f"/api/v1/deals/{deal_id}/products", json={"lines": [line], "version": put["version"]}).status_code
            == 422
        ), wrong
    seller = console.program("tom", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    assert seller.post("/api/v1/products", json={"name": "Tea", "price": 1}).status_code == 403
