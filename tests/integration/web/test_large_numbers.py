"""Numbers of rows that no database can hold: refused in words wherever records, leads, stages, fields and edits are named."""

from importlib import import_module

import pytest
from fastapi.routing import APIRoute

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading

HUGE = 10**30
ROOMS = (
    "web.api.leads",
    "web.api.records",
    "web.api.record_fields",
    "web.api.completion",
    "web.api.pipelines",
    "web.api.crm_mode",
    "web.api.numbers",
    "web.api.bulk_edits",
    "web.api.duplicates",
    "web.api.merging",
    "web.api.recycling",
    "web.console.bulk_edits",
    "web.console.completion",
    "web.console.contacts",
    "web.console.crm_mode",
    "web.console.custom_fields",
    "web.console.deals",
    "web.console.lead_conversion",
    "web.console.lead_runs",
    "web.console.leads",
    "web.console.merging",
    "web.console.numbers",
    "web.console.pipelines",
    "web.console.record_fields",
    "web.console.record_lists",
    "web.console.recycling",
)


def test_no_route_of_records_takes_a_number_without_an_end() -> None:
    every = (route for room in ROOMS for route in import_module(room).router.routes)
    routes = [route for route in every if isinstance(route, APIRoute)]
    assert len(routes) > 100
    endless = {
        f"{route.path}: {param.name}"
        for route in routes
        for param in (*route.dependant.path_params, *route.dependant.query_params, *route.dependant.body_params)
        if param.field_info.annotation in (int, int | None) and not param.field_info.metadata
    }
    assert endless == {"/numbers: days"}, "which is one of a few, or thirty"


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/lead-runs", {"act": "junk", "leads": [HUGE]}),
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
    ],
)
def test_it_is_refused_and_nothing_is_kept_to_be_tried_for_ever(console, method: str, path: str, sent) -> None:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        lead = create_lead(session, "Lead", emails=["p@lead.example"])
    program = console.program("ines", *Scope)

    answer = program.request(method, f"/api/v1{path.replace('LEAD', str(lead))}", json=sent)

    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]
    with console.store.database.reading() as session:
        assert reading.lead(session, Viewer.system(), lead).state.value == "active"
