"""What belongs to one person, over the API: followed records, saved views, the bell, tasks, and the search of everything."""

from crm.access.api_tokens import Scope
from crm.access.mail.repository import by_work
from crm.access.notifications import Bell, ring
from crm.access.rights import Scope as Reach
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.recycling import delete_record
from integration.crm.rights.house import records
from integration.web.test_narrow_roles import give
from seeds.console import Console
from storage.models import RecordType

SYSTEM = Viewer.system()
RECORDS = (Scope.RECORDS_READ, Scope.RECORDS_WRITE)
WORK = (Scope.WORK_READ, Scope.WORK_WRITE)


def lets_read(console: Console, who: str, message_id: int) -> bool:
    """Whether a task or post of theirs lets somebody read a mail."""
    with console.store.database.reading() as session:
        return by_work(session, console.seed.viewer(who), [message_id]) == {message_id}


def test_records_are_followed_and_no_more(console) -> None:
    diego = console.program("diego", *RECORDS)
    with console.store.database.unit_of_work() as session:
        who = console.seed.people
        ids = [create_contact(session, name, responsible_id=who["diego"]) for name in ("One", "Two", "Three")]
        theirs = create_contact(session, "Theirs", responsible_id=who["ines"])
    for number in (*ids, ids[0], theirs):
        assert diego.put(f"/api/v1/follows/contact/{number}").status_code == 204
    listed = diego.get("/api/v1/follows").json()["items"]
    assert listed[0] == {"type": "contact", "id": theirs, "name": "Theirs", "deleted": False}
    assert [one["id"] for one in listed][:4] == [theirs, *reversed(ids)]
    page = diego.get("/api/v1/follows?limit=3").json()
    assert diego.get(f"/api/v1/follows?limit=1&after={page['next']}").json()["items"][0]["id"] == ids[0]

    give(console, "diego", records(reach(Reach.OWN, Reach.OWN)))
    with console.store.database.unit_of_work() as session:
        delete_record(session, SYSTEM, (RecordType.CONTACT, ids[1]))
    assert [one["id"] for one in diego.get("/api/v1/follows").json()["items"]] == [ids[2], ids[0]]
    assert diego.put(f"/api/v1/follows/contact/{theirs}").status_code == 404
    for number in (ids[0], theirs, theirs):
        assert diego.delete(f"/api/v1/follows/contact/{number}").status_code == 204
    assert [one["id"] for one in diego.get("/api/v1/follows").json()["items"]] == [ids[2]]
    assert diego.put("/api/v1/follows/mail/1").status_code == 422
    assert console.program("diego", Scope.RECORDS_READ).put(f"/api/v1/follows/contact/{ids[0]}").status_code == 403


def test_views_are_kept_changed_shared_and_forgotten(console) -> None:
    diego, tom = console.program("diego", *RECORDS), console.program("tom", *RECORDS)
    new = {"record_type": "contact", "name": " My  VIPs ", "query": "?responsible_id=nobody&tag=vip&after=5"}
    one = diego.post("/api/v1/views", json=new).json()["id"]
    other = diego.post("/api/v1/views", json={"record_type": "contact", "name": "Other", "query": "order=name"}).json()[
        "id"
    ]

    def views(program) -> list[tuple[str, str, bool, str | None]]:
        found = program.get("/api/v1/views?record_type=contact").json()["items"]
        return [(view["name"], view["query"], view["shared"], view["owner"]) for view in found]

    mine = [("My VIPs", "responsible=nobody&tag=vip", False, None), ("Other", "order=name", False, None)]
    assert views(diego) == mine
    assert views(tom) == []
    assert tom.patch(f"/api/v1/views/{one}", json={"name": "Mine"}).status_code == 404
    assert tom.delete(f"/api/v1/views/{one}").status_code == 404

    assert diego.patch(f"/api/v1/views/{one}", json={"name": "VIPs", "shared": True}).status_code == 204
    [shared] = views(tom)
    assert shared[:3] == ("VIPs", "responsible=nobody&tag=vip", True)
    assert shared[3].startswith("Diego")
    assert tom.patch(f"/api/v1/views/{one}", json={"name": "Mine"}).status_code == 404
    answer = diego.patch(f"/api/v1/views/{one}", json={"name": "Other"})
    assert (answer.status_code, "choose another name" in answer.json()["detail"]) == (409, True)
    for wrong in (
        {"name": " "},
        {"name": "x" * 61},
        {"query": ""},
        {"query": "tag=" + "x" * 2001},
        {"query": "after=5"},
        {"shared": None, "name": 5},
    ):
        assert diego.patch(f"/api/v1/views/{one}", json=wrong).status_code == 422, wrong
    for query, odd in {
        "responsable_id=3": "responsable_id",
        "tag=vip&pipeline_id=3": "pipeline_id",
        f"view={other}": "view",
        "field_9999=x": "field_9999",
    }.items():
        for answer in (
            diego.patch(f"/api/v1/views/{one}", json={"query": query}),
            diego.post("/api/v1/views", json={**new, "query": query}),
        ):
            assert answer.status_code == 422, query
            assert f"There is no filter “{odd}” here; there are: birthday" in answer.json()["detail"], query
    assert ("VIPs", "responsible=nobody&tag=vip", True, None) in views(diego)
    of_a_page = "pipeline=1&columns=stage.amount&shape=list&order=amount&moved=5&mine=true&amount_from=5&done=moved"
    page = diego.post("/api/v1/views", json={"record_type": "deal", "name": "Page", "query": of_a_page})
    assert page.status_code == 201, page.text
    [kept] = diego.get("/api/v1/views?record_type=deal").json()["items"]
    assert kept["query"] == "amount_from=5&columns=stage.amount&mine=true&order=amount&pipeline=1&shape=list"
    assert diego.patch(f"/api/v1/views/{one}", json={"query": "tag=vip", "shared": False}).status_code == 204
    assert (views(diego)[1][:3], views(tom)) == (("VIPs", "tag=vip", False), [])
    assert diego.delete(f"/api/v1/views/{other}").status_code == 204
    assert len(views(diego)) == 1
    assert diego.patch(f"/api/v1/views/{other}", json={"name": "x"}).status_code == 404


