"""From e-mail address and password to a session token; the cookie holds the token, the database its SHA-256."""

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.addresses import address_key
from core.clock import utcnow
from core.errors import Forbidden, Transient
from crm.access import repository
from crm.access.failures import FailureLimit
from crm.access.passwords import password_fits
from crm.access.roles.viewers import viewer_for
from crm.access.viewer import Viewer
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

SESSION_LASTS = timedelta(days=30)
FAILURES_PER_ACCOUNT_AND_PLACE = 5
FAILURES_PER_PLACE = 50
USER_AGENT_LENGTH = 300


class SignInRefused(Forbidden):
    """Address and password do not belong together; which of them is wrong is not said."""


class TooManyFailures(Transient):
    """Somebody guesses; `retry_after` says when the next try counts."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. `token` goes into the cookie and is nowhere else."""

    token: str
    user_id: int
    expires_at: datetime


def sign_in(store: Store, limit: FailureLimit, *, email: str, password: str, ip: str, user_agent: str = "") -> SignedIn:
    """Start a session.

    Raises `SignInRefused`, after the same time whether or not the person exists, and `TooManyFailures` after five
    failures in a quarter of an hour for this account from this place.
    """
    key = address_key(email)
    pair, place = f"{key} {ip}", f" {ip}"
    wait = limit.wait_for([(pair, FAILURES_PER_ACCOUNT_AND_PLACE), (place, FAILURES_PER_PLACE)])
    if wait > 0:
        minutes = math.ceil(wait / 60)
        raise TooManyFailures(f"Too many failed tries: wait {minutes} minutes and try again.", retry_after=wait)
    with store.database.reading() as session:
        found = repository.credentials(session, key)
    if not password_fits(password, found.password_hash if found else None) or found is None or not found.active:
        limit.count([pair, place])
        raise SignInRefused("The e-mail address or the password is wrong.")
    limit.forgive(pair)
    return open_session(store, found.user_id, user_agent)


def open_session(store: Store, user_id: int, user_agent: str) -> SignedIn:
    """Begin a session of a person who has proved who he is; sessions that are over are forgotten."""
    token, now = secrets.token_urlsafe(32), utcnow()
    values = {
        "user_id": user_id,
        "token_hash": hash_token(token),
        "created_at": now,
        "expires_at": now + SESSION_LASTS,
        "user_agent": user_agent[:USER_AGENT_LENGTH].replace("\0", ""),
    }
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.delete_expired_sessions(session, now)
        repository.insert_session(session, values)
    return SignedIn(token, user_id, now + SESSION_LASTS)


def viewer_of_session(session: ReadSession, token: str) -> Viewer | None:
    """Who is signed in with this cookie; None when nobody is any more."""
    found = repository.signed_in(session, hash_token(token), utcnow())
    return viewer_for(session, *found) if found else None


def sign_out(store: Store, token: str) -> None:
    """End this session; an unknown token is no error."""
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.delete_session(session, hash_token(token))


def sign_out_everywhere(store: Store, user_id: int) -> None:
    """End every session of a person."""
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.delete_sessions_of(session, user_id)


def hash_token(token: str) -> str:
    """What the database keeps of a token. Tokens have 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
