import pytest

from crm.access.api_tokens import Scope

LISTS = [
    ("/threads", Scope.MAIL_READ), ("/mailboxes", Scope.SETTINGS_READ), ("/contacts", Scope.RECORDS_READ),
    ("/companies", Scope.RECORDS_READ), ("/leads", Scope.RECORDS_READ), ("/deals", Scope.RECORDS_READ),
    ("/pipelines", Scope.RECORDS_READ), ("/activities", Scope.RECORDS_READ), ("/timeline/contact/1", Scope.RECORDS_READ),
    ("/tasks", Scope.WORK_READ), ("/posts", Scope.WORK_READ), ("/intake-addresses", Scope.WORK_READ),
    ("/campaigns", Scope.CAMPAIGNS_READ),
]  # fmt: skip


def test_every_list_needs_its_scope_and_gives_items(console) -> None:
    everything = console.program("ines", *Scope)
    scopes = {scope for _, scope in LISTS}
    programs = {scope: console.program("ines", scope) for scope in scopes}
    nobody = console.browser()
    for path, scope in LISTS:
        url = f"/api/v1{path}"
        refused = nobody.get(url)
        assert refused.status_code == 401
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["www-authenticate"] == "Bearer"
        for other in scopes - {scope}:
            assert programs[other].get(url).status_code == 403, (path, other)
        answer = programs[scope].get(url)
        assert answer.status_code == 200, path
        assert isinstance(answer.json()["items"], list), path
        assert answer.json() == everything.get(url).json(), path


@pytest.mark.parametrize(
    ("path", "step"),
    [("/contacts", 7), ("/threads?view=all", 5), ("/activities", 9), ("/deals", 4), ("/tasks?part=any", 2)],
)
def test_pages_give_everything_once(console, path: str, step: int) -> None:
    program = console.program("ines", *Scope)
    joined = "&" if "?" in path else "?"
    whole = [item["id"] for item in program.get(f"/api/v1{path}{joined}limit=200").json()["items"]]
    seen: list[int] = []
    after = ""
    while True:
        page = program.get(f"/api/v1{path}{joined}limit={step}&after={after}").json()
        seen += [item["id"] for item in page["items"]]
        if not page["next"]:
            break
        after = page["next"]
    assert seen == whole
    assert len(whole) > step


def test_records_are_made_and_moved(console) -> None:
    program = console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    contact = program.post("/api/v1/contacts", json={"name": "Ana Sousa", "emails": ["ana@sousa.example"]})
    assert contact.status_code == 201
    deal = program.post(
        "/api/v1/deals", json={"title": "One Ponto", "contact_id": contact.json()["id"], "amount": 99000}
    )
    stages = program.get("/api/v1/pipelines").json()["items"][0]["stages"]
    moved = program.post(f"/api/v1/deals/{deal.json()['id']}/stage", json={"stage_id": stages[1]["id"]})
    assert moved.status_code == 204
    assert program.get(f"/api/v1/deals/{deal.json()['id']}").json()["stage"]["name"] == stages[1]["name"]
    assert program.post("/api/v1/contacts", json={"name": " "}).status_code == 422


def test_tasks_posts_and_comments(console) -> None:
    program = console.program("tom", Scope.WORK_READ, Scope.WORK_WRITE)
    task = program.post("/api/v1/tasks", json={"title": "Descale", "deadline": "2027-01-05T10:00:00Z"}).json()["id"]
    assert program.post(f"/api/v1/comments/task/{task}", json={"text": "Vinegar?"}).status_code == 201
    assert program.get(f"/api/v1/comments/task/{task}").json()["items"][0]["text"] == "Vinegar?"
    assert program.post(f"/api/v1/tasks/{task}/complete").status_code == 204
    assert program.get(f"/api/v1/tasks/{task}").json()["status"] == "done"
    assert program.post("/api/v1/posts", json={"text": "Hello all"}).status_code == 201


def test_a_message_and_what_it_says(console) -> None:
    program = console.program("marta", Scope.MAIL_READ)
    thread = program.get("/api/v1/threads?view=inbox").json()["items"][0]
    message = program.get(f"/api/v1/threads/{thread['id']}").json()["messages"][-1]
    content = program.get(f"/api/v1/messages/{message['id']}/content").json()
    assert content["text"]
    raw = program.get(f"/api/v1/messages/{message['id']}/raw")
    assert raw.headers["content-type"].startswith("message/rfc822")
    assert program.get("/api/v1/messages/99999").json()["detail"] == "There is no such message."


def test_a_reply_with_the_same_key_is_one_mail(console) -> None:
    program = console.program("marta", Scope.MAIL_READ, Scope.MAIL_SEND)
    mail = {
        "mailbox_id": console.seed.mailboxes["marta"],
        "to": [{"address": "ana@sousa.example"}],
        "subject": "Hi",
        "text": "Hello",
    }
    first = program.post("/api/v1/outgoing", json=mail, headers={"idempotency-key": "order-1"})
    again = program.post("/api/v1/outgoing", json=mail, headers={"idempotency-key": "order-1"})
    other = program.post("/api/v1/outgoing", json=mail, headers={"idempotency-key": "order-2"})
    assert first.status_code == 202
    assert first.json() == again.json() != other.json()
    assert program.get(f"/api/v1/outgoing/{first.json()['id']}").json()["state"] == "pending"
    assert len(program.get("/api/v1/outgoing").json()["items"]) == 2
    bad = program.post("/api/v1/outgoing", json={**mail, "to": []})
    assert bad.status_code == 422
    assert "recipient" in bad.json()["detail"]


def test_the_description_names_every_call_and_health_answers(console) -> None:
    nobody = console.browser()
    paths = nobody.get("/api/openapi.json").json()["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)
    assert {f"/api/v1{path}" for path, _ in LISTS if "1" not in path} <= set(paths)
    assert nobody.get("/healthz").text == "ok\n"
    assert nobody.get("/readyz").text == "ready\n"
    assert 'mailsync_mailboxes{state="live"} 4.0' in nobody.get("/metrics").text
