"""Who sits at the browser: the session cookie, and the token that proves a form was ours (CSRF)."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response

from core.errors import Forbidden
from crm.access import repository as people
from crm.access.signing_in import viewer_of_session
from crm.access.viewer import Viewer
from crm.office.calendar import USUAL as USUAL_CALENDAR
from crm.office.calendar import Calendar
from crm.office.formats import USUAL, Formats, formats_of
from crm.office.settings import USUAL_CURRENCY, read_office
from web.refused_forms import note_address
from web.services import Services

SESSION_COOKIE = "mailsync_session"
VISIT_COOKIE = "mailsync_visit"
"""A random value for who has not signed in yet, so that the sign-in form has a token too."""
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PURPOSE = "web.csrf"
OPEN_TO_ALL = "/settings/account"
NO_RIGHTS = "You have no rights here yet: ask an administrator to give you a role."


class NotSignedIn(Exception):
    """Nobody is signed in; answered with the way to the sign-in page."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person at the browser."""

    id: int
    name: str
    email: str
    time_zone: str | None
    """Their own, else the company's."""
    marks_read: bool
    """Whether opening a conversation marks it read."""
    viewer: Viewer
    formats: Formats = USUAL
    """Their own, else the company's."""
    currency: str = USUAL_CURRENCY
    """The company's, of what is new."""
    calendar: Calendar = USUAL_CALENDAR
    """The company's working time."""


def services_of(request: Request) -> Services:
    """What `create_app` was given."""
    services: Services = request.app.state.services
    return services


def signed_in(request: Request) -> SignedIn:
    """The person of the session cookie. Raises `NotSignedIn`, and `Forbidden` for who has no rights, but for their account."""
    token = request.cookies.get(SESSION_COOKIE, "")
    with services_of(request).store.database.reading() as session:
        viewer = viewer_of_session(session, token) if token else None
        row = people.person(session, viewer, viewer.user_id) if viewer and viewer.user_id else None
        company = read_office(session) if row else None
    if viewer is None or row is None or company is None:
        raise NotSignedIn
    if viewer.rights.is_nothing and not request.url.path.startswith(OPEN_TO_ALL):
        raise Forbidden(NO_RIGHTS)
    return SignedIn(
        row.id,
        row.name,
        row.email,
        row.time_zone or company.time_zone,
        row.marks_read,
        viewer,
        formats_of(row.formats, company.formats),
        company.currency,
        company.calendar,
    )


def zone_of(me: SignedIn) -> ZoneInfo:
    """The time zone in which the person's days begin."""
    return ZoneInfo(me.time_zone or "UTC")


def csrf_token(request: Request) -> str:
    """The token that forms of this browser must carry; changes with the session."""
    key = services_of(request).store.keys.signing_key(PURPOSE)
    return hmac.digest(key, _secret_of(request).encode(errors="replace"), "sha256").hex()


async def check_csrf(request: Request) -> None:
    """Raises `Forbidden` for a changing request that did not come from a page of ours."""
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        form = await request.form()
        note_address(request, form)
        given = str(form.get(CSRF_FIELD, ""))
    if not _secret_of(request) or not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise Forbidden("This page is too old to send from: load it again, then repeat what you did.")


def begin_visit(request: Request, response: Response) -> None:
    """Give a browser without cookies the secret that its sign-in form needs; call before rendering that form."""
    if not _secret_of(request):
        request.state.visit = secrets.token_urlsafe(24)
        set_cookie(request, response, VISIT_COOKIE, request.state.visit)


def set_cookie(request: Request, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie that scripts can not read and other sites do not send; only over https where we are reached so."""
    https = services_of(request).settings.public_url.startswith("https:")
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="lax", secure=https, path="/")


def _secret_of(request: Request) -> str:
    visit = getattr(request.state, "visit", "")
    return request.cookies.get(SESSION_COOKIE) or visit or request.cookies.get(VISIT_COOKIE, "")


Me = Annotated[SignedIn, Depends(signed_in)]
"""The signed-in person, as an argument of a route."""
