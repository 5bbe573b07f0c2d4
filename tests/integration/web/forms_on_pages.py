"""All forms of the console as somebody finds them who follows every link, and what garbage typed into one looks like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag

NUMBER = re.compile(r"\d+")
NOT_PAGES = re.compile(
    r"/(api|static|live|logout|metrics|healthz|readyz|raw|parts|body|reply|forward|designed|history|oauth|fresh)\b"
    r"|/mail/(?!threads)|\.(csv|xlsx|vcf)\b"
)
GARBAGE = 'No <b>"such"</b> & zł ² 12.0.0'
TYPED = ("text", "search", "email", "tel", "url", "number", "date", "time", "datetime-local", "color")


@dataclass
class FormFound:
    """A form of a page: where it stands, where it goes, and what it holds as it is."""

    page: str
    action: str
    hidden: list[tuple[str, str]] = field(default_factory=list)
    chosen: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """Forms of one shape are one form, of other records."""
        return NUMBER.sub("N", urlsplit(self.action).path) + " " + ",".join(sorted(set(self.typed)))

    def sent(self, text: str) -> list[tuple[str, str]]:
        """What a browser sends when that is typed into every field."""
        return [*self.hidden, *self.chosen, *((name, text) for name in self.typed)]


def forms_of(browser: httpx.Client, first: list[str]) -> Iterator[FormFound]:
    """Each form into which something can be typed, once, of every kind of page that links lead to."""
    waiting, seen, known = list(first), set[str](), set[str]()
    while waiting:
        page = waiting.pop(0)
        if _shape(page) in seen:
            continue
        seen.add(_shape(page))
        answer = browser.get(page)
        if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        waiting += [link for link in _links(soup) if _shape(link) not in seen]
        for found in forms_in(soup, page):
            if found.typed and found.shape not in known:
                known.add(found.shape)
                yield found


def forms_in(soup: BeautifulSoup, page: str) -> list[FormFound]:
    """The forms of a page that change something."""
    return [_form(soup, one, page) for one in soup.find_all("form", method="post")]


def values_in(soup: BeautifulSoup, action: str, name: str) -> list[str]:
    """What stands in the fields of that name, in forms that go there."""
    forms = [one for one in soup.find_all("form", method="post") if one.get("action") == action]
    fields = [each for one in forms for each in _fields(soup, one) if each["name"] == name]
    return [
        each.get_text().removeprefix("\n") if each.name == "textarea" else str(each.get("value", "")) for each in fields
    ]


def _form(soup: BeautifulSoup, one: Tag, page: str) -> FormFound:
    found = FormFound(page, str(one.get("action", "")))
    for each in _fields(soup, one):
        name, kind, value = str(each["name"]), str(each.get("type", "text")), str(each.get("value", ""))
        if each.name == "select":
            options = each.find_all("option")
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            found.chosen += [(name, str(option.get("value", option.get_text()))) for option in chosen]
        elif each.name == "textarea" or kind in TYPED:
            found.typed.append(name)
        elif kind == "hidden":
            found.hidden.append((name, value))
        elif kind in ("radio", "checkbox") and each.has_attr("checked"):
            found.chosen.append((name, value or "on"))
    return found


def _fields(soup: BeautifulSoup, one: Tag) -> list[Tag]:
    own = [each for each in one.find_all(("input", "textarea", "select"), attrs={"name": True}) if not each.get("form")]
    return own + (soup.find_all(attrs={"form": one["id"], "name": True}) if one.get("id") else [])


def _links(soup: BeautifulSoup) -> list[str]:
    links = [str(one.get("hx-get") or one["href"]) for one in soup.find_all("a", href=True)]
    return [link for link in links if link.startswith("/") and not link.startswith("//") and not NOT_PAGES.search(link)]


def _shape(link: str) -> str:
    parts = urlsplit(link)
    kept = [f"{name}={value}" for name, value in parse_qsl(parts.query) if name in ("shape", "kind", "folder")]
    return NUMBER.sub("N", parts.path) + "?" + "&".join(sorted(kept))
