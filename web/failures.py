"""Errors as people and programs get them: which status, which words, and a page or a problem document (RFC 9457)."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from core.errors import Conflict, Forbidden, MailsyncError, NotFound, Transient, UsageError
from core.logging import get_logger
from crm.records.already_known import AlreadyKnown
from web.api.callers import NoToken
from web.gone import answer_gone
from web.refused_forms import REFUSED, STATUSES, form_again, is_form
from web.rendering import render, render_plain, wants_part
from web.signed_in import NotSignedIn, signed_in

log = get_logger(__name__)
STATUS: tuple[tuple[type[MailsyncError], int, str], ...] = (
    (NoToken, 401, "Who are you?"),
    (UsageError, 422, "That does not work yet"),
    (NotFound, 404, "Not here"),
    (Forbidden, 403, "Not for you"),
    (Conflict, 409, "Not possible now"),
    (Transient, 503, "Not at this moment"),
    (MailsyncError, 500, "That did not work"),
)
TOO_MANY = 429


def install_error_pages(app: FastAPI) -> None:
    """Answer every error of ours in words, and every other one without its inside."""
    app.add_exception_handler(MailsyncError, _ours)
    app.add_exception_handler(NotSignedIn, _sign_in_first)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: Exception) -> int:
    """The status with which an error of ours is answered."""
    return _status_and_title(error)[0]


def _status_and_title(error: Exception) -> tuple[int, str]:
    return next((status, title) for kind, status, title in STATUS if isinstance(error, kind))


def problem(status: int, title: str, detail: str, **more: object) -> JSONResponse:
    """A problem document."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(content, status, media_type="application/problem+json")


async def _answer(request: Request, status: int, title: str, detail: str, names: list[str] | None = None) -> Response:
    """The words, where the reader is: in the form that was refused, above the page, or on one of their own."""
    if request.url.path.startswith("/api/"):
        return problem(status, title, detail)
    if wants_part(request) or (is_form(request) and "hx-request" in request.headers):
        return _in_words_only(request, status, title, detail)
    if (
        is_form(request)
        and status in STATUSES
        and (again := await form_again(request, status, detail, names or [])) is not None
    ):
        return again
    return await run_in_threadpool(_page, request, status, title, detail)


def _in_words_only(request: Request, status: int, title: str, detail: str) -> Response:
    response = render_plain(request, "error_part.html", status=status, title=title, detail=detail)
    response.headers["hx-retarget"] = "#toasts"
    response.headers["hx-reswap"] = "beforeend"
    response.headers["hx-push-url"] = "false"
    response.headers[REFUSED] = "true"
    return response


def _page(request: Request, status: int, title: str, detail: str) -> Response:
    """A page inside the console for whoever is signed in; when that fails too, one that needs nothing."""
    if status < 500:
        try:
            return render(request, signed_in(request), "error_inside.html", status=status, title=title, detail=detail)
        except (MailsyncError, NotSignedIn):
            return render_plain(request, "error.html", status=status, title=title, detail=detail)
    return render_plain(request, "error.html", status=status, title=title, detail=detail)


async def _ours(request: Request, error: Exception) -> Response:
    if (gone := await run_in_threadpool(answer_gone, request, error)) is not None:
        return gone
    status, title = _status_and_title(error)
    if isinstance(error, AlreadyKnown) and request.url.path.startswith("/api/"):
        known = [{"type": each.type.value, "id": each.id, "name": each.name} for each in error.known]
        return problem(status, title, str(error), known=known)
    response = await _answer(request, status, title, str(error))
    if status == 401:
        response.headers["www-authenticate"] = "Bearer"
    if isinstance(error, Transient) and error.retry_after is not None:
        response.headers["retry-after"] = str(int(error.retry_after) + 1)
    return response


def _sign_in_first(request: Request, _: Exception) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = "/login" if request.method != "GET" or back == "/" else f"/login?next={quote(back)}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": "/login"})
    return RedirectResponse(target, status_code=303)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return await _answer(request, 404, "Not here", "There is no such page.")
    return await _answer(request, status, "That did not work", "This address does not take such a request.")


async def _malformed(request: Request, error: Exception) -> Response:
    wrong = error.errors() if isinstance(error, RequestValidationError) else ()
    names = [str(one["loc"][-1]) for one in wrong]
    # A field that was left empty is not sent as far as a form goes; a program has left it out.
    left_empty = bool(names) and is_form(request) and all(one["type"] == "missing" for one in wrong)
    said = ", ".join(names).replace("_", " ") if left_empty else ", ".join(names) or "the request"
    words = f"Fill in: {said}." if left_empty else f"Not usable: {said}."
    return await _answer(request, 422, "That does not work yet", words, names)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.failed", path_kind=request.scope.get("path", "").split("/")[1:2], error=type(error).__name__)
    return await _answer(
        request, 500, "Something broke", "That is our fault. Nothing was lost; try again, or tell your administrator."
    )
