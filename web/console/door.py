"""In and out: the sign-in page, signing out."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from crm.access import signing_in
from crm.access.signing_in import SignInRefused, TooManyFailures
from web.rendering import render_plain
from web.routers import page_router
from web.signed_in import SESSION_COOKIE, VISIT_COOKIE, begin_visit, services_of, set_cookie

router = page_router()


@router.get("/login")
def sign_in_page(request: Request, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Ask for address and password."""
    return _form(request, wanted=wanted)


@router.post("/login")
def sign_in(
    request: Request,
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session and go where the person wanted to."""
    services = services_of(request)
    try:
        session = signing_in.sign_in(
            services.store,
            services.sign_in_failures,
            email=email,
            password=password,
            ip=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
        )
    except (SignInRefused, TooManyFailures) as error:
        status = 429 if isinstance(error, TooManyFailures) else 403
        return _form(request, wanted=wanted, email=email, failure=str(error), status=status)
    response = RedirectResponse(_own_path(wanted), status_code=303)
    lasts = int((session.expires_at - utcnow()).total_seconds())
    set_cookie(request, response, SESSION_COOKIE, session.token, max_age=lasts)
    response.delete_cookie(VISIT_COOKIE, path="/")
    return response


@router.post("/logout")
def sign_out(request: Request) -> Response:
    """End this browser's session."""
    signing_in.sign_out(services_of(request).store, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _form(request: Request, *, wanted: str, email: str = "", failure: str = "", status: int = 200) -> Response:
    visit = Response()
    begin_visit(request, visit)
    page = render_plain(request, "login.html", status=status, next=_own_path(wanted), email=email, failure=failure)
    if "set-cookie" in visit.headers:
        page.headers["set-cookie"] = visit.headers["set-cookie"]
    return page


def _own_path(target: str) -> str:
    """A path of this console, whatever was asked for: a sign-in page must not send people to another site."""
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not any(c in target for c in "\r\n\t\\")
    return target if safe else "/"
