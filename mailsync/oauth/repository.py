"""The queries of grants and of sign-ins that are under way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.models import OAuthFlow, OAuthGrant
from storage.sessions import ReadSession, WriteSession


def grant_of(session: ReadSession, mailbox_id: int) -> OAuthGrant | None:
    """What the provider granted for a mailbox, read again."""
    query = select(OAuthGrant).where(OAuthGrant.mailbox_id == mailbox_id)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def replace_grant(session: WriteSession, mailbox_id: int, values: Mapping[str, Any]) -> None:
    """A person signed in (again): the grant of before counts no more, nor does who still refreshes it."""
    known = grant_of(session, mailbox_id)
    fresh = {"failures": 0, "retry_at": None, "trouble": "", **values}
    if known is None:
        session.execute(insert(OAuthGrant).values(mailbox_id=mailbox_id, version=1, **fresh))
        return
    statement = update(OAuthGrant).where(OAuthGrant.id == known.id)
    session.execute(statement.values(version=OAuthGrant.version + 1, **fresh))


def forget_grant(session: WriteSession, mailbox_id: int) -> None:
    """The mailbox is entered in another way from now on."""
    session.execute(delete(OAuthGrant).where(OAuthGrant.mailbox_id == mailbox_id))


def save_tokens(session: WriteSession, mailbox_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Put refreshed tokens in the place of those of `version`; False when somebody has changed them since."""
    statement = (
        update(OAuthGrant)
        .where(OAuthGrant.mailbox_id == mailbox_id, OAuthGrant.version == version)
        .values(version=version + 1, failures=0, retry_at=None, trouble="", **values)
        .returning(OAuthGrant.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def note_trouble(session: WriteSession, mailbox_id: int, version: int, *, until: datetime, trouble: str) -> None:
    """Let nobody refresh the tokens of `version` before `until`."""
    session.execute(
        update(OAuthGrant)
        .where(OAuthGrant.mailbox_id == mailbox_id, OAuthGrant.version == version)
        .values(failures=OAuthGrant.failures + 1, retry_at=until, trouble=trouble)
    )


def forget_trouble(session: WriteSession, mailbox_id: int) -> None:
    """Let the token endpoint be asked again at once: a person believes that the trouble is over."""
    statement = update(OAuthGrant).where(OAuthGrant.mailbox_id == mailbox_id)
    session.execute(statement.values(failures=0, retry_at=None, trouble=""))


def insert_flow(session: WriteSession, values: Mapping[str, Any], now: datetime) -> None:
    """Remember a sign-in that begins; those that nobody came back from go."""
    session.execute(delete(OAuthFlow).where(OAuthFlow.expires_at < now))
    session.execute(insert(OAuthFlow).values(**values))


def take_flow(session: WriteSession, state_hash: str) -> OAuthFlow | None:
    """The sign-in of a state, once: whoever asks again finds nothing, in whatever process."""
    row = session.execute(select(OAuthFlow).where(OAuthFlow.state_hash == state_hash)).scalar_one_or_none()
    if row is None:
        return None
    statement = delete(OAuthFlow).where(OAuthFlow.id == row.id).returning(OAuthFlow.id)
    taken = session.execute(statement.execution_options(synchronize_session=False)).scalar_one_or_none()
    session.expunge(row)
    return row if taken is not None else None
