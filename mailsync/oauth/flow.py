"""A person goes to the provider to sign in, and comes back with a code (RFC 6749 §4.1, with PKCE, RFC 7636).

The state is a secret that works once, for ten minutes, at one provider and in the browser that began. What the person
chose for the mailbox waits in the database, so that any web process can take them back.
"""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from core.clock import utcnow
from core.config import Settings
from core.crypto import KeyRing
from crm.access.viewer import Viewer
from mailsync.oauth import repository
from mailsync.oauth.errors import SignInFailed
from mailsync.oauth.providers import Provider, find_provider
from storage.models import OAuthFlow, OAuthProvider, ShareLevel
from storage.store import Store
from storage.writer_lock import Urgency

VERIFIER = "oauth.verifier"
"""The purpose under which PKCE's secret is encrypted."""
FLOW_LASTS = timedelta(minutes=10)
LOST = "This sign-in is too old, was used already, or began in another browser: start it again."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person chose for the mailbox. An empty `email` means whichever account signs in.

    Mail is loaded back to `depth_since` (ISO 8601; None: all of it). `owner_id` None: a shared one, or its namesake's.
    """

    email: str = ""
    name: str = ""
    depth_since: str | None = None
    shared: bool = False
    owner_id: int | None = None
    share_level: ShareLevel | None = None

    @property
    def depth(self) -> datetime | None:
        """The moment back to which mail is loaded."""
        return datetime.fromisoformat(self.depth_since) if self.depth_since else None


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in whose person is back: what is needed to redeem the code."""

    provider: Provider
    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    wishes: Wishes


class SignInDeclined(SignInFailed):
    """The person or the provider said no; `wishes` are what was chosen before, so that nobody chooses it twice."""

    def __init__(self, message: str, wishes: Wishes) -> None:
        super().__init__(message)
        self.wishes = wishes


@dataclass(frozen=True, slots=True)
class Callback:
    """The query with which the provider sent the person back (RFC 6749 §4.1.2)."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    error: str = ""


def begin(
    store: Store,
    settings: Settings,
    viewer: Viewer,
    provider: OAuthProvider,
    wishes: Wishes,
    *,
    redirect_uri: str,
    session_hash: str = "",
) -> str:
    """Remember a sign-in and return the URL to send the browser to. Raises `NotSetUp`.

    `session_hash` tells the browser's session; it is empty for a sign-in from the command line alone.
    """
    found = find_provider(settings, provider)
    state, verifier, now = secrets.token_urlsafe(32), secrets.token_urlsafe(48), utcnow()
    values = {
        "state_hash": _hash(state),
        "session_hash": session_hash,
        "user_id": viewer.user_id,
        "provider": provider,
        "redirect_uri": redirect_uri,
        "verifier_encrypted": store.keys.encrypt(VERIFIER, verifier),
        "wishes": asdict(wishes),
        "expires_at": now + FLOW_LASTS,
    }
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.insert_flow(session, values, now)
    return _authorize_url(found, redirect_uri, state, verifier, wishes.email)


def take_back(
    store: Store, settings: Settings, provider: OAuthProvider, callback: Callback, *, session_hash: str = ""
) -> Returned:
    """The sign-in that this callback ends; it is forgotten by that, whatever comes of it.

    Raises `SignInFailed`, in words, when it is not ours to end, `SignInDeclined` when the person or the provider said no.
    """
    with store.database.unit_of_work(Urgency.PERSON) as session:
        flow = repository.take_flow(session, _hash(callback.state))
    if flow is None or not _is_ours(flow, provider, session_hash):
        raise SignInFailed(LOST)
    found = find_provider(settings, provider)
    if callback.error or not callback.code:
        raise SignInDeclined(_refusal(found, callback.error), _wishes_of(flow))
    return _returned(store.keys, found, flow, callback.code)


def _authorize_url(provider: Provider, redirect_uri: str, state: str, verifier: str, email: str) -> str:
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        **provider.parameters,
        **({"login_hint": email} if email else {}),
    }
    joint = "&" if urlsplit(provider.authorize_url).query else "?"
    return f"{provider.authorize_url}{joint}{urlencode(query)}"


def _is_ours(flow: OAuthFlow, provider: OAuthProvider, session_hash: str) -> bool:
    same_browser = secrets.compare_digest(flow.session_hash, session_hash)
    return same_browser and flow.provider is provider and flow.expires_at > utcnow()


def _refusal(provider: Provider, error: str) -> str:
    if error in ("access_denied", "consent_required"):
        return f"Access was not allowed at {provider.name}: nothing was connected. Start again if that was a slip."
    if error in ("temporarily_unavailable", "server_error"):
        return f"{provider.name} could not sign you in at the moment: start again in a few minutes."
    return (
        f"{provider.name} refused to sign you in for Mailsync: your administrator, or the one of your organisation, has "
        "to allow it there (docs/connecting-oauth.md)."
    )


def _returned(keys: KeyRing, provider: Provider, flow: OAuthFlow, code: str) -> Returned:
    verifier = keys.decrypt(VERIFIER, flow.verifier_encrypted)
    return Returned(provider, code, verifier, flow.redirect_uri, _wishes_of(flow))


def _wishes_of(flow: OAuthFlow) -> Wishes:
    level = flow.wishes["share_level"]
    return Wishes(**{**flow.wishes, "share_level": ShareLevel(level) if level else None})


def _challenge(verifier: str) -> str:
    """The S256 challenge (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()