def test_the_bell_is_read(console) -> None:
    diego = console.program("diego", *WORK)
    diego.post("/api/v1/notifications/read", json={})
    with console.store.database.unit_of_work() as session:
        who = console.seed.people
        ring(session, [Bell(who["diego"], f"k{n}", f"Told {n}", "/tasks") for n in range(3)])
        ring(session, [Bell(who["tom"], "k", "Tom's", "/tasks")])
    assert diego.get("/api/v1/notifications/unread").json() == {"unread": 3}
    found = diego.get("/api/v1/notifications?unread=true").json()["items"]
    assert [(one["title"], one["link"], one["read_at"]) for one in found] == [
        (f"Told {n}", "/tasks", None) for n in (2, 1, 0)
    ]
    page = diego.get("/api/v1/notifications?limit=2").json()
    assert diego.get(f"/api/v1/notifications?limit=1&after={page['next']}").json()["items"][0]["title"] == "Told 0"
    theirs = console.program("tom", *WORK).get("/api/v1/notifications?unread=true").json()["items"][0]["id"]
    assert diego.post("/api/v1/notifications/read", json={"ids": [found[0]["id"], theirs]}).json() == {"unread": 2}
    assert [one["title"] for one in diego.get("/api/v1/notifications?unread=true").json()["items"]] == [
        "Told 1",
        "Told 0",
    ]
    assert console.program("tom", *WORK).get("/api/v1/notifications?unread=true").json()["items"][0]["id"] == theirs
    assert diego.post("/api/v1/notifications/read", json={"ids": ["x"]}).status_code == 422
    assert diego.post("/api/v1/notifications/read", json={}).json() == {"unread": 0}
    assert console.program("diego", Scope.RECORDS_READ).get("/api/v1/notifications").status_code == 403


def test_tasks_are_changed_bound_and_taken_off_again(console) -> None:
    diego = console.program("diego", *WORK, Scope.MAIL_READ)
    thread = diego.get("/api/v1/threads?view=inbox").json()["items"][0]["id"]
    messages = [one["id"] for one in diego.get(f"/api/v1/threads/{thread}").json()["messages"]]
    new = {"title": "Descale", "deadline": "2027-01-05T10:00:00Z", "tags": ["cups"], "text": "Soon"}
    url = f"/api/v1/tasks/{diego.post('/api/v1/tasks', json=new).json()['id']}"

    told = diego.patch(url, json={"title": "Descale all", "priority": "high", "deadline": None}).json()
    assert [told[key] for key in ("title", "priority", "deadline", "tags", "text")] == [
        "Descale all",
        "high",
        None,
        ["cups"],
        "Soon",
    ]
    assert diego.patch(url, json={"deadline": "2027-02-01T10:00:00+02:00"}).json()["deadline"] == "2027-02-01T08:00:00Z"
    assert diego.post(f"{url}/start").status_code == 204
    assert diego.get(url).json()["status"] == "started"
    for wrong in (
        {"title": " "},
        {"title": "x" * 301},
        {"responsible_id": 99999},
        {"priority": "odd"},
        {"deadline": "soon"},
    ):
        assert diego.patch(url, json=wrong).status_code == 422, wrong
    assert diego.get(url).json()["title"] == "Descale all"

    with console.store.database.unit_of_work() as session:
        contact = create_contact(session, "Cup Ann")
    on = {"records": [{"type": "contact", "id": contact}]}
    assert [diego.post(f"{url}/records", json=on).status_code for _ in range(2)] == [204, 204]
    assert [one["name"] for one in diego.get(url).json()["records"]] == ["Cup Ann"]
    assert diego.post(f"{url}/records", json={"records": [{"type": "contact", "id": 99999}]}).status_code == 422
    assert diego.put(f"{url}/mail", json={"message_id": messages[0]}).status_code == 204
    assert diego.get(url).json()["message_id"] == messages[0]
    assert diego.put(f"{url}/mail", json={"message_id": 999_999}).status_code == 404
    made = diego.post("/api/v1/tasks", json={"title": "From mail", "message_id": messages[0]}).json()["id"]
    told = diego.get(f"/api/v1/tasks/{made}").json()
    assert (told["message_id"], "@" in told["sender_address"]) == (messages[0], True)
    assert diego.delete(f"{url}/mail").status_code == 204
    assert diego.get(url).json()["message_id"] is None

    tom = console.program("tom", *WORK)
    assert tom.patch(url, json={"title": "Mine"}).status_code in (403, 404)
    assert tom.post(f"{url}/records", json=on).status_code in (403, 404)


