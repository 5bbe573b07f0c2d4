"""An access token for a mailbox, whenever somebody needs one: the stored one while it lasts, a fresh one ahead of its end.

A token is refreshed by one at a time, whatever task or process asks: a lease in the database says who. The others use
the token of before while it is still good, else they wait for the one that comes. What a refresh brings is written
even when whoever asked has been stopped meanwhile, because a provider that rotates refresh tokens takes the old one
only once: it runs on a thread that nobody cancels, and a database that is away for a moment is waited for.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core.clock import utcnow
from core.config import Settings
from core.crypto import KeyRing
from core.errors import Transient, UsageError
from core.jitter import jittered
from core.logging import get_logger
from mailsync.oauth import endpoint, repository
from mailsync.oauth.endpoint import Tokens
from mailsync.oauth.errors import GrantEnded, SignInResting, SignInUnavailable
from mailsync.oauth.providers import NAMES, find_provider
from storage import leases
from storage.leases import HeldLease
from storage.models import OAuthGrant, OAuthProvider
from storage.store import Store

ACCESS_TOKEN, REFRESH_TOKEN = "mailbox.oauth.access", "mailbox.oauth.refresh"
"""Purposes under which the tokens are encrypted."""
AHEAD_SECONDS, AHEAD_SHARE = 300.0, 0.1
"""So long before its end a token is refreshed: five minutes, or a tenth of its life where that is shorter."""
LEASE = "oauth:"
LEASE_FOR = timedelta(seconds=60)
"""Longer than one call of a token endpoint may take."""
WAIT_SECONDS, LOOK_SECONDS, PATIENCE_SECONDS = 45.0, 0.1, 3.0
FIRST_REST, LONGEST_REST = 5.0, 900.0
WRITE_PAUSES = (0.2, 1.0, 5.0, 10.0)
"""Seconds between tries to write what a refresh brought."""

log = get_logger(__name__)
_refreshers = {provider: ThreadPoolExecutor(max_workers=8, thread_name_prefix="oauth") for provider in OAuthProvider}
"""Their end is waited for when the process ends. Few, so that a provider in trouble is not asked by thousands at once;
of each provider its own, so that one that hangs holds up nobody else's mailboxes."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that is good now. From `renew_at` on, a session that it opened may be ended by the server."""

    value: str = field(repr=False)
    renew_at: datetime


@dataclass(frozen=True, slots=True)
class _Due:
    """The tokens of `version` have to be refreshed; `spare` is the one of before while it is good."""

    version: int
    spare: AccessToken | None


