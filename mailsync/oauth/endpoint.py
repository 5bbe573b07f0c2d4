"""The token endpoint (RFC 6749 §3.2): a code or a refresh token in, tokens out; its refusals told apart. And the end.

A status decides before the words: 429 and 5xx pass by themselves, whatever is written beside them. `invalid_grant` is
the person's to mend, `invalid_client` and its like the administrator's, and what nobody understands is tried again,
because a captive portal or a proxy is no verdict about a grant.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from core.clock import utcnow
from core.errors import MailsyncError, Permanent, Transient, UsageError
from core.logging import get_logger
from delivery.connecting import machine_trust
from delivery.http import Answer, WebClient
from mailsync.oauth.errors import ClientRefused, GrantEnded, SignInLimited, SignInUnavailable
from mailsync.oauth.providers import Provider

WHOLE_CALL_SECONDS = 15.0
SHORTEST_LIFE, USUAL_LIFE = 1.0, 3600.0
"""Seconds an access token is taken to last at least, and when the provider does not say (RFC 6749 §5.1: it should)."""
LONGEST_REST = 3600.0

# Beside `invalid_grant` what OpenID Connect and Microsoft answer when only the person's own sign-in helps.
_PERSONS_TURN = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
_PASSES = frozenset({"temporarily_unavailable", "server_error", "rate_limit_exceeded", "internal_failure", "slow_down"})

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the endpoint gave. `refresh_token` is None where the one that we have stays; `lifetime` is in seconds.

    `scope` is None where it is what was asked for; `id_token` only answers a code.
    """

    access_token: str = field(repr=False)
    lifetime: float
    refresh_token: str | None = field(repr=False)
    scope: str | None
    id_token: str | None = field(repr=False)


async def redeem_code(provider: Provider, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
    """Trade an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).

    Raises as `refresh`; `GrantEnded` then means that the code was used already or waited too long.
    """
    return await _ask(
        provider,
        {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri},
    )


async def refresh(provider: Provider, refresh_token: str) -> Tokens:
    """A fresh access token (RFC 6749 §6); a new refresh token replaces the old one for good.

    Raises `GrantEnded`, `ClientRefused`, `SignInLimited` or `SignInUnavailable`.
    """
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token, **provider.refresh_parameters}
    return await _ask(provider, fields)


async def revoke(provider: Provider, token: str) -> bool:
    """Give a grant back with its refresh token (RFC 7009); whether it is good for nothing now.

    False where the provider has no place for that, or can not be reached: then the person takes it back there.
    """
    if provider.revoke_url is None:
        return False
    try:
        answer = await _post(provider, provider.revoke_url, {"token": token, "token_type_hint": "refresh_token"})
    except SignInUnavailable:
        return False
    # A token that is unknown or ended already is `invalid_token` at Google, and 200 by the standard.
    ended = answer.status == 400 and _document(answer.body).get("error") == "invalid_token"
    return answer.status == 200 or ended


async def _ask(provider: Provider, fields: Mapping[str, str]) -> Tokens:
    answer = await _post(provider, provider.token_url, fields)
    document = _document(answer.body)
    if answer.status == 200 and (tokens := _tokens(document)) is not None:
        return tokens
    error = _refusal(provider, answer, str(document.get("error", "")))
    log.info("oauth.refused", provider=provider.key.value, status=answer.status, error=type(error).__name__)
    raise error


async def _post(provider: Provider, url: str, fields: Mapping[str, str]) -> Answer:
    form = {**fields, "client_id": provider.client_id}
    if provider.client_secret:
        form["client_secret"] = provider.client_secret
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    # The address is an administrator's setting, never a person's word, so it may be on the company's own network.
    client = WebClient(allow_private=True, trust=machine_trust())
    try:
        async with asyncio.timeout(WHOLE_CALL_SECONDS):
            return await client.call("POST", url, body=urlencode(form).encode(), headers=headers)
    except (Transient, Permanent, UsageError, TimeoutError):
        raise SignInUnavailable(provider.name) from None
    finally:
        await client.close()


def _document(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _tokens(document: Mapping[str, object]) -> Tokens | None:
    access_token = _text(document, "access_token")
    if access_token is None or str(document.get("token_type", "bearer")).lower() != "bearer":
        return None
    try:
        lifetime = float(str(document.get("expires_in", USUAL_LIFE)))
    except ValueError:
        lifetime = USUAL_LIFE
    if not lifetime >= SHORTEST_LIFE:
        lifetime = SHORTEST_LIFE
    texts = (_text(document, name) for name in ("refresh_token", "scope", "id_token"))
    return Tokens(access_token, min(lifetime, 24 * USUAL_LIFE), *texts)


def _text(document: Mapping[str, object], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and value else None


def _refusal(provider: Provider, answer: Answer, error: str) -> MailsyncError:
    if answer.status == 429:
        return SignInLimited(provider.name, retry_after=_wanted_rest(answer.headers))
    if answer.status >= 500 or error in _PASSES:
        return SignInUnavailable(provider.name, retry_after=_wanted_rest(answer.headers))
    if 400 <= answer.status < 500 and error in _PERSONS_TURN:
        return GrantEnded(provider.name)
    if 400 <= answer.status < 500 and error:
        return ClientRefused(provider.name)
    return SignInUnavailable(provider.name)


def _wanted_rest(headers: Mapping[str, str]) -> float | None:
    """Retry-After (RFC 9110 §10.2.3) in seconds, at most an hour; None where it is absent or nonsense."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 10:
        return min(float(said), LONGEST_REST)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return min(max(0.0, (_aware(at) - utcnow()).total_seconds()), LONGEST_REST)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
