"""Templates, and what every page shows around its own content: the person, the counters, the colours.

`render` gives the whole page; for a request of htmx that names a part of it, only that part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.conversations.repository.counters import section_counters
from crm.conversations.views.counters import MOST_COUNTED, Counters
from crm.office.formats import USUAL, Formats
from crm.records.modes import read_mode
from crm.records.repository.merges import merged_by
from web import words
from web.notices import PARAMETER, Notice, notice_of
from web.plain_text import below_title, linked_text, posted_text, titled_text
from web.refused_forms import FORM_AT, address_of_form
from web.rights_words import role_in_words
from web.shown_files import plays_in_place, shown_in_place
from web.signed_in import SignedIn, csrf_token, services_of, zone_of
from web.static_files import static_url

THEME_COOKIE = "mailsync_theme"
THEMES = ("light", "dark")
BETWEEN = Markup("<!-- between -->")


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and the time zone and formats of the reader."""

    now: datetime
    zone: ZoneInfo
    formats: Formats = USUAL


def render(
    request: Request, me: SignedIn, template: str, *, part: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page for a signed-in person; `part` (a template file) alone when htmx asks for that part."""
    everything = {**_around(request), "notice": _notice(request, me), "me": me, "clock": _clock(me), **context}
    if part is not None and wants_part(request):
        return HTMLResponse(_environment.get_template(part).render(everything), status, {"vary": "HX-Request"})
    counters = _counters(request, me.viewer)
    page = _environment.get_template(template).render({**everything, **counters})
    return HTMLResponse(page, status, {"vary": "HX-Request"})


def render_split(request: Request, me: SignedIn, template: str, **context: Any) -> tuple[str, str]:
    """A page in two halves, for what is written between them bit by bit: the template says where by `{{ between }}`."""
    page = render(request, me, template, between=BETWEEN, **context)
    before, _, behind = bytes(page.body).decode().partition(BETWEEN)
    return before, behind


def render_piece(request: Request, me: SignedIn, template: str, **context: Any) -> str:
    """A template that is no page: a bit of one that is written as it comes."""
    everything = {**_around(request), "me": me, "clock": _clock(me), **context}
    return _environment.get_template(template).render(everything)


def render_overlay(request: Request, me: SignedIn, part: str, **context: Any) -> HTMLResponse:
    """A form: inside the overlay of the present page for htmx, on a page of its own otherwise."""
    return render(request, me, "overlay_page.html", part=part, overlay=part, **context)


def render_plain(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page for anybody: signing in, errors."""
    everything = {**_around(request), "me": None, "clock": Clock(utcnow(), ZoneInfo("UTC")), **context}
    return HTMLResponse(_environment.get_template(template).render(everything), status)


def wants_part(request: Request) -> bool:
    """Whether htmx asks for a piece of a page, rather than for a page to go to."""
    headers = request.headers
    whole = "hx-boosted" in headers or "hx-history-restore-request" in headers
    return "hx-request" in headers and not whole


def _around(request: Request) -> dict[str, Any]:
    theme = request.cookies.get(THEME_COOKIE, "")
    return {
        "request": request,
        "path": request.url.path,
        "theme": theme if theme in THEMES else "",
        "csrf": csrf_token(request),
        "form_at": "" if request.method == "GET" else address_of_form(request),
        "sent": sent if (sent := request.query_params.get("sent", "")).isdigit() else "",
        "acted": _acted(request),
    }


def _notice(request: Request, me: SignedIn) -> Notice | None:
    """What the address says was just done; the button to take a merge back only for whoever has merged."""
    notice = notice_of(request.query_params.get(PARAMETER, ""))
    if notice is None or notice.merge_id is None:
        return notice
    with services_of(request).store.database.reading() as session:
        return notice if merged_by(session, me.viewer, notice.merge_id) else None


def _acted(request: Request) -> tuple[str, str, str] | None:
    """What was just done to mail: the act (for undo, or empty), in words, and the address to come back to."""
    did = words.DID.get(request.query_params.get("did", ""))
    act = request.query_params.get("act", "")
    kept = {name: value for name, value in request.query_params.items() if name not in ("act", "did")}
    return (act if act.isalnum() else "", did, f"{request.url.path}?{urlencode(kept)}") if did else None


def _clock(me: SignedIn) -> Clock:
    return Clock(utcnow(), zone_of(me), me.formats)


def _counters(request: Request, viewer: Viewer) -> dict[str, Counters | bool]:
    with services_of(request).store.database.reading() as session:
        return {
            "counters": section_counters(session, viewer, utcnow()),
            "classic": read_mode(session).is_classic,
        }


@pass_context
def _short(context: Context, at: datetime) -> Markup:
    clock: Clock = context["clock"]
    short, long = _short_and_long(at, clock)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(words.utc(at), long, short)


@pass_context
def _long(context: Context, at: datetime) -> Markup:
    clock: Clock = context["clock"]
    return Markup('<time datetime="{}">{}</time>').format(words.utc(at), words.long_time(at, clock.zone, clock.formats))


@pass_context
def _ago(context: Context, at: datetime) -> str:
    clock: Clock = context["clock"]
    return words.span(clock.now - at)


@pass_context
def _due(context: Context, deadline: datetime) -> tuple[str, str]:
    clock: Clock = context["clock"]
    return words.due_in_words(deadline, clock.now, clock.zone, clock.formats)


@pass_context
def _appointment(context: Context, at: datetime) -> tuple[str, str]:
    clock: Clock = context["clock"]
    return words.appointment_in_words(at, clock.now, clock.zone, clock.formats)


def _short_and_long(at: datetime, clock: Clock) -> tuple[str, str]:
    short = words.short_time(at, clock.now, clock.zone, clock.formats)
    return short, words.long_time(at, clock.zone, clock.formats)


@pass_context
def _day(context: Context, day: date) -> Markup:
    clock: Clock = context["clock"]
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), words.day_in_words(day, clock.formats))


