"""Numbers that no database can hold: every route says how far its numbers go, and refuses others in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import Le, Lt
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from core.config import load_settings
from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from integration.web.rights.requests_of import parameters_of, routes_of
from storage.store import open_store
from web.app import create_app
from web.forms import RowId
from web.services import Services

HUGE = 10**30
ENDS: Mapping[str, str] = {
    "GET /numbers: days": "one of a few, or thirty",
    "PATCH /api/v1/mailboxes/{mailbox_id}/choices: wish.poll_minutes": "one of a few, or a sentence",
    "POST /settings/mailboxes/{mailbox_id}/loading: poll_minutes": "the same",
    "POST /api/v1/mailboxes/test: login.imap_port": "a port, or a sentence",
    "POST /api/v1/mailboxes: given.imap_port": "the same",
    "PUT /api/v1/deal-stages/{stage_id}: new.probability": "of a hundred, or a sentence",
    "POST /api/v1/deals: new.amount": "an amount has an end, told in a sentence",
    "POST /api/v1/leads/{lead_id}/convert: how.amount": "the same",
    "POST /api/v1/products: new.price": "the same",
    "PUT /api/v1/products/{product_id}: new.price": "the same",
    "PUT /api/v1/deals/{deal_id}/products: new.lines[].price": "the same",
}
"""Numbers that name no row, and how far they go: the use case says so in words of its own."""


def test_no_route_takes_a_number_without_an_end(tmp_path: Path) -> None:
    store = open_store(load_settings(data_dir=tmp_path))
    try:
        routes = dict(routes_of(create_app(Services(store, load_settings(data_dir=tmp_path)))))
    finally:
        store.close()
    endless = {
        f"{name}: {where}"
        for name, route in routes.items()
        for parameters in parameters_of(route.dependant).values()
        for one in parameters
        for where in numbers_without_end(one.field_info.annotation, one.field_info.metadata, one.alias)
    }

    assert len(routes) > 300
    assert sorted(endless) == sorted(ENDS)


def numbers_without_end(annotation: Any, metadata: Sequence[Any], where: str) -> Iterator[str]:
    """The numbers within a type, wherever they stand in it, that say no end."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from numbers_without_end(inner[0], (*metadata, *inner[1:]), where)
    elif annotation is int:
        said = [each for one in metadata for each in (one.metadata if isinstance(one, FieldInfo) else [one])]
        if not any(isinstance(each, Le | Lt) for each in said):
            yield where
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from numbers_without_end(field.annotation, field.metadata, f"{where}.{name}")
    elif is_dataclass(annotation):
        for name, hint in get_type_hints(annotation, include_extras=True).items():
            yield from numbers_without_end(hint, (), f"{where}.{name}")
    elif origin in (Union, UnionType):
        # What is said of the whole, as in `Annotated[int | None, Field(lt=…)]`, is said of each.
        for each in inner:
            yield from numbers_without_end(each, metadata, where)
    else:
        for each in inner:
            yield from numbers_without_end(each, (), f"{where}[]")


def test_numbers_are_found_wherever_they_stand() -> None:
    class Inner(BaseModel):
        id: int
        small: Annotated[int, Field(lt=5)]
        rows: list[RowId]

    class Outer(BaseModel):
        one: Inner | None = None
        many: dict[str, list[int]] = {}

    assert set(numbers_without_end(Outer, (), "body")) == {"body.one.id", "body.many[][]"}
    assert list(numbers_without_end(RowId | None, (), "x")) == []
    assert list(numbers_without_end(list[int] | None, (), "x")) == ["x[]"]


REFUSED: list[tuple[str, str, Any]] = [
    ("POST", "/lead-runs", {"act": "junk", "leads": [HUGE]}),
    ("POST", "/lead-runs", {"act": "convert", "leads": [3], "team": {"department_id": HUGE}}),
    ("POST", "/leads/LEAD/convert", {"team": {"mailbox_id": -HUGE}}),
    ("POST", "/lead-runs", {"act": "convert", "leads": [1], "pipeline_id": HUGE}),
    ("GET", f"/lead-runs/{HUGE}", None),
    ("POST", f"/leads/{HUGE}/stage", {"stage_id": 1}),
    ("POST", "/leads/LEAD/stage", {"stage_id": HUGE}),
    ("POST", "/leads/LEAD/convert", {"client": "contact", "contact_id": HUGE}),
    ("POST", "/leads/LEAD/convert", {"client": "contact", "company_id": HUGE}),
    ("POST", "/leads/LEAD/convert", {"deal": True, "stage_id": HUGE}),
    ("POST", "/leads/LEAD/convert", {"client": "contact", "into": HUGE}),
    ("POST", "/leads/LEAD/convert", {"deal": True, "amount": HUGE}),
    ("PATCH", "/leads/LEAD", {"company_id": HUGE}),
    ("PATCH", "/leads/LEAD", {"responsible_id": -HUGE}),
    ("GET", f"/history/contact/{HUGE}", None),
    ("GET", f"/contacts/{HUGE}/suggestions", None),
    ("POST", "/contacts", {"name": "x", "company_id": HUGE}),
    ("POST", "/deals", {"title": "x", "contact_id": HUGE}),
    ("POST", "/deals", {"title": "x", "amount": HUGE}),
    ("GET", f"/numbers?person={HUGE}", None),
    ("GET", f"/numbers?mailbox={HUGE}", None),
    ("PUT", "/lead-stages/3", {"name": "x", "on_arrival": {"pipeline_id": HUGE}}),
    ("PUT", "/deal-stages/1", {"name": "x", "probability": HUGE}),
    ("POST", "/products", {"name": "x", "price": HUGE}),
    ("PUT", "/deals/1/products", {"lines": [{"name": "x", "price": HUGE}]}),
    ("PATCH", "/mailboxes/1/choices", {"poll_minutes": HUGE}),
    ("PATCH", "/mailboxes/1/choices", {"folders": [HUGE]}),
    ("POST", "/mailboxes/test", {"email": "a@b.example", "password": "x", "imap_port": HUGE}),
    ("POST", "/acts", {"act": "archive", "thread_ids": [HUGE]}),
]


def test_it_is_refused_and_nothing_is_kept_to_be_tried_for_ever(console) -> None:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        lead = create_lead(session, "Lead", emails=["p@lead.example"])
    program, browser = console.program("ines", *Scope), console.browser("ines")

    for method, path, sent in REFUSED:
        answer = program.request(method, f"/api/v1{path.replace('LEAD', str(lead))}", json=sent)
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), (path, answer.text)
    for path in (
        f"/settings/absences?person={HUGE}",
        f"/tasks/new?message={HUGE}",
        f"/tasks/{HUGE}",
        f"/settings/mailboxes/{HUGE}/customers",
        f"/deals.csv?pipeline={HUGE}",
        f"/mail?mailbox={HUGE}",
        f"/feed?before={HUGE}",
    ):
        assert browser.get(path).status_code == 422, path

    with console.store.database.reading() as session:
        assert reading.lead(session, Viewer.system(), lead).state.value == "active"
