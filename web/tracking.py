"""`/c/…` leads on, `/o/….gif` is a picture, `/u/…` unsubscribes: the links of our mail, as a plain ASGI function.

Those of campaign mail are asked of the tracking desk first, those of single mails of the receipt desk.

No framework, because thousands may open at once and each waits for its page. Reading a mail must never unsubscribe:
scanners follow every link, so only a POST does (RFC 8058), with no cookie and no login. Nobody can be led anywhere by a
link of ours that we did not put into a mail.
"""

import html
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from campaigns.tracking import Request, TrackingDesk
from core.errors import Transient
from crm.outgoing.receipts.desk import ReceiptDesk
from delivery.verdict import Action, Hit

PREFIXES = ("/c/", "/o/", "/u/")
LONGEST_PATH = 300
LONGEST_BODY = 16 * 1024
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)  # A transparent GIF of one point.
ONE_CLICK = ("List-Unsubscribe", "One-Click")
_MULTIPART_ONE_CLICK = re.compile(
    rb'name="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\s*\r?\n--', re.IGNORECASE
)
Headers = list[tuple[bytes, bytes]]
_NEVER_KEPT: Headers = [(b"cache-control", b"no-store, private"), (b"referrer-policy", b"no-referrer")]
_PAGE_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:18vh auto 0;padding:0 1.5rem;color:#222;"
    "background:#fafafa}h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.5rem;"
    "background:#2456c9;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #9bb8ff}"
    "@media(prefers-color-scheme:dark){body{background:#16181d;color:#e8e8e8}}"
)
_FORM = (
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
    "<button>Unsubscribe</button></form>"
)


class Tracker:
    """The ASGI application. It may be mounted, or stand in front of another one (`in_front_of`)."""

    def __init__(self, desk: TrackingDesk, receipts: ReceiptDesk) -> None:
        """`desk` answers for campaigns, `receipts` for single mails."""
        self._desk = desk
        self._receipts = receipts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        path: str = scope["path"]
        method: str = scope["method"]
        what, rest = path[:3], path[3:]
        if len(path) > LONGEST_PATH or method not in ("GET", "HEAD", "POST"):
            await _page(send, 405, "That does not work here", "Follow the link in the mail once more.", head=False)
        elif what == "/c/":
            await self._click(rest, _request(scope), send)
        elif what == "/o/":
            await self._open(rest, _request(scope), send)
        elif what == "/u/":
            await self._unsubscribe(rest, method, scope, receive, send)
        else:
            await _unknown(send, head=method == "HEAD")

    async def _click(self, link: str, request: Request, send: Send) -> None:
        head = request.method == "HEAD"
        try:
            url = await self._desk.click(link, request) or await self._receipts.click(link, _hit(Action.CLICK, request))
        except Transient:
            await _page(send, 503, "One moment", "The page is not there yet. Try again in a few seconds.", head=head)
            return
        if url is None:
            await _unknown(send, head=head)
            return
        location = url.encode("utf-8").replace(b"\r", b"%0D").replace(b"\n", b"%0A").replace(b" ", b"%20")
        await _answer(send, 302, [(b"location", location), (b"content-length", b"0"), *_NEVER_KEPT], b"")

    async def _open(self, name: str, request: Request, send: Send) -> None:
        token = name.removesuffix(".gif")
        if not await self._desk.open(token, request):
            self._receipts.open(token, _hit(Action.OPEN, request))
        # A picture in any case: a mail with a broken one looks broken itself.
        length = str(len(PIXEL)).encode()
        headers = [(b"content-type", b"image/gif"), (b"content-length", length), *_NEVER_KEPT]
        await _answer(send, 200, headers, b"" if request.method == "HEAD" else PIXEL)

    async def _unsubscribe(self, token: str, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        head = method == "HEAD"
        if not self._desk.may_unsubscribe(token):
            await _unknown(send, head=head)
        elif method != "POST":
            await _page(send, 200, "No more of these mails?", "One click, and you will get none.", _FORM, head=head)
        elif not asks_to_unsubscribe(await _body(receive), _header(scope, b"content-type")):
            await _page(send, 400, "Nothing was changed", "Open the link of the mail and press the button.", head=False)
        else:
            try:
                await self._desk.unsubscribe(token)
            except Transient:
                await _page(
                    send, 503, "One moment", "That did not work yet. Press the button once more.", _FORM, head=False
                )
                return
            await _page(send, 200, "You are unsubscribed", "You will get no more of these mails.", head=False)


class TrackingInFront:
    """Tracking paths go to the tracker, everything else to `app`: saves a click the way through the framework."""

    def __init__(self, tracker: ASGIApp, app: ASGIApp) -> None:
        self._tracker = tracker
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        tracked = scope["type"] == "http" and scope["path"][:3] in PREFIXES
        await (self._tracker if tracked else self._app)(scope, receive, send)


def asks_to_unsubscribe(body: bytes, content_type: str) -> bool:
    """Whether a POST says what RFC 8058 §3.1 wants it to say, in either of the two forms that are allowed."""
    if content_type.lower().startswith("multipart/form-data"):
        return _MULTIPART_ONE_CLICK.search(body) is not None
    return ONE_CLICK in parse_qsl(body.decode("utf-8", "replace"))


def _request(scope: Scope) -> Request:
    agent, prefetch = "", False
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = value.decode("latin-1")[:500]
        elif name in (b"purpose", b"sec-purpose", b"x-moz", b"x-purpose"):
            prefetch = prefetch or b"prefetch" in value.lower() or b"preview" in value.lower()
    client = scope.get("client")
    return Request(scope["method"], agent, client[0] if client else None, prefetch)


def _hit(action: Action, request: Request) -> Hit:
    return Hit(
        action,
        user_agent=request.user_agent,
        method=request.method,
        address=request.address,
        prefetch=request.prefetch,
    )


def _header(scope: Scope, wanted: bytes) -> str:
    found: Iterable[bytes] = (value for name, value in scope["headers"] if name == wanted)
    return next(iter(found), b"").decode("latin-1")


async def _body(receive: Receive) -> bytes:
    """The body as far as it matters; a longer one is not what we asked for."""
    body, more = b"", True
    while more and len(body) <= LONGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body[:LONGEST_BODY]


async def _unknown(send: Send, *, head: bool) -> None:
    await _page(
        send, 404, "This link is not known", "It may have been cut: copy it from the mail once more.", head=head
    )


async def _page(send: Send, status: int, title: str, sentence: str, form: str = "", *, head: bool) -> None:
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style>"
        f"<h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p>{form}"
    ).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"content-security-policy", _PAGE_POLICY),
        (b"x-content-type-options", b"nosniff"),
        *_NEVER_KEPT,
    ]
    await _answer(send, status, headers, b"" if head else text)


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
