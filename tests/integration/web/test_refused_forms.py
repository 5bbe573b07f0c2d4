"""A form that is refused comes back with everything that was typed, whichever it is."""

from collections.abc import Callable

import httpx
from bs4 import BeautifulSoup

from integration.web.forms_on_pages import GARBAGE, FormFound, forms_of, values_in
from seeds.console import Console

FIRST = ["/", "/deals/new", "/contacts/new", "/companies/new", "/tasks/new", "/stream/new", "/entries/new", "/settings"]
FEWEST = 45


def test_every_form_keeps_what_was_typed(console: Console) -> None:
    ines = console.browser("ines")
    refused, lost = set[str](), list[str]()
    for form in list(forms_of(ines, FIRST)):
        for text in (GARBAGE, " "):
            answer = ines.post(form.action, data=_data(form, text), headers={"referer": console.url + form.page})
            if answer.status_code >= 400:
                refused.add(form.shape)
                lost += _lost(answer, form, text)
            elif f'action="{form.action}"' not in ines.get(form.page).text:
                break  # It is done: a draft is sent, a lead is converted.
    assert not lost, "\n".join(lost)
    assert len(refused) >= FEWEST, sorted(refused)


def test_the_form_stands_where_it_was(console: Console, csrf: Callable[[httpx.Client, str], str]) -> None:
    ines = console.browser("ines")
    token = csrf(ines, "/deals/new")
    wrong = {"csrf": token, "title": "A <fleet> & more", "amount": "12 zł 5", "contact_id": "1"}

    # Without script: the page with the form, the sentence in it and the focus there, and no second focus.
    first = ines.post("/deals", data=wrong, headers={"referer": f"{console.url}/deals/new?contact=1"})
    soup = BeautifulSoup(first.text, "html.parser")
    assert first.status_code == 422
    assert [one.get("role") for one in soup.find_all(autofocus=True)] == ["alert"]
    assert values_in(soup, "/deals", "form_at") == ["/deals/new?contact=1"]
    assert "<fleet>" not in first.text

    # Refused once more: its page is known although the browser shows another address.
    again = ines.post(
        "/deals", data={**wrong, "form_at": "/deals/new?contact=1"}, headers={"referer": f"{console.url}/deals"}
    )
    assert values_in(BeautifulSoup(again.text, "html.parser"), "/deals", "title") == ["A <fleet> & more"]

    # With script: only the sentence, for the form that stands there.
    swapped = ines.post("/deals", data=wrong, headers={"hx-request": "true", "hx-boosted": "true"})
    assert (swapped.status_code, swapped.headers["x-refused"], swapped.headers["hx-push-url"]) == (422, "true", "false")
    assert "<html" not in swapped.text

    # Not another site's page, none of the API's, none that is not there, nor what another site sent: the words alone.
    for at in ("//evil.example/", "https://evil.example/", "/api/v1/deals", "/nothing", "/deals\\..", ""):
        bare = ines.post("/deals", data={**wrong, "form_at": at})
        assert bare.status_code == 422
        assert "A &lt;fleet" not in bare.text

    # What has to be filled in and was left empty is asked for, by the same sentence with script and without.
    for headers in ({"referer": f"{console.url}/tasks/new"}, {"hx-request": "true", "hx-boosted": "true"}):
        assert (
            "Fill in: title."
            in ines.post("/tasks", data={"csrf": token, "title": "", "responsible": "1"}, headers=headers).text
        )
    forged = ines.post("/deals", data={**wrong, "csrf": "x"}, headers={"referer": f"{console.url}/deals/new"})
    assert forged.status_code == 403
    assert "A &lt;fleet" not in forged.text

    # What is not there is said inside the console; without a session on a page that needs none.
    assert 'aria-label="Sections"' in ines.get("/deals/99999").text
    assert 'aria-label="Sections"' not in console.browser().get("/nothing").text


def _lost(answer: httpx.Response, form: FormFound, text: str) -> list[str]:
    soup = BeautifulSoup(answer.text, "html.parser")
    shown = soup.get_text()
    said = [] if soup.find(role="alert") else [f"{form.action} says nothing ({answer.status_code})"]
    kept = {name: [value.strip() for value in values_in(soup, form.action, name)] for name in form.typed}
    gone = [name for name in form.typed if text.strip() not in kept[name] and text not in shown]
    return said + [f"{form.page}: {form.action} loses {name} ({answer.status_code})" for name in gone]


def _data(form: FormFound, text: str) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in form.sent(text):
        data.setdefault(name, []).append(value)
    return data