def test_tasks_are_deleted_and_brought_back_by_program_and_page(console, csrf) -> None:
    diego, tom = (console.program(who, *WORK, Scope.MAIL_READ) for who in ("diego", "tom"))
    thread = diego.get("/api/v1/threads?view=inbox").json()["items"][0]["id"]
    mail = diego.get(f"/api/v1/threads/{thread}").json()["messages"][0]["id"]
    new = {"title": "Descale", "responsible_id": console.seed.people["tom"], "message_id": mail}
    task = diego.post("/api/v1/tasks", json=new).json()["id"]
    url, page = f"/api/v1/tasks/{task}", f"/tasks/{task}"
    assert lets_read(console, "tom", mail)
    assert tom.delete(url).status_code == 403

    assert diego.delete(url).status_code == 204
    assert (diego.delete(url).status_code, diego.get(url).json()["detail"]) == (404, "This task was deleted.")
    assert not lets_read(console, "tom", mail)
    assert tom.post(f"{url}/restore").status_code == 403
    assert [diego.post(f"{url}/restore").status_code for _ in range(2)] == [204, 204]
    assert lets_read(console, "tom", mail)

    browser, toms = console.browser("diego"), console.browser("tom")
    assert f"{page}/delete" in browser.get(page).text
    assert f"{page}/delete" not in toms.get(page).text
    token = {"csrf": csrf(browser, page)}
    told = browser.post(f"{page}/delete", data=token).text
    assert ("The task is deleted." in told, f"{page}/restore" in told, "Nothing done yet" in told) == (
        True,
        True,
        False,
    )
    assert "This task was deleted." in browser.get(page).text
    assert "The task is back." in browser.post(f"{page}/restore", data=token).text
    assert "Descale" in toms.get("/tasks").text


def test_everything_is_searched_as_far_as_the_token_reads(console) -> None:
    everything = (*RECORDS, *WORK, Scope.MAIL_READ)
    ines = console.program("ines", *everything)
    contact = ines.post("/api/v1/contacts", json={"name": "Xylograph Ann", "position": "Head"}).json()["id"]
    task = ines.post("/api/v1/tasks", json={"title": "Call the xylograph"}).json()["id"]
    post = ines.post("/api/v1/posts", json={"text": "A xylograph came"}).json()["id"]
    found = ines.get("/api/v1/search?words=xylogr").json()
    assert found["records"] == {"contact": [{"id": contact, "name": "Xylograph Ann", "further": ["Head"]}]}
    assert [one["id"] for one in found["tasks"]] == [task]
    assert [one["id"] for one in found["posts"]] == [post]
    thread = ines.get("/api/v1/threads?view=inbox").json()["items"][0]
    word = max(thread["subject"].split(), key=len)
    mail = ines.get("/api/v1/search", params={"words": f"subject:{word}"}).json()
    assert thread["id"] in [one["thread_id"] for one in mail["mail"]["messages"]]
    assert (mail["records"], mail["tasks"]) == ({}, [])

    of_records = console.program("ines", Scope.RECORDS_READ).get("/api/v1/search?words=xylogr").json()
    assert ([*of_records["records"]], of_records["tasks"], of_records["posts"]) == (["contact"], [], [])
    of_mail = (
        console.program("ines", Scope.RECORDS_READ).get("/api/v1/search", params={"words": f"subject:{word}"}).json()
    )
    assert of_mail["mail"]["messages"] == []
    assert console.program("ines", Scope.CAMPAIGNS_READ).get("/api/v1/search?words=x").status_code == 403
    assert ines.get("/api/v1/search").status_code == 422
    assert ines.get("/api/v1/search?words=x&limit=51").status_code == 422
    assert ines.get("/api/v1/search", params={"words": " "}).json()["records"] == {}
