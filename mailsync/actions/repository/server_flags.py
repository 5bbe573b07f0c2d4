"""Flags as the server tells them, taken over except where somebody here wants another one and the server was not told yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache

from sqlalchemy import or_, select, update

from core.clock import utcnow
from mailsync.imap.fetch import Fetched
from mailsync.repository.uids import with_labels
from storage.models import ActionKind, ActionState, MailAction, MailFlag, Place
from storage.sessions import ReadSession, WriteSession

OPEN = (ActionState.WAITING, ActionState.SENT)


@dataclass(frozen=True, slots=True)
class StoredFlags:
    """The flags that a place keeps."""

    seen: bool
    flagged: bool
    answered: bool
    draft: bool


@lru_cache(maxsize=4096)
def flags_of(words: frozenset[str] | None) -> StoredFlags:
    """The system flags among the flags that a server gave (RFC 9051 §2.3.2)."""
    lower = {word.lower() for word in words or ()}
    return StoredFlags("\\seen" in lower, "\\flagged" in lower, "\\answered" in lower, "\\draft" in lower)


def update_flags(session: WriteSession, folder_id: int, fetched: Iterable[Fetched]) -> None:
    """Take over flags as the server has them now, with their MODSEQ; what somebody waits to have changed stays.

    Where the server has by itself what they wait for, they wait no longer.
    """
    waiting = _waiting_flags(session, folder_id)
    fulfilled: list[int] = []
    for one in fetched:
        flags = asdict(flags_of(one.flags))
        for name in MailFlag:
            if actions := waiting.get((one.uid, name)):
                on = flags.pop(name.value)
                fulfilled += [each.id for each in actions if each.wanted is on]
        _write(session, folder_id, one, flags)
    if fulfilled:
        session.execute(
            update(MailAction)
            .where(MailAction.id.in_(fulfilled), MailAction.state == ActionState.WAITING)
            .values(state=ActionState.DONE, settled_at=utcnow())
            .execution_options(synchronize_session=False)
        )


def _write(session: WriteSession, folder_id: int, one: Fetched, flags: dict[str, bool]) -> None:
    differs = [getattr(Place, name) != on for name, on in flags.items()]
    values: dict[str, bool | int] = dict(flags)
    if one.modseq is not None:
        values["modseq"] = one.modseq
        differs.append(or_(Place.modseq.is_(None), Place.modseq < one.modseq))
    session.execute(
        update(Place)
        .where(Place.folder_id.in_(with_labels(folder_id)), Place.uid == one.uid, or_(*differs))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _waiting_flags(session: ReadSession, folder_id: int) -> dict[tuple[int, MailFlag], list[MailAction]]:
    """By UID and flag: what the server is still to be told about messages in the folder."""
    rows = session.execute(
        select(Place.uid, MailAction)
        .join(MailAction, MailAction.place_id == Place.id)
        .where(MailAction.kind == ActionKind.FLAG, MailAction.state.in_(OPEN))
        .where(Place.folder_id.in_(with_labels(folder_id)))
        .order_by(MailAction.id)
    )
    found: defaultdict[tuple[int, MailFlag], list[MailAction]] = defaultdict(list)
    for uid, action in rows:
        if action.flag is not None:
            found[uid, action.flag].append(action)
    return found