async def access_token(
    store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, *, refused: str | None = None
) -> AccessToken:
    """A token that is good now. `refused`: one that a mail server just declined; it is not given out again.

    Raises `GrantEnded` when the person has to sign in again, `ClientRefused` or `NotSetUp` when an administrator has to
    act, and `Transient` (`SignInUnavailable`, `SignInLimited`, `SignInResting`) when it passes by itself.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = await asyncio.to_thread(_look, store, mailbox_id, provider, refused)
        if isinstance(found, AccessToken):
            return found
        if not await _refreshed(store, settings, mailbox_id, provider, found):
            if found.spare is not None:
                return found.spare
            if time.monotonic() > deadline:
                raise SignInUnavailable(NAMES[provider])
            await asyncio.sleep(LOOK_SECONDS)


async def _refreshed(store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, due: _Due) -> bool:
    """Whether fresh tokens are there. It is waited for patiently, unless there is a spare one to go on with."""
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(_refreshers[provider], _refresh, store, settings, mailbox_id, provider, due.version)
    try:
        async with asyncio.timeout(None if due.spare is None else PATIENCE_SECONDS):
            return await asyncio.shield(work)
    except TimeoutError:
        return False


def access_token_now(
    store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, *, refused: str | None = None
) -> str:
    """The same for who has no event loop: a job on its thread."""
    return asyncio.run(access_token(store, settings, mailbox_id, provider, refused=refused)).value


def sealed_tokens(keys: KeyRing, tokens: Tokens, began: datetime) -> dict[str, Any]:
    """The columns for tokens that were asked for at `began`; without the refresh token where the old one stays."""
    ahead = min(AHEAD_SECONDS, tokens.lifetime * AHEAD_SHARE)
    values: dict[str, Any] = {
        "access_token_encrypted": keys.encrypt(ACCESS_TOKEN, tokens.access_token),
        "access_expires_at": began + timedelta(seconds=tokens.lifetime),
        "renew_at": began + timedelta(seconds=tokens.lifetime - ahead),
    }
    if tokens.refresh_token is not None:
        values["refresh_token_encrypted"] = keys.encrypt(REFRESH_TOKEN, tokens.refresh_token)
    return values


def _look(store: Store, mailbox_id: int, provider: OAuthProvider, refused: str | None) -> AccessToken | _Due:
    with store.database.reading() as session:
        grant = repository.grant_of(session, mailbox_id)
    if grant is None:
        raise GrantEnded(NAMES[provider])
    good, now = _good_token(store, grant, refused), utcnow()
    if good is not None and grant.renew_at > now:
        return good
    if grant.retry_at is not None and grant.retry_at > now:
        if good is not None:
            return good
        raise SignInResting(grant.trouble, retry_after=(grant.retry_at - now).total_seconds())
    return _Due(grant.version, good)


def _good_token(store: Store, grant: OAuthGrant, refused: str | None) -> AccessToken | None:
    if grant.access_expires_at <= utcnow():
        return None
    value = store.keys.decrypt(ACCESS_TOKEN, grant.access_token_encrypted)
    return None if value == refused else AccessToken(value, grant.renew_at)


def _refresh(store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, version: int) -> bool:
    """Refresh the tokens of `version`; False when somebody else does, or did. Runs to its end on a thread of its own."""
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, f"{LEASE}{mailbox_id}", uuid4().hex, LEASE_FOR)
        grant = repository.grant_of(session, mailbox_id) if lease is not None else None
        if lease is not None and (grant is None or grant.version != version):
            leases.release(session, lease)
            grant = None
    if lease is None or grant is None:
        return False
    return _refresh_held(store, settings, provider, grant, lease)


def _refresh_held(
    store: Store, settings: Settings, provider: OAuthProvider, grant: OAuthGrant, lease: HeldLease
) -> bool:
    began = utcnow()
    try:
        secret = store.keys.decrypt(REFRESH_TOKEN, grant.refresh_token_encrypted)
        tokens = asyncio.run(endpoint.refresh(find_provider(settings, provider), secret))
    except GrantEnded:
        if not _settle(store, grant, lease, None, None):
            return False  # Somebody signed in again meanwhile.
        log.info("oauth.grant_ended", mailbox_id=grant.mailbox_id)
        raise
    except (Transient, UsageError) as error:
        pause = _rest_after(error, grant.failures)
        _settle(store, grant, lease, None, (str(error), pause))
        log.warning("oauth.refresh_failed", mailbox_id=grant.mailbox_id, error=type(error).__name__, pause=round(pause))
        if grant.access_expires_at > utcnow():
            return False  # The token of before still opens doors.
        raise
    log.info("oauth.refreshed", mailbox_id=grant.mailbox_id)
    return _settle(store, grant, lease, sealed_tokens(store.keys, tokens, began), None)


def _rest_after(error: Transient | UsageError, failures: int) -> float:
    asked = error.retry_after if isinstance(error, Transient) else None
    pause = jittered(min(FIRST_REST * 2.0 ** min(failures, 10), LONGEST_REST))
    if isinstance(error, Transient):
        error.retry_after = pause = max(asked or 0.0, pause)
    return pause


def _settle(
    store: Store,
    grant: OAuthGrant,
    lease: HeldLease,
    fresh: dict[str, Any] | None,
    trouble: tuple[str, float] | None,
) -> bool:
    """Write what came of a refresh and give the lease back. False when the tokens are not the ones we refreshed any more."""
    for pause in WRITE_PAUSES:
        try:
            return _write(store, grant, lease, fresh, trouble)
        except Transient:
            log.warning("oauth.waiting", mailbox_id=grant.mailbox_id, on="database")
            time.sleep(pause)
    return _write(store, grant, lease, fresh, trouble)


def _write(
    store: Store,
    grant: OAuthGrant,
    lease: HeldLease,
    fresh: dict[str, Any] | None,
    trouble: tuple[str, float] | None,
) -> bool:
    with store.database.unit_of_work() as session:
        leases.release(session, lease)
        now = repository.grant_of(session, grant.mailbox_id)
        if now is None or now.version != grant.version:
            return False
        if fresh is not None:
            return repository.save_tokens(session, grant.mailbox_id, grant.version, fresh)
        if trouble is not None:
            until = utcnow() + timedelta(seconds=trouble[1])
            repository.note_trouble(session, grant.mailbox_id, grant.version, until=until, trouble=trouble[0])
        return True
