"""A provider's sign-in over HTTP, stricter than real ones: the three endpoints that OAuth and Dovecot need.

`/authorize` signs `account` in and sends the browser back at once. `/token` checks what RFC 6749, 7636 and 9700 let it
check: client, redirect address, PKCE, codes that work once, refresh tokens that work once (`rotates`) and whose second
use ends the grant. `/introspect` tells a mail server whom a token stands for (RFC 7662).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from typing_extensions import override

from servers.process import free_port
from servers.server import Server

MOST_AT_ONCE = 64


@dataclass
class Grant:
    """One consent: it ends when it is revoked or one of its refresh tokens comes a second time."""

    account: str
    scope: str
    alive: bool = True


@dataclass(frozen=True)
class Code:
    """What an authorization code was given for."""

    grant: Grant
    challenge: str
    redirect_uri: str
    client_id: str


@dataclass
class Trouble:
    """An answer of the token endpoint that is none."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class OAuthProvider(Server):
    """Listens on `port`. Tests read the counters and turn the knobs while it runs."""

    name = "oauth"
    client_id = "mailsync-test"
    client_secret = "the secret of the client"

    def __init__(self, *, lifetime: float = 3600.0, rotates: bool = True) -> None:
        self.port = free_port()
        self.lifetime, self.rotates = lifetime, rotates
        self.account = "anna@example.test"
        self.consents = True
        self.verified = True
        self.scope_given: str | None = None
        self.slow_seconds = 0.0
        self.troubles: list[Trouble] = []
        """Answers of the token endpoint, used up one by one before it works again."""
        self.counts: Counter[str] = Counter()
        """Requests by kind: `authorize`, `authorization_code`, `refresh_token`, `introspect`, and refusals by error."""
        self._lock = threading.Lock()
        self._in_hand = threading.Semaphore(MOST_AT_ONCE)
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Grant, float]] = {}
        self._refresh: dict[str, Grant] = {}
        self._spent: dict[str, Grant] = {}

    @property
    def url(self) -> str:
        """Where it is, without a slash."""
        return f"http://{self.host}:{self.port}"

    @override
    def _open(self, undo: ExitStack) -> None:
        server = ThreadingHTTPServer((self.host, self.port), _handler_for(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        undo.callback(thread.join, 10)
        undo.callback(server.server_close)
        undo.callback(server.shutdown)

    # --- what tests do

    def finish(self) -> None:
        """Wait until every request is answered, also those whose client has gone."""
        for _ in range(MOST_AT_ONCE):
            assert self._in_hand.acquire(timeout=20), "a request is never answered"
        self._in_hand.release(MOST_AT_ONCE)

    def revoke(self, account: str) -> None:
        """The person takes all access back: no token of the account is good any more."""
        with self._lock:
            for grant in self._grants():
                grant.alive = grant.alive and grant.account != account

    def revoked_by_client(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """The client gives a grant back, as at Google: an unknown token is `invalid_token`."""
        self.counts["revoke"] += 1
        with self._lock:
            grant = self._refresh.get(form["token"])
            if grant is None or not grant.alive:
                return 400, {"error": "invalid_token"}
            grant.alive = False
        return 200, {}

    def spoil_access_tokens(self, account: str) -> None:
        """Access tokens end before their time; the grant stays."""
        with self._lock:
            self._access = {token: held for token, held in self._access.items() if held[0].account != account}

    def account_of(self, token: str) -> str | None:
        """Whom an access token stands for now."""
        with self._lock:
            grant, until = self._access.get(token, (None, 0.0))
            return grant.account if grant is not None and grant.alive and until > time.time() else None

    # --- the endpoints

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next."""
        self.counts["authorize"] += 1
        assert query["response_type"] == "code", query
        assert query["client_id"] == self.client_id, query
        assert query["code_challenge_method"] == "S256", query
        assert len(query["code_challenge"]) == 43, query
        assert len(query["state"]) >= 32, query
        if not self.consents:
            return _with_query(query["redirect_uri"], error="access_denied", state=query["state"])
        code = secrets.token_urlsafe(16)
        grant = Grant(self.account, self.scope_given or query["scope"])
        with self._lock:
            self._codes[code] = Code(grant, query["code_challenge"], query["redirect_uri"], query["client_id"])
        return _with_query(query["redirect_uri"], code=code, state=query["state"])

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Status and document of the token endpoint."""
        self.counts[form.get("grant_type", "?")] += 1
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            return self._refuse("invalid_client", 401)
        with self._lock:
            if form["grant_type"] == "authorization_code":
                return self._redeem(form)
            if form["grant_type"] == "refresh_token":
                return self._renew(form["refresh_token"], form.get("scope"))
        return self._refuse("unsupported_grant_type")

    def _redeem(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        code = self._codes.pop(form["code"], None)
        if code is None or code.redirect_uri != form["redirect_uri"] or code.client_id != form["client_id"]:
            return self._refuse("invalid_grant")
        hashed = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if hashed.rstrip(b"=").decode() != code.challenge or not 43 <= len(form["code_verifier"]) <= 128:
            return self._refuse("invalid_grant")
        return 200, {**self._issue(code.grant), "id_token": self._id_token(code.grant)}

    def _renew(self, refresh_token: str, scope: str | None) -> tuple[int, dict[str, object]]:
        if (spent := self._spent.get(refresh_token)) is not None:
            spent.alive = False  # Somebody else has it too (RFC 9700 §4.14.2).
            self.counts["reused"] += 1
        grant = self._refresh.get(refresh_token)
        if grant is None or not grant.alive:
            return self._refuse("invalid_grant")
        if scope is not None and not set(scope.split()) <= set(grant.scope.split()):
            return self._refuse("invalid_scope")  # RFC 6749 §6.
        if not self.rotates:
            answer = self._issue(grant)
            del self._refresh[str(answer.pop("refresh_token"))]
            return 200, answer
        self._spent[refresh_token] = self._refresh.pop(refresh_token)
        return 200, self._issue(grant)

    def _issue(self, grant: Grant) -> dict[str, object]:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access] = (grant, time.time() + self.lifetime)
        self._refresh[refresh] = grant
        return {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": grant.scope,
        }

    def _id_token(self, grant: Grant) -> str:
        claims = {
            "aud": self.client_id,
            "exp": time.time() + 600,
            "email": grant.account,
            "email_verified": self.verified,
            "preferred_username": grant.account,
        }
        parts = ({"alg": "none"}, claims)
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
        )

    def _refuse(self, error: str, status: int = 400) -> tuple[int, dict[str, object]]:
        self.counts[error] += 1
        return status, {"error": error, "error_description": f"about {self.account}"}

    def _grants(self) -> list[Grant]:
        held = [grant for grant, _ in self._access.values()]
        return [*held, *self._refresh.values(), *self._spent.values()]


def _with_query(url: str, **values: str) -> str:
    return f"{url}?{urlencode(values)}"


def _handler_for(provider: OAuthProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_single(url.query)))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif url.path == "/introspect":
                self._introspect()
            else:
                self._answer(404, "{}")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if urlsplit(self.path).path == "/introspect":
                self._introspect()
                return
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            if urlsplit(self.path).path == "/revoke":
                status, document = provider.revoked_by_client(_single(body))
                self._answer(status, json.dumps(document))
                return
            with provider._in_hand, suppress(ConnectionError):
                self._token(body)

        def _token(self, body: str) -> None:
            time.sleep(provider.slow_seconds)
            if provider.troubles:
                provider.counts["trouble"] += 1
                trouble = provider.troubles.pop(0)
                self._answer(trouble.status, trouble.body, trouble.headers)
                return
            status, document = provider.token(_single(body))
            self._answer(status, json.dumps(document))

        def _introspect(self) -> None:
            provider.counts["introspect"] += 1
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            account = provider.account_of(token)
            self._answer(200 if account else 401, json.dumps({"active": bool(account), "email": account}))

        def _answer(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
            content = body.encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        @override
        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def _single(query: str) -> dict[str, str]:
    values = parse_qs(query, strict_parsing=True)
    assert all(len(value) == 1 for value in values.values()), "a parameter comes twice (RFC 6749 §3.1)"
    return {name: value[0] for name, value in values.items()}
