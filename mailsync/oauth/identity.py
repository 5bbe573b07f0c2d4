"""Whom the provider says it has signed in: read from the ID token that came with the tokens (OpenID Connect Core §2).

Its signature is not checked: it came straight from the token endpoint over TLS, which stands for it (§3.1.3.7, rule 6).
"""

import base64
import json
from collections.abc import Mapping

from core.addresses import address_key, domain_of
from core.clock import utcnow
from mailsync.oauth.errors import SignInFailed
from mailsync.oauth.providers import Provider
from storage.models import OAuthProvider

CLOCK_SKEW_SECONDS = 300
_ONE_DOMAIN = {"googlemail.com": "gmail.com"}
"""Domains under which the same mailbox is known."""


def vouched_addresses(provider: Provider, id_token: str | None) -> list[str]:
    """Addresses of the account that signed in, the likeliest address of its mailbox first.

    Google's counts when it is verified. Microsoft tells a sign-in name and an address that the account's directory
    states; whether the account may enter the mailbox of that name is then judged by the mail server itself.
    Raises `SignInFailed` when the provider does not tell who it was.
    """
    claims = _claims(id_token)
    if not _is_meant_for_us(claims, provider.client_id):
        raise SignInFailed(f"{provider.name} did not tell who has signed in: start again.")
    if provider.key is OAuthProvider.GOOGLE:
        names = ["email"] if claims.get("email_verified") in (True, "true") else []
    else:
        names = ["email", "preferred_username", "upn"]
    found = [value for name in names if isinstance(value := claims.get(name), str) and domain_of(address_key(value))]
    if not found:
        raise SignInFailed(f"{provider.name} did not tell the address of the account that signed in: start again.")
    return found


def is_same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are spellings of the same mailbox."""
    return _mailbox_key(one) == _mailbox_key(other)


def _mailbox_key(address: str) -> str:
    local, _, domain = address_key(address).rpartition("@")
    return f"{local}@{_ONE_DOMAIN.get(domain, domain)}"


def _claims(id_token: str | None) -> Mapping[str, object]:
    try:
        payload = (id_token or "").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _is_meant_for_us(claims: Mapping[str, object], client_id: str) -> bool:
    audience, expires = claims.get("aud"), claims.get("exp")
    for_us = client_id in audience if isinstance(audience, list) else audience == client_id
    return for_us and isinstance(expires, int | float) and expires > utcnow().timestamp() - CLOCK_SKEW_SECONDS
