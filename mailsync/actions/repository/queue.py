"""The queue of one mailbox: what waits for the server, what it is being told, and how it ended."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from core.clock import utcnow
from mailsync.actions.reasons import ORIGINAL_KEPT
from mailsync.actions.repository.server_flags import OPEN
from storage.models import ActionKind, ActionState, Folder, MailAction, MailFlag, Message, Place
from storage.sessions import ReadSession, WriteSession

LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class Due:
    """One action that the server is to be told. `folder_id` and `uid` are where the server has the message now."""

    id: int
    kind: ActionKind
    state: ActionState
    tries: int
    message_id: int | None
    place_id: int | None
    folder_id: int
    uid: int
    uidvalidity: int | None
    flag: MailFlag | None
    wanted: bool
    believed: frozenset[str]
    known_modseq: int | None
    target_id: int | None
    target_uidnext: int | None
    blob_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """The actions that can be sent now; and flags of messages that are not in the store any more."""

    due: tuple[Due, ...]
    gone: tuple[int, ...]


def mailboxes_with_due(session: ReadSession, now: datetime) -> set[int]:
    """Mailboxes whose server is to be told something; looked at every second. What is being told just now does not count."""
    postponed = and_(MailAction.state == ActionState.SENT, MailAction.tries > 0)
    tellable = or_(MailAction.state == ActionState.WAITING, postponed)
    query = select(MailAction.mailbox_id).where(tellable, *_can_be_told(now))
    return set(session.execute(query.distinct()).scalars())


def load_queue(session: ReadSession, mailbox_id: int, now: datetime) -> Queue:
    """What can be sent now, oldest first, and what a crash left in the middle of being sent.

    A flag waits while its message is on its way to a folder whose UID for it is not known yet.
    """
    mine = (MailAction.mailbox_id == mailbox_id, MailAction.state.in_(OPEN))
    can_be_told = set(session.execute(select(MailAction.id).where(*mine, *_can_be_told(now))).scalars())
    rows = session.execute(
        select(MailAction, func.coalesce(Folder.labels_of_id, Place.folder_id), Place.uid)
        .outerjoin(Place, Place.id == MailAction.place_id)
        .outerjoin(Folder, Folder.id == Place.folder_id)
        .where(*mine)
        .order_by(MailAction.id)
    ).all()
    moves = {row.place_id: row for row, _, _ in rows if row.kind is ActionKind.MOVE}
    due: list[Due] = []
    gone: list[int] = []
    for row, folder_id, uid in rows:
        if row.id not in can_be_told:
            continue
        if row.kind is not ActionKind.FLAG:
            due.append(_due(row, row.folder_id or 0, row.uid or 0, row.uidvalidity))
        elif (move := moves.get(row.place_id)) is not None:
            due.append(_due(row, move.folder_id or 0, move.uid or 0, move.uidvalidity))
        elif folder_id is None:
            gone.append(row.id)
        else:
            due.append(_due(row, folder_id, uid, None))
    return Queue(tuple(due), tuple(gone))


def messages_of(session: ReadSession, actions: Iterable[Due]) -> dict[int | None, Message]:
    """The messages that actions are about, by id."""
    wanted = {one.message_id for one in actions if one.message_id is not None}
    return {row.id: row for row in session.execute(select(Message).where(Message.id.in_(wanted))).scalars()}


def being_sent(session: ReadSession, actions: Collection[Due]) -> list[Due]:
    """Those moves among `actions` of which the server may have been told, as they stand now."""
    ids = [one.id for one in actions if one.kind is ActionKind.MOVE]
    query = select(MailAction).where(MailAction.id.in_(ids), MailAction.state == ActionState.SENT)
    return [_due(row, row.folder_id or 0, row.uid or 0, row.uidvalidity) for row in session.execute(query).scalars()]


def mark_sent(session: WriteSession, ids: Collection[int], *, target_uidnext: int | None = None) -> set[int]:
    """Remember that the server is about to be told; those of `ids` that were not cancelled meanwhile."""
    taken: set[int] = set()
    for chunk in _chunks(ids):
        statement = update(MailAction).where(MailAction.id.in_(chunk), MailAction.state.in_(OPEN))
        values: dict[str, object] = {"state": ActionState.SENT}
        if target_uidnext is not None:
            values["target_uidnext"] = target_uidnext
        found = statement.values(values).returning(MailAction.id).execution_options(synchronize_session=False)
        taken.update(session.execute(found).scalars())
    return taken


def settle(
    session: WriteSession, ids: Iterable[int], state: ActionState, reason: str = "", *, left_behind: bool = False
) -> list[MailAction]:
    """End actions; the ones that were still open."""
    ended: list[MailAction] = []
    for chunk in _chunks(sorted(set(ids))):
        values = {"state": state, "reason": reason, "left_behind": left_behind, "settled_at": utcnow()}
        statement = update(MailAction).where(MailAction.id.in_(chunk), MailAction.state.in_(OPEN)).values(values)
        returned = statement.returning(MailAction.id).execution_options(synchronize_session=False)
        found = set(session.execute(returned).scalars())
        query = select(MailAction).where(MailAction.id.in_(found)).execution_options(populate_existing=True)
        ended += session.execute(query.order_by(MailAction.id)).scalars()
    return ended


def cancel_all(session: WriteSession, mailbox_id: int) -> None:
    """Tell the server of a mailbox nothing more: the mailbox goes."""
    waiting = update(MailAction).where(MailAction.mailbox_id == mailbox_id, MailAction.state.in_(OPEN))
    values = {"state": ActionState.CANCELLED, "settled_at": utcnow()}
    session.execute(waiting.values(values).execution_options(synchronize_session=False))


def postpone(session: WriteSession, actions: Sequence[Due], first_wait: float) -> None:
    """Have them tried again, later each time. What may not be repeated without a look stays `sent`: it may be half done."""
    now = utcnow()
    repeatable = MailAction.kind.in_((ActionKind.FLAG, ActionKind.REMOVE))
    state = case((repeatable, ActionState.WAITING), else_=MailAction.state)
    for action in actions:
        wait = min(first_wait * 2**action.tries, LONGEST_WAIT)
        session.execute(
            update(MailAction)
            .where(MailAction.id == action.id, MailAction.state.in_(OPEN))
            .values(state=state, tries=MailAction.tries + 1, due_at=now + timedelta(seconds=wait))
            .execution_options(synchronize_session=False)
        )


def put_off(session: WriteSession, actions: Sequence[Due], until: datetime) -> None:
    """Leave them as they are until then: nobody has refused them."""
    waiting = MailAction.id.in_([one.id for one in actions]), MailAction.state.in_(OPEN)
    session.execute(
        update(MailAction).where(*waiting).values(due_at=until).execution_options(synchronize_session=False)
    )


def hidden_uids(session: ReadSession, folder_id: int, uidvalidity: int | None) -> set[int]:
    """UIDs that the server has in a folder and we show elsewhere or not at all: moved or deleted here, told or not."""
    query = select(MailAction.uid).where(
        MailAction.folder_id == folder_id,
        MailAction.uidvalidity == uidvalidity,
        MailAction.kind.in_((ActionKind.MOVE, ActionKind.REMOVE)),
        or_(MailAction.state.in_(OPEN), MailAction.left_behind),
    )
    return {uid for uid in session.execute(query).scalars() if uid is not None}


def left_behind_uids(session: ReadSession, folder_id: int, uidvalidity: int | None) -> set[int]:
    """UIDs of originals that the server keeps, marked as deleted, and that are shown elsewhere or not at all."""
    query = select(MailAction.uid).where(
        MailAction.folder_id == folder_id,
        MailAction.uidvalidity == uidvalidity,
        MailAction.left_behind,
        MailAction.reason != ORIGINAL_KEPT,
    )
    return {uid for uid in session.execute(query).scalars() if uid is not None}


def forget_left_behind(session: WriteSession, folder_id: int, uids: Iterable[int]) -> None:
    """Originals that a mail program has removed from the server at last."""
    for chunk in _chunks(list(uids)):
        session.execute(
            update(MailAction)
            .where(MailAction.folder_id == folder_id, MailAction.uid.in_(chunk), MailAction.left_behind)
            .values(left_behind=False)
            .execution_options(synchronize_session=False)
        )


def is_awaited(session: ReadSession, folder_id: int) -> bool:
    """Whether something is to be moved or stored into a folder: it may be made only then."""
    into = or_(MailAction.target_id == folder_id, MailAction.folder_id == folder_id)
    query = select(MailAction.id).where(into, MailAction.state.in_(OPEN)).limit(1)
    return session.execute(query).first() is not None


def followers(session: ReadSession, ids: Collection[int]) -> list[MailAction]:
    """Open actions that wait for one of `ids` to be done."""
    found: list[MailAction] = []
    for chunk in _chunks(ids):
        query = select(MailAction).where(MailAction.after_id.in_(chunk), MailAction.state.in_(OPEN))
        found += session.execute(query).scalars()
    return found


def _can_be_told(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What an open action needs to be sent: its time, nothing open before it, and for a flag a UID of its message.

    While it is in doubt whether a message was moved, it has none: neither the old one nor a new one.
    """
    before, move = aliased(MailAction), aliased(MailAction)
    blocked = exists().where(before.id == MailAction.after_id, before.state.in_(OPEN))
    moved = exists().where(move.place_id == MailAction.place_id, move.kind == ActionKind.MOVE)
    numberless = exists().where(Place.id == MailAction.place_id, Place.uid <= 0)
    has_uid = and_(
        ~moved.where(move.state == ActionState.SENT), or_(moved.where(move.state == ActionState.WAITING), ~numberless)
    )
    return MailAction.due_at <= now, ~blocked, or_(MailAction.kind != ActionKind.FLAG, has_uid)


def _due(row: MailAction, folder_id: int, uid: int, uidvalidity: int | None) -> Due:
    return Due(
        row.id,
        row.kind,
        row.state,
        row.tries,
        row.message_id,
        row.place_id,
        folder_id,
        uid,
        uidvalidity,
        row.flag,
        row.wanted,
        frozenset(row.believed.split()),
        row.known_modseq,
        row.target_id,
        row.target_uidnext,
        row.blob_id,
        row.created_at,
    )


def _chunks(ids: Collection[int], size: int = 500) -> Iterable[list[int]]:
    every = list(ids)
    return (every[start : start + size] for start in range(0, len(every), size))