@pass_context
def _on_day(context: Context, at: datetime) -> Markup:
    """The day of a moment, for what lasts: since when somebody is known says nothing by its minute alone."""
    clock: Clock = context["clock"]
    day = words.day_in_words(at.astimezone(clock.zone).date(), clock.formats)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), _short_and_long(at, clock)[1], day)


@pass_context
def _typed_day(context: Context, text: str | date) -> str:
    """A day as an input shows it; what is no day stays as it was typed."""
    clock: Clock = context["clock"]
    try:
        return clock.formats.day(text if isinstance(text, date) else date.fromisoformat(text))
    except ValueError:
        return str(text)


@pass_context
def _birthday(context: Context, text: str) -> str:
    """The same of a birthday, whose year may be unknown."""
    clock: Clock = context["clock"]
    try:
        return clock.formats.birthday(text)
    except ValueError:
        return text


def _for_reader(said: Callable[..., str]) -> Callable[..., str]:
    """The same in the reader's formats."""

    @pass_context
    def for_reader(context: Context, *values: Any) -> str:
        clock: Clock = context["clock"]
        return said(*values, formats=clock.formats)

    return for_reader


@pass_context
def _with_query(context: Context, path: str | None = None, **changes: Any) -> str:
    """The present address, or another `path` with the same query, with some query parameters changed; None takes one out."""
    request: Request = context["request"]
    path = path or request.url.path
    query = {**request.query_params, PARAMETER: None, **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def _build_environment() -> Environment:
    folder = Path(str(resources.files("web"))) / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        short=_short,
        long=_long,
        ago=_ago,
        due=_due,
        appointment=_appointment,
        day=_day,
        on_day=_on_day,
        typed_day=_typed_day,
        birthday=_birthday,
        address_lines=words.address_lines,
        size=_for_reader(words.file_size),
        initials=words.initials,
        hue=words.hue,
        number=_for_reader(words.number),
        plain_number=_for_reader(words.plain_number),
        typed_number=_for_reader(words.typed_number),
        took=words.seconds_span,
        first_email=words.first_email,
        linked=linked_text,
        posted=posted_text,
        below_title=below_title,
        shown_in_place=shown_in_place,
        plays_in_place=plays_in_place,
        titled=titled_text,
    )
    environment.globals.update(
        static=static_url,
        with_query=_with_query,
        plural=_for_reader(words.plural),
        counted=words.counted,
        form_at_field=FORM_AT,
        most_counted=MOST_COUNTED,
        percent=_for_reader(words.percent),
        money=_for_reader(words.money),
        typed_money=_for_reader(words.typed_money),
        words=words,
        role_in_words=role_in_words,
    )
    return environment


_environment = _build_environment()
