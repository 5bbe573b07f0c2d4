"""Keys for programs: made with scopes, shown once, kept as SHA-256, never wider than the person they belong to."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from core.errors import Forbidden, NotFound, UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.roles.viewers import viewer_for
from crm.access.signing_in import hash_token
from crm.access.viewer import Viewer
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

PREFIX = "msk_"
"""Lets secret scanners recognise a leaked token."""


class Scope(StrEnum):
    """What a token may be used for."""

    MAIL_READ = "mail:read"
    MAIL_SEND = "mail:send"
    RECORDS_READ = "records:read"
    RECORDS_WRITE = "records:write"
    WORK_READ = "work:read"
    WORK_WRITE = "work:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """A program that proved its token."""

    token_id: int
    viewer: Viewer
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Raises `Forbidden` when the token was not made for this."""
        if scope not in self.scopes:
            raise Forbidden(f"This token lacks the scope {scope.value}: make one that has it.")


def parse_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Scopes by name. Raises `UsageError` that names the nearest one, or when there is none at all."""
    known = [scope.value for scope in Scope]
    wanted = {word.strip().lower() for word in words if word.strip()}
    for word in sorted(wanted - set(known)):
        near = get_close_matches(word, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
        raise UsageError(f"There is no scope of that name; {hint}")
    if not wanted:
        raise UsageError(f"A token needs at least one scope: {', '.join(known)}.")
    return frozenset(Scope(word) for word in wanted)


def create_token(store: Store, viewer: Viewer, *, name: str, scopes: Iterable[str], user_id: int) -> str:
    """Make a token that acts for `user_id`; this is the only time it is seen.

    People make tokens for themselves; an administrator for anybody.
    """
    if viewer.user_id != user_id:
        viewer.require_administrator()
    wanted, label = parse_scopes(scopes), " ".join(name.split())
    if not label:
        raise UsageError("A token needs a name that says which program uses it.")
    token = PREFIX + secrets.token_urlsafe(32)
    words = sorted(scope.value for scope in wanted)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        if repository.person(session, viewer, user_id) is None:
            raise NotFound("There is no such person.")
        values = {"name": label, "token_hash": hash_token(token), "scopes": words, "user_id": user_id}
        token_id = repository.insert_token(session, values)
        record_act(session, viewer, "token.create", token_id=token_id, person_id=user_id, scopes=words)
    return token


def authenticate(session: ReadSession, token: str) -> ApiCaller | None:
    """Whose token this is and what it may; None when it is unknown, revoked, or its person has gone."""
    found = repository.token_owner(session, hash_token(token)) if token.startswith(PREFIX) else None
    if found is None:
        return None
    token_id, words, user_id, role, role_id = found
    known = {scope.value: scope for scope in Scope}
    scopes = frozenset(known[word] for word in words if word in known)
    return ApiCaller(token_id, viewer_for(session, user_id, role, role_id), scopes)


def revoke_token(store: Store, viewer: Viewer, token_id: int) -> None:
    """End a token. Raises `NotFound` when the viewer has no such token that still counts."""
    with store.database.unit_of_work(Urgency.PERSON) as session:
        if token_id not in {token.id for token in repository.tokens(session, viewer) if token.revoked_at is None}:
            raise NotFound("There is no such token.")
        repository.revoke_tokens(session, token_ids=[token_id])
        record_act(session, viewer, "token.revoke", token_id=token_id)
