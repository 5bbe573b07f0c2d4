"""New leads in the stage that was chosen, on their form and over the API."""

import re

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository.lead_stages import lead_stages
from crm.records.stage_lists import change_lead_stage


def test_a_new_lead_begins_in_the_stage_that_was_chosen(console, csrf) -> None:
    ines = console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        create_lead(session, "Forty cups", name="Ann Other", emails=["ann@cafe-nowhere.example"])
        there = {stage.name: stage.id for stage in lead_stages(session, Viewer.system())}
        change_lead_stage(session, Viewer.system(), there["Qualified"], required=["notes"])
    new = {"title": "Fifty cups", "emails": ["ann@cafe-nowhere.example"], "stage_id": there["Qualified"]}
    url = "/api/v1/leads?anyway=true"
    said = ines.post(url, json=new)
    assert (said.status_code, "“Qualified” needs Notes" in said.json()["detail"]) == (422, True)
    made = ines.post(url, json={**new, "notes": "A sample"}).json()["id"]
    assert ines.get(f"/api/v1/leads/{made}").json()["stage"]["name"] == "Qualified"
    for stage, code in ((there["Junk"], 409), (there["Converted"], 409), (404, 404), (0, 404), ("new", 422)):
        assert ines.post(url, json={**new, "notes": "x", "stage_id": stage}).status_code == code, stage
    assert len(ines.get("/api/v1/leads?words=fifty").json()["items"]) == 1

    diego = console.browser("diego")
    page = diego.get(f"/leads/new?stage={there['Qualified']}").text
    choice = page.split('<select name="stage">')[1].split("</select>")[0]
    assert re.findall(r">([^<]+)</option>", choice) == [name for name in there if name not in ("Junk", "Converted")]
    assert f'value="{there["Qualified"]}" selected' in choice
    form = {"csrf": csrf(diego, "/leads"), "title": "Sixty cups", "emails": "ann@cafe-nowhere.example"}
    chosen = {**form, "stage": str(there["Qualified"]), "notes": "A sample"}
    asked = diego.post("/leads", data=chosen)
    assert (asked.status_code, f'name="stage" value="{there["Qualified"]}"' in asked.text) == (409, True)
    number = int(diego.post("/leads", data={**chosen, "anyway": "true"}).url.path.rpartition("/")[2])
    assert ines.get(f"/api/v1/leads/{number}").json()["stage"]["name"] == "Qualified"
