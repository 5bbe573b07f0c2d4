"""Messages in the stream over HTTP, as a browser without script sends them."""

import re

import httpx

from crm.access.api_tokens import Scope
from storage.models import Activity, ActivityKind, Comment, Outgoing, Post, Task


def rows(console, table, **equal):
    with console.store.database.reading() as session:
        return list(session.query(table).filter_by(**equal).order_by(table.id))


def send(browser: httpx.Client, csrf, path: str, form: dict, files=()) -> httpx.Response:
    token = csrf(browser, "/stream/new")
    return browser.post(path, data={"csrf": token, **form}, files=files or None)


def key_of(browser: httpx.Client) -> str:
    return re.search(r'name="key" value="([^"]+)"', browser.get("/stream/new").text)[1]


def test_names_typed_between_commas_are_enough(console, csrf) -> None:
    tom = console.browser("tom")
    contact, deal = console.seed.company.contacts[0], console.seed.company.deals[0]
    form = {
        "to_words": f"Marta Nowak, {contact.name}",
        "about_words": deal.title,
        "text": "See https://youtu.be/x and <b>this</b>: javascript:alert(1)",
        "mention": "ines",
        "key": key_of(tom),
    }
    before = len(rows(console, Outgoing))
    picture = ("files", ("a.png", b"\x89PNG\r\n\x1a\nrest", "image/png"))
    page = send(tom, csrf, "/stream/posts", form, [picture, ("files", ("x.html", b"<script>1</script>", "text/html"))])
    assert page.url.path == "/stream", page.text[:2000]
    again = send(tom, csrf, "/stream/posts", form)

    assert again.url.path == "/stream", "a browser that got no answer sends it again"
    (post,) = rows(console, Post, key=f"{console.seed.people['tom']}:{form['key']}")
    assert len(rows(console, Outgoing)) == before + 1
    seen = console.browser("marta").get(f"/feed/{post.id}").text
    assert "&lt;b&gt;this&lt;/b&gt;: javascript:alert(1)" in seen
    assert (
        '<a class="video" href="https://youtu.be/x" rel="noopener noreferrer nofollow" target="_blank">Video at' in seen
    )
    assert '<b class="mention">@ines</b>' in seen
    assert [word in seen for word in ("chip-user", "chip-mail", deal.title, "a.png", "iframe")] == [True] * 4 + [False]
    shown = tom.get(f"/feed/{post.id}/files/0?inline=1")
    assert (shown.headers["content-type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    kept = tom.get(f"/feed/{post.id}/files/1?inline=1")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in kept.headers["content-security-policy"]
    assert tom.get(f"/feed/{post.id}/files/2").status_code == tom.get("/feed/9999/files/0").status_code == 404


def test_what_is_refused_comes_back_as_it_was_typed(console, csrf) -> None:
    tom = console.browser("tom")
    before = len(rows(console, Post))
    answer = send(tom, csrf, "/stream/posts", {"to_words": "Nobody Ever, all", "text": "My words", "title": "T"})
    assert answer.status_code == 422
    assert "Nobody and nothing here is called Nobody Ever." in answer.text
    assert "My words" in answer.text
    assert re.search(r'name="to" value="all" checked', answer.text)
    several = send(tom, csrf, "/stream/posts", {"about_words": "a", "to": "all", "text": "x"})
    assert several.status_code == 422
    assert "choose below which you mean" in several.text
    assert re.search(r'name="about" value="\w+:\d+">', several.text), "to be ticked"
    for form in (
        {"text": "x"},
        {"to": "all", "text": " "},
        {"to": ["user:99999"], "text": "x"},
        {"to": "nonsense", "text": "x"},
    ):
        assert send(tom, csrf, "/stream/posts", form).status_code == 422, form
    large = [("files", ("big", b"x" * (25 * 1024 * 1024 + 1), "text/plain"))]
    refused = send(tom, csrf, "/stream/posts", {"to": "all", "text": "x"}, large)
    assert "larger than 25 MB" in refused.text
    assert "Attach the files again." in refused.text
    assert len(rows(console, Post)) == before


def test_editing_deleting_and_taking_back(console, csrf) -> None:
    tom, marta = console.browser("tom"), console.browser("marta")
    send(tom, csrf, "/stream/posts", {"to": "all", "text": "First", "key": "one"})
    post = rows(console, Post)[-1]
    page = f"/feed/{post.id}"
    assert send(tom, csrf, f"{page}/edit", {"title": "Second", "text": "Better"}).status_code == 200
    assert "· edited" in marta.get(page).text
    send(marta, csrf, f"{page}/comments", {"text": "Hm, @tom"})
    said = rows(console, Comment)[-1]
    assert send(tom, csrf, f"/comments/{said.id}/edit", {"text": "x"}).status_code == 403
    assert tom.get(f"/comments/{said.id}/edit").status_code == 404
    assert "Hm, @tom" in marta.get(f"/comments/{said.id}/edit").text
    send(marta, csrf, f"/comments/{said.id}/edit", {"text": "Yes"})

    gone = send(tom, csrf, f"{page}/delete", {})
    assert "The message is deleted." in gone.text
    left = marta.get(page).text
    assert ("Second" in left, "Better" in left, "Yes" in left) == (False, False, True)
    send(marta, csrf, f"/comments/{said.id}/delete", {})
    assert marta.get(page).status_code == 404
    assert "The comment is back." in send(marta, csrf, f"/comments/{said.id}/restore", {}).text
    send(tom, csrf, f"{page}/restore", {})
    assert "Better" in marta.get(page).text
    for path in ("/feed/0/edit", "/feed/99999999999999999999/edit", "/comments/77777/edit", "/entries/66666"):
        assert tom.get(path).status_code in (404, 422), path


def test_calls_meetings_and_tasks_are_added_above_the_stream(console, csrf) -> None:
    tom, deal = console.browser("tom"), console.seed.company.deals[0]
    for path in (
        "/entries/new?kind=call",
        "/entries/new?kind=meeting",
        "/tasks/new?about=1",
        "/compose",
        "/stream/new",
    ):
        page = tom.get(path)
        assert re.search(r"<h2\b.*<form\b", page.text, re.DOTALL), path
        assert path.split("?")[0] in tom.get("/stream").text
        assert path.split("?")[0] in tom.get("/deals/1").text
    call = {"kind": "call", "title": "Rang the bank", "about_words": deal.title}
    assert send(tom, csrf, "/entries", call).url.path == "/stream"
    task = {"title": "Write to the bank", "responsible": console.seed.people["tom"], "about_words": deal.title}
    send(tom, csrf, "/tasks", task)
    send(tom, csrf, "/tasks", task | {"title": "My own", "about_words": ""})
    assert send(tom, csrf, "/entries", {"kind": "call", "title": "x"}).status_code == 422
    assert send(tom, csrf, "/entries", {"kind": "call", "title": "x", "about_words": "no such deal"}).status_code == 422

    entries = rows(console, Activity, kind=ActivityKind.CALL)
    assert entries[-1].title == "Rang the bank"
    mine = tom.get("/stream").text
    assert ("Rang the bank" in mine, "Write to the bank" in mine, "My own" in mine) == (True, True, False)
    assert rows(console, Task)[-1].title == "My own"
    assert "Comments" in tom.get(f"/entries/{entries[-1].id}").text
    send(tom, csrf, f"/entries/{entries[-1].id}/comments", {"text": "They call back"})
    assert "They call back" in tom.get(f"/entries/{entries[-1].id}").text


def test_proposals_bear_whatever_is_typed(console) -> None:
    tom = console.browser("tom")
    for words in ("", "%", "x" * 199, "\x00", "🙂", "a,b;c"):
        for field in ("to", "about", "mention"):
            answer = tom.get("/stream/choices", params={"field": field, "words": words}, headers={"hx-request": "true"})
            assert answer.status_code == 200, (field, words)
    assert tom.get("/stream/choices?field=none").status_code == 422


def test_programs_post_and_need_leave_to_send_mail(console) -> None:
    contact = {"type": "contact", "id": 1}
    writer = console.program("tom", Scope.WORK_READ, Scope.WORK_WRITE)
    sender = console.program("tom", Scope.WORK_READ, Scope.WORK_WRITE, Scope.MAIL_SEND)
    marta = console.seed.people["marta"]
    file = {"filename": "a.txt", "content_type": "text/plain", "content": "aGVsbG8="}
    new = {"text": "Hello", "to": [marta], "by_mail": [contact], "in_stream": True, "files": [file]}
    assert writer.post("/api/v1/posts", json=new).status_code == 403
    before = len(rows(console, Outgoing))
    made = [sender.post("/api/v1/posts", json=new, headers={"idempotency-key": "k"}).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert len(rows(console, Outgoing)) == before + 1
    post = sender.get(f"/api/v1/posts/{made[0]}").json()
    assert (post["everyone"], [one["id"] for one in post["readers"]], post["files"][0]["size"]) == (False, [marta], 5)
    assert post["mails"][0]["state"] == "pending"
    assert writer.get(f"/api/v1/posts/{made[0]}").status_code == 200
    assert sender.post("/api/v1/posts", json={**new, "files": [{**file, "content": "?"}]}).status_code == 422
    assert sender.post("/api/v1/posts", json={**new, "to": [10**30]}).status_code == 422

    assert sender.put(f"/api/v1/posts/{made[0]}", json={"text": "Better"}).status_code == 204
    said = sender.post(f"/api/v1/comments/post/{made[0]}", json={"text": "One"}).json()["id"]
    assert sender.put(f"/api/v1/comments/{said}", json={"text": "Two"}).status_code == 204
    assert sender.delete(f"/api/v1/comments/{said}").status_code == 204
    assert sender.put(f"/api/v1/comments/{said}/restored").status_code == 204
    assert sender.get(f"/api/v1/comments/post/{made[0]}").json()["items"][0]["text"] == "Two"
    assert sender.delete(f"/api/v1/posts/{made[0]}").json() == {"mails_left": 0}
    assert sender.get(f"/api/v1/posts/{made[0]}").status_code == 404
    assert sender.post(f"/api/v1/posts/{made[0]}/restore").status_code == 204
    plain = sender.post("/api/v1/posts", json={"text": "To all"}).json()["id"]
    assert sender.get(f"/api/v1/posts/{plain}").json()["everyone"] is True


def test_search_finds_every_kind_of_record_and_follow_stands_on_each(console, csrf) -> None:
    marta, company = console.browser("marta"), console.seed.company
    found = [
        (company.contacts[0].name, "/contacts/"),
        (company.clients[0].name, "/companies/"),
        (company.deals[0].title, "/deals/"),
        (company.leads[0].title, "/leads/"),
        ("Photograph the oxblood", "/tasks/"),
        ("New gasket supplier", "/feed/"),
    ]
    for words, path in found:
        assert re.search(rf'class="row" href="{path}\d+"', marta.get("/search", params={"words": words}).text), words
    for record in ("contacts/1", "companies/1", "deals/1", "leads/1"):
        page = marta.get(f"/{record}").text
        name = re.search(r'name="record" value="(\w+:\d+)"><input type="hidden" name="on" value="true"', page)
        assert name, record
        send(marta, csrf, "/follow", {"record": name[1], "on": "true"})
        assert ">Following<" in marta.get(f"/{record}").text.replace("</svg>", ">")
        send(marta, csrf, "/follow", {"record": name[1], "on": "false"})
        assert ">Follow<" in marta.get(f"/{record}").text.replace("</svg>", ">")


def test_the_streams_filters_are_in_its_address(console) -> None:
    marta = console.browser("marta")
    for query in (
        "kind=messages",
        "kind=activities&whose=all",
        "author=1",
        "whose=mine&kind=call&author=&from=&to=",
        "from=2026-01-01&to=2030-01-01",
        "since=week",
    ):
        page = marta.get(f"/stream?{query}")
        assert page.status_code == 200
        fresh = re.search(r'data-fresh="(/stream/fresh\?[^"]*)"', page.text)[1].replace("&amp;", "&")
        asked = marta.get(fresh, headers={"hx-request": "true"}).text
        assert re.findall(r'id="entry-(\d+)"', asked) == re.findall(r'id="entry-(\d+)"', page.text)[:20], query
    nothing = marta.get("/stream?whose=all&to=2001-01-01").text
    assert "Quiet here" in nothing
    wrong = marta.get("/stream?from=soon")
    assert (wrong.status_code, "“soon” is not a date: write it as 31/12/2026." in wrong.text) == (200, True)
    for query in ("from=9999-12-31&to=9999-12-31", "from=0001-01-01", "author=x", "kind=nonsense", "after=nonsense"):
        assert marta.get(f"/stream?{query}").status_code in (200, 422), query
