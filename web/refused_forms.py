"""A form that was refused comes back as it was sent: everything typed is there, with the sentence that says why.

One way for all forms, so that no page can forget it. Where there is script, nothing is swapped: the sentence is put into the
form that stands there (`console.js`). Without script the page that the form was on is asked for once more, inside, and what
was sent is filled into it. A route that shows more than its page does by itself (who was found for a chooser) asks `typed_again`.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData
from starlette.types import Message

FORM_AT = "form_at"
"""The field with the address of a form's page, on pages that are answers to a form themselves."""
REFUSED = "x-refused"
"""The header of an answer that only says why: the form stands where it was."""
STATUSES = (404, 409, 422, 503)
"""Not 403: what came without the token of a page of ours is not filled into one."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NEVER_FILLED = {"hidden", "password", "file", "submit", "button", "image", "reset"}
_TO_THE_FORM_ONLY = {b"content-length", b"content-type", b"accept-encoding", b"transfer-encoding"}
_LONGEST_KEPT = 4000


def is_form(request: Request) -> bool:
    """Whether a request was sent by a form of a page."""
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method == "POST" and sent_as in FORMS and not request.url.path.startswith("/api/")


def typed_again(request: Request) -> Mapping[str, str]:
    """What was typed into the form that this page is asked for once more; else nothing."""
    typed: Mapping[str, str] = getattr(request.state, "typed_again", {})
    return typed


def address_of_form(request: Request) -> str:
    """Where the page of the form stands that this request, no GET, was sent by; empty where nobody knows."""
    return getattr(request.state, "form_at", "") or _referring(request)


def note_address(request: Request, form: FormData) -> None:
    """Remember where the form says that it stands."""
    request.state.form_at = _local(str(form.get(FORM_AT, "")))


async def form_again(request: Request, status: int, sentence: str, names: list[str]) -> HTMLResponse | None:
    """The page with the form, filled in; None where it can not be shown. `names` are the fields that are wrong."""
    form = await request.form()
    at = address_of_form(request)
    if not at:
        return None
    page = await _page(request, at, {name: str(form[name])[:_LONGEST_KEPT] for name in form})
    if page is None:
        return None
    soup = BeautifulSoup(page, "html.parser")
    for one in soup.find_all(attrs={"autofocus": True}):
        del one["autofocus"]
    found = _form_in(soup, request.url.path, form)
    if found is None:
        main = soup.find("main")
        _say(soup, main if isinstance(main, Tag) else soup.body, sentence)
    else:
        _fill(soup, found, form)
        _ask_where(soup, found, at)
        wrong = _first(soup, found, names)
        _say(soup, found, sentence, focused=wrong is None)
        if wrong is not None:
            wrong["autofocus"] = wrong["aria-invalid"] = "true"
    return HTMLResponse(soup.decode(formatter="minimal"), status)


def _referring(request: Request) -> str:
    given = urlsplit(request.headers.get("referer", ""))
    if given.netloc != request.headers.get("host", ""):
        return ""
    return _local(given.path + (f"?{given.query}" if given.query else ""))


def _local(address: str) -> str:
    """The address, where it is a page of ours."""
    ours = address.startswith("/") and not address.startswith(("//", "/api/", "/\\"))
    return address if ours and address.isascii() and address.isprintable() else ""


async def _page(request: Request, at: str, typed: Mapping[str, str]) -> str | None:
    """What the application answers when that page is asked for by the same person; None unless it is a page."""
    address = urlsplit(at)
    headers = [(name, value) for name, value in request.scope["headers"] if name not in _TO_THE_FORM_ONLY]
    kept = ("type", "asgi", "http_version", "scheme", "client", "server", "root_path")
    scope: dict[str, Any] = {name: request.scope[name] for name in kept if name in request.scope}
    scope |= {"method": "GET", "path": address.path, "raw_path": address.path.encode(), "headers": headers}
    scope |= {"query_string": address.query.encode(), "state": {"typed_again": typed}}
    start: dict[str, Any] = {}
    body = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await request.app(scope, receive, send)
    is_page = any(name.lower() == b"content-type" and b"text/html" in value for name, value in start["headers"])
    return body.decode() if start["status"] == 200 and is_page else None


def _form_in(soup: BeautifulSoup, path: str, form: FormData) -> Tag | None:
    """The form that was sent: of those that go to that address, the one that shares most with what came."""
    there = [one for one in soup.find_all("form") if urlsplit(str(one.get("action", ""))).path == path]
    return max(there, key=lambda one: _likeness(soup, one, form), default=None)


def _likeness(soup: BeautifulSoup, found: Tag, form: FormData) -> int:
    score = 0
    for one in _controls(soup, found):
        given = form.getlist(str(one["name"]))
        score += 1 if given else 0
        score += 2 if one.get("type") == "hidden" and one.get("value") in given else 0
    return score


def _controls(soup: BeautifulSoup, found: Tag) -> Iterator[Tag]:
    """Its named fields, also those that stand elsewhere on the page."""
    named = found.get("id")
    for one in soup.find_all(("input", "textarea", "select"), attrs={"name": True}):
        owner = one.get("form")
        if (owner == named and owner is not None) or (owner is None and found in one.parents):
            yield one


def _fill(soup: BeautifulSoup, found: Tag, form: FormData) -> None:
    nth: dict[str, int] = {}
    for one in _controls(soup, found):
        name, kind = str(one["name"]), str(one.get("type", "text"))
        given = [value for value in form.getlist(name) if isinstance(value, str)]
        if one.name == "input" and kind in NEVER_FILLED:
            continue
        if one.name == "input" and kind in ("checkbox", "radio"):
            _mark(one, "checked", str(one.get("value", "on")) in given)
            continue
        place = nth.get(name, 0)
        nth[name] = place + 1
        if one.name == "select" and one.has_attr("multiple"):
            _choose(one, given)
        elif place < len(given):
            _put(one, given[place])


def _put(one: Tag, value: str) -> None:
    if one.name == "select":
        _choose(one, [value])
    elif one.name == "textarea":
        one.string = f"\n{value}"  # Browsers leave out the first line break.
    else:
        one["value"] = value


def _choose(one: Tag, given: list[str]) -> None:
    options = one.find_all("option")
    values = [str(each.get("value", each.get_text())) for each in options]
    if one.has_attr("multiple") or set(values) & set(given):
        for option, value in zip(options, values, strict=True):
            _mark(option, "selected", value in given)


def _mark(one: Tag, attribute: str, on: bool) -> None:
    if on:
        one[attribute] = ""
    elif one.has_attr(attribute):
        del one[attribute]


def _first(soup: BeautifulSoup, found: Tag, names: list[str]) -> Tag | None:
    """The first field that was wrong, where the form shows it."""
    shown = (one for one in _controls(soup, found) if one.get("type") not in NEVER_FILLED)
    return next((one for one in shown if one["name"] in names), None)


def _say(soup: BeautifulSoup, place: Tag | None, sentence: str, *, focused: bool = True) -> None:
    note = soup.new_tag("p", attrs={"class": "notice notice-bad refused", "role": "alert", "tabindex": "-1"})
    note.string = sentence
    if focused:
        note["autofocus"] = ""
    if place is not None:
        place.insert(0, note)


def _ask_where(soup: BeautifulSoup, found: Tag, at: str) -> None:
    """Sent once more, the form comes from this address again, although the page stands at its own."""
    for old in found.find_all("input", attrs={"name": FORM_AT}):
        old.decompose()
    found.append(soup.new_tag("input", attrs={"type": "hidden", "name": FORM_AT, "value": at}))
