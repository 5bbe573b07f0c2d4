"""Signing in to a mailbox at its provider: what will happen, the way there, and the way back.

The way there begins with a form of ours, so that no other site can send people off; it is answered with a page that
moves on by itself, because our policy lets no form lead to another site. The provider sends the browser back to
`/settings/mailboxes/oauth/callback/<provider>`.
"""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from core.addresses import address_key
from core.config import PREFIX
from core.errors import Conflict, Forbidden, Permanent, Transient, UsageError
from crm.access.signing_in import hash_token
from crm.conversations.repository.mailboxes import mailboxes
from mailsync.oauth.connecting import connect_signed_in
from mailsync.oauth.flow import Callback, SignInDeclined, Wishes, begin, take_back
from mailsync.oauth.providers import NAMES, is_set_up, redirect_uri
from storage.models import OAuthProvider, ShareLevel
from web.console.mailbox_depth import depth_since
from web.rendering import render
from web.routers import page_router
from web.signed_in import SESSION_COOKIE, Me, SignedIn, services_of, zone_of

router = page_router()
ROOT = "/settings/mailboxes/oauth"


class SignInForm(BaseModel):
    """What is chosen before a sign-in, as it is typed."""

    provider: OAuthProvider
    email: str = ""
    name: str = ""
    depth: str = "year"
    day: str = ""
    level: ShareLevel = ShareLevel.PRIVATE
    shared: bool = False


@router.get(f"{ROOT}/start")
def explain(request: Request, me: Me, provider: OAuthProvider, email: str = "") -> Response:
    """What signing in means, and the button; where it is not set up, what an administrator has to do."""
    me.viewer.require_connecting()
    return _start_page(request, me, SignInForm(provider=provider, email=email, name=me.name))


@router.post(f"{ROOT}/start")
def send_off(request: Request, me: Me, form: Annotated[SignInForm, Form()]) -> Response:
    """Remember the sign-in, and move on to the provider."""
    me.viewer.require_connecting(shared=form.shared)
    try:
        since = depth_since(form.depth, form.day, me)
    except UsageError as failure:
        return _start_page(request, me, form, str(failure))
    wishes = Wishes(
        form.email.strip(),
        form.name.strip(),
        since.isoformat() if since else None,
        form.shared,
        None if form.shared else me.id,
        form.level,
    )
    services = services_of(request)
    url = begin(
        services.store,
        services.settings,
        me.viewer,
        form.provider,
        wishes,
        redirect_uri=redirect_uri(services.settings, form.provider),
        session_hash=_session_hash(request),
    )
    response = render(request, me, "settings/oauth_leaving.html", name=NAMES[form.provider], url=url)
    response.headers["refresh"] = f"0; url={url}"
    return response


@router.get(f"{ROOT}/callback/{{provider}}")
def come_back(
    request: Request, me: Me, provider: OAuthProvider, state: str = "", code: str = "", error: str = ""
) -> Response:
    """The browser is back: connect the mailbox, or say what went wrong and offer another try."""
    me.viewer.require_connecting()
    services = services_of(request)
    try:
        returned = take_back(
            services.store,
            services.settings,
            provider,
            Callback(state, code, error),
            session_hash=_session_hash(request),
        )
    except SignInDeclined as failure:
        return _start_page(request, me, _form_again(me, provider, failure.wishes), str(failure))
    except UsageError as failure:
        return _start_page(request, me, SignInForm(provider=provider, name=me.name), str(failure))
    try:
        connected = connect_signed_in(services.store, services.settings, me.viewer, returned)
    except (UsageError, Conflict, Forbidden, Transient, Permanent) as failure:
        return _start_page(request, me, _form_again(me, provider, returned.wishes), str(failure))
    if connected.sending_problem:
        return render(request, me, "settings/oauth_reading_only.html", problem=connected.sending_problem)
    return RedirectResponse(
        f"/settings/mailboxes/{connected.mailbox_id}/connected" if connected.is_new else "/settings", 303
    )


def _form_again(me: SignedIn, provider: OAuthProvider, wishes: Wishes) -> SignInForm:
    """The form as it was filled in; a span, such as a year, has become the day on which it begins."""
    return SignInForm(
        provider=provider,
        email=wishes.email,
        name=wishes.name,
        depth="day" if wishes.depth else "all",
        day=_day_of(wishes.depth, zone_of(me)),
        level=wishes.share_level or ShareLevel.PRIVATE,
        shared=wishes.shared,
    )


def _day_of(since: datetime | None, zone: ZoneInfo) -> str:
    return since.astimezone(zone).date().isoformat() if since else ""


def _start_page(request: Request, me: SignedIn, form: SignInForm, failure: str = "") -> Response:
    services = services_of(request)
    settings = services.settings
    with services.store.database.reading() as session:
        known = {address_key(box.email) for box in mailboxes(session, me.viewer)}
    return render(
        request,
        me,
        "settings/oauth_start.html",
        status=422 if failure else 200,
        form=form,
        provider=form.provider,
        name=NAMES[form.provider],
        again=address_key(form.email) in known,
        failure=failure,
        set_up=is_set_up(settings, form.provider),
        redirect_uri=redirect_uri(settings, form.provider),
        prefix=f"{PREFIX}OAUTH_{form.provider.upper()}",
    )


def _session_hash(request: Request) -> str:
    return hash_token(request.cookies.get(SESSION_COOKIE, ""))
