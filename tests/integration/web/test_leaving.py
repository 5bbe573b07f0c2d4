"""Somebody leaves: what is theirs is told, asked for, handed over and taken back, by pages."""

import re

from crm.access.api_tokens import Scope
from crm.work.handing_over.doing import hand_over_all
from crm.work.handing_over.undoing import undo_hand_over


def test_letting_go_asks_who_gets_what_was_theirs(console, csrf) -> None:
    # Given Tom, who has records; when Inês lets him go, then she is asked who gets what, with numbers.
    ines, tom, diego = console.browser("ines"), console.seed.people["tom"], console.seed.people["diego"]
    page = f"/settings/people/{tom}"
    token = {"csrf": csrf(ines, "/settings/people")}
    before = re.search(r"<p>([^<]* and [^<]*)\.</p>", ines.get(page).text)
    assert before, ines.get(page).text
    asked = ines.post(f"{page}/deactivate", data=token)
    assert asked.url.path == f"{page}/hand-over"
    what = re.findall(r'name="what" value="(\w+)" checked', asked.text)
    assert {"contact", "deal", "task"} <= set(what)
    assert f'value="{tom}"' not in asked.text, "nobody hands over to who leaves"
    assert "nobody looks after that now" in ines.get(page).text

    # When nobody, nonsense or nothing is chosen, then the form says so, and nothing begins.
    for sent, sentence in (
        ({"what": what}, "Choose the person who gets it."),
        ({"what": what, "receiver_id": "x"}, "Choose the person who gets it."),
        ({"what": what, "receiver_id": 2**70}, "Choose the person who gets it."),
        ({"what": what, "receiver_id": tom}, "That is who has it now"),
        ({"what": what, "receiver_id": diego, "responsible": str(diego)}, "or to a team in turn"),
        (
            {"what": what, "receiver_id": diego, "responsible": "department:4711:round_robin"},
            "nobody in that department",
        ),
        ({"receiver_id": diego}, "Tick what is to be handed over."),
    ):
        refused = ines.post(f"{page}/hand-over", data=token | sent)
        assert refused.status_code in (404, 422), sent
        assert sentence in refused.text, sent
    assert ines.post(f"{page}/hand-over", data=token | {"what": "money", "receiver_id": diego}).status_code == 422
    assert ines.get("/settings/people/4711/hand-over").status_code == 404
    for path in (f"{page}/hand-over", f"/settings/people/{2**70}/hand-over"):
        assert console.browser("diego").get(path).status_code in (403, 404, 422), path

    # When Diego gets all, then the page follows it, and says while it goes on that it does.
    begun = ines.post(f"{page}/hand-over", data=token | {"what": what, "receiver_id": diego})
    assert begun.status_code == 200
    number = int(begun.url.path.rpartition("/")[2])
    assert "Handing over what was Tom" in begun.text
    assert f'href="/bulk/{number}"' in ines.get(f"{page}/hand-over").text
    hand_over_all(console.store, number)
    done = ines.get(f"/bulk/{number}").text
    assert "things were handed over" in done
    assert f'href="{page}"' in done
    assert "Nothing is Tom" in ines.get(f"{page}/hand-over").text
    assert "What is Tom" not in ines.get(page).text
    assert "things of Tom" in ines.get("/settings/recycle-bin").text
    assert "Yours now, from Tom" in console.browser("diego").get("/notifications").text

    # When it is undone, then it is Tom's again though he has left.
    assert ines.post(f"/bulk/{number}/undo", data=token).status_code == 200
    undo_hand_over(console.store, number)
    assert "Undone on" in ines.get(f"/bulk/{number}").text
    again = re.search(r"<p>([^<]* and [^<]*): nobody looks after that now\.</p>", ines.get(page).text)
    assert again
    assert again[1] == before[1]


def test_programs_hand_over_follow_it_stop_it_and_take_it_back(console) -> None:
    scopes = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE, Scope.RECORDS_READ, Scope.RECORDS_WRITE
    ines, diego, tom = console.program("ines", *scopes), console.seed.people["diego"], console.seed.people["tom"]
    person = f"/api/v1/people/{tom}"
    counts = ines.get(f"{person}/belongings").json()
    assert list(counts) == ["contact", "company", "lead", "deal", "task", "queue", "view"]
    assert counts["contact"] > 0

    # When somebody else or a token without the scope asks, or nonsense is sent, then nothing begins.
    assert console.program("diego", *scopes).get(f"{person}/belongings").status_code == 403
    assert console.program("diego", *scopes).post(f"{person}/hand-over", json={"to_id": diego}).status_code == 403
    assert console.program("ines", *scopes[2:]).post(f"{person}/hand-over", json={"to_id": diego}).status_code == 403
    assert ines.get("/api/v1/people/4711/belongings").status_code == 404
    for status, sent in (
        (422, {}),
        (422, {"to_id": 2**70}),
        (422, {"to_id": diego, "what": ["money"]}),
        (422, {"to_id": diego, "what": []}),
        (422, {"to_id": diego, "team": {}}),
        (404, {"to_id": diego, "team": {"mailbox_id": 4711}}),
    ):
        assert ines.post(f"{person}/hand-over", json=sent).status_code == status, sent
    assert ines.get("/api/v1/bulk-edits").json()["items"] == []

    # When one is stopped before it began, then nothing moved; another one moves all, and is taken back.
    first = ines.post(f"{person}/hand-over", json={"to_id": diego}).json()
    assert (first["act"], first["record_type"], first["total"]) == ("hand_over", None, 0)
    assert ines.post(f"{person}/hand-over", json={"to_id": diego}).status_code == 409
    assert ines.post(f"/api/v1/bulk-edits/{first['id']}/stop").status_code == 204
    assert ines.post(f"/api/v1/bulk-edits/{first['id']}/stop").status_code == 409
    hand_over_all(console.store, first["id"])
    assert ines.get(f"{person}/belongings").json() == counts
    number = ines.post(f"{person}/hand-over", json={"to_id": diego}).json()["id"]
    hand_over_all(console.store, number)
    assert ines.get(f"/api/v1/bulk-edits/{number}").json()["changed"] == sum(counts.values())
    assert set(ines.get(f"{person}/belongings").json().values()) == {0}
    assert ines.post(f"/api/v1/bulk-edits/{number}/undo").status_code == 204
    undo_hand_over(console.store, number)
    assert ines.get(f"{person}/belongings").json() == counts
