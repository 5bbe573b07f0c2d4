"""What mail tells about a contact: shown beside the fields, put in by a press, and over the API."""

import pytest

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import RecordFilter

PHONE = "+48 58 555 01 17"


@pytest.fixture
def zofia(console) -> str:
    """She signs with a phone that nobody has noted."""
    with console.store.database.reading() as session:
        [found] = reading.contacts(session, Viewer.system(), RecordFilter(words="Zofia Kamińska"))
    return f"/contacts/{found.id}"


def test_a_suggestion_is_put_in_or_never_made_again(console, csrf, zofia) -> None:
    ines = console.browser("ines")
    assert f'hx-get="{zofia}/suggestions"' in ines.get(zofia).text
    assert PHONE in ines.get(f"{zofia}/suggestions").text
    form = {"csrf": csrf(ines, zofia), "field": "phones", "value": PHONE}
    for wrong in ({"wish": "maybe"}, {"wish": "accept", "field": "notes"}, {"wish": "accept", "field": "emails"}):
        assert ines.post(f"{zofia}/suggestions", data={**form, **wrong}).status_code == 422
    added = ines.post(f"{zofia}/suggestions", data={**form, "wish": "accept"})
    assert added.url.path == zofia
    assert f"tel:{PHONE.replace(' ', '')}" in added.text
    assert PHONE not in ines.get(f"{zofia}/suggestions").text


def test_programs_settle_them_too(console, zofia) -> None:
    url = f"/api/v1{zofia}/suggestions"
    program = console.program("ines", Scope.MAIL_READ, Scope.RECORDS_WRITE)
    [one] = [one for one in program.get(url).json() if one["field"] == "phones"]
    assert one["value"] == PHONE
    assert program.post(url, json={"field": "phones", "value": PHONE, "wish": "decline"}).status_code == 204
    assert PHONE not in program.get(url).text
    assert console.program("ines", Scope.RECORDS_READ).get(url).status_code == 403
    assert program.get("/api/v1/contacts/404404/suggestions").status_code == 404
