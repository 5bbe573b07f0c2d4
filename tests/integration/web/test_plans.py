"""Calls and meetings on pages and over the API: moved in an overlay, deleted with an Undo, changed in part by programs."""

import re
from datetime import UTC, datetime

from crm.access.api_tokens import Scope


def test_a_meeting_is_moved_deleted_and_brought_back(console, csrf) -> None:
    diego = console.browser("diego")
    token = csrf(diego, "/stream")
    new = {
        "csrf": token,
        "kind": "meeting",
        "record": "contact:1",
        "title": "Tasting",
        "deadline": "2030-05-06T10:00",
        "minutes": "45",
    }
    page = diego.post("/entries", data={**new, "place": "https://meet.example/x", "remind": "60"}).text
    entry = int(re.search(r'href="/entries/(\d+)">Tasting', page)[1])
    for shown in ("6 May 2030, 10:00", "45 min", 'href="https://meet.example/x"'):
        assert shown in page

    form = diego.get(f"/entries/{entry}/edit").text
    for kept in (
        'value="Tasting"',
        'value="06/05/2030 10:00"',
        'data-day="time"',
        'value="45"',
        '<option value="60" selected>',
    ):
        assert kept in form
    moved = {"csrf": token, "title": "Tasting", "deadline": "7.5.2030 18:30", "minutes": "", "remind": ""}
    assert diego.post(f"/entries/{entry}/edit", data=moved).status_code == 200
    page = diego.get(f"/entries/{entry}").text
    assert "7 May 2030, 18:30" in page
    assert "edited" in page
    for wrong in (
        {"minutes": "soon"},
        {"minutes": "1e9"},
        {"deadline": "never"},
        {"deadline": ""},
        {"title": ""},
        {"responsible": "999"},
    ):
        assert diego.post(f"/entries/{entry}/edit", data=moved | wrong).status_code == 422, wrong

    gone = diego.post(f"/entries/{entry}/delete", data={"csrf": token})
    assert f'action="/entries/{entry}/restore"' in gone.text
    assert diego.get(f"/entries/{entry}").status_code == 404
    diego.post(f"/entries/{entry}/restore", data={"csrf": token})
    sent_from = {"referer": f"{console.url}/contacts/1?a=b#x"}
    done = diego.post(f"/entries/{entry}/complete", data={"csrf": token}, headers=sent_from, follow_redirects=False)
    assert done.headers["location"] == f"/contacts/1?a=b&done=entry-done%3A{entry}#x"
    assert "Not done yet" in diego.get(f"/entries/{entry}").text


def test_programs_change_what_they_name_alone(console) -> None:
    program = console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    new = {
        "kind": "call",
        "record_type": "contact",
        "record_id": 1,
        "title": "Call",
        "deadline": "2030-05-06T10:00:00Z",
        "minutes": 20,
    }
    path = f"/api/v1/activities/{program.post('/api/v1/activities', json={**new, 'remind_minutes': 5}).json()['id']}"

    changed = program.patch(path, json={"at": "2030-05-07T10:00:00+02:00", "place": "Lisbon"}).json()
    assert datetime.fromisoformat(changed["deadline"]) == datetime(2030, 5, 7, 8, tzinfo=UTC)
    assert (changed["title"], changed["minutes"], changed["place"], changed["remind_minutes"]) == (
        "Call",
        20,
        "Lisbon",
        5,
    )
    assert program.patch(path, json={"minutes": None}).json()["minutes"] is None
    assert program.patch(path, json={"minutes": "many"}).status_code == 422
    assert program.post(f"{path}/complete").status_code == program.post(f"{path}/reopen").status_code == 204
    assert program.get(path).json()["planned"] is True
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404
    assert program.post(f"{path}/restore").status_code == 204
    assert program.get(path).status_code == 200
