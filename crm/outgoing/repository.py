"""Outgoing mails in the database: every step of their life is one conditional UPDATE."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from crm.access.mail import ReadLevel, read_levels
from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from crm.intake.understanding import hashed_id
from crm.outgoing.views import OutgoingView, Recipient
from storage.models import (
    LEAVING,
    Activity,
    ActivityKind,
    Blob,
    Direction,
    Mailbox,
    MailboxAlias,
    Message,
    OAuthProvider,
    Outbox,
    Outgoing,
    Part,
    Reference,
    SendState,
    User,
)
from storage.models.job import JobState
from storage.sessions import ReadSession, WriteSession

NO_MAIL = "There is no such outgoing mail."


@dataclass(frozen=True, slots=True)
class SendingMailbox:
    """A mailbox to write from. `own_keys`: it and its aliases."""

    id: int
    email: str
    name: str
    signature: str
    smtp_url: str | None
    smtp_password_encrypted: str | None
    username: str
    oauth_provider: OAuthProvider | None
    own_keys: frozenset[str]
    receipts: bool | None
    """Its own word about read receipts."""
    signed_answers: bool


def mailbox(session: ReadSession, viewer: Viewer, mailbox_id: int) -> SendingMailbox:
    """A mailbox that the viewer may write from: their own, or one they work in, and no one that is being removed.

    Raises `NotFound`.
    """
    allowed = () if viewer.is_system else (is_own_mailbox(viewer),)
    return _sending_mailbox(session, mailbox_id, Mailbox.state.not_in(LEAVING), *allowed)


def mailbox_of_mail(session: ReadSession, mailbox_id: int) -> SendingMailbox:
    """The mailbox of a mail that was written before: until its removal begins, which can be taken back, it is sent."""
    return _sending_mailbox(session, mailbox_id)


def _sending_mailbox(session: ReadSession, mailbox_id: int, *where: ColumnElement[bool]) -> SendingMailbox:
    query = select(Mailbox, User.name).outerjoin(User, User.id == Mailbox.owner_id)
    found = session.execute(query.where(Mailbox.id == mailbox_id, *where)).one_or_none()
    if found is None:
        raise NotFound("There is no such mailbox, or you do not work in it.")
    row, owner = found
    aliases = session.execute(select(MailboxAlias.key).where(MailboxAlias.mailbox_id == mailbox_id)).scalars()
    return SendingMailbox(
        row.id,
        row.email,
        row.name or ("" if row.shared else owner or ""),
        row.signature,
        row.smtp_url,
        row.smtp_password_encrypted,
        row.username,
        row.oauth_provider,
        frozenset({row.email_key, *aliases}),
        row.receipts,
        row.signed_answers,
    )


def files_of_message(session: ReadSession, viewer: Viewer, message_id: int) -> list[tuple[int, str, str, int]]:
    """Index, name, type and size of what is attached to a message (inline pictures are not)."""
    del viewer  # Whoever asks has read the message itself first.
    query = select(Part.index, Part.filename, Part.content_type, Part.size).where(
        Part.message_id == message_id, Part.inline.is_(False)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query.order_by(Part.index))]


def outgoing(session: ReadSession, viewer: Viewer, outgoing_id: int) -> OutgoingView:
    """One mail. Raises `NotFound` when there is none for this viewer."""
    row = session.execute(_visible(viewer).where(Outgoing.id == outgoing_id)).scalar_one_or_none()
    if row is None:
        raise NotFound(NO_MAIL)
    return _view(row)


def attachments(session: ReadSession, viewer: Viewer, outgoing_id: int) -> list[dict[str, Any]]:
    """What goes along with a mail, as its row keeps it. Raises `NotFound` as `outgoing`."""
    row = session.execute(_visible(viewer).where(Outgoing.id == outgoing_id)).scalar_one_or_none()
    if row is None:
        raise NotFound(NO_MAIL)
    return list(row.attachments)


def blob_sizes(session: ReadSession, blob_ids: Collection[int]) -> dict[int, int]:
    """How many bytes each of these blobs has."""
    rows = session.execute(select(Blob.id, Blob.size).where(Blob.id.in_(blob_ids)))
    return {row.id: row.size for row in rows}


def outgoing_mails(
    session: ReadSession,
    viewer: Viewer,
    *,
    states: Collection[SendState] = (),
    before_id: int | None = None,
    limit: int = 50,
) -> list[OutgoingView]:
    """Mails of the viewer and of mailboxes they work in, newest first; `states` empty: all."""
    query = _visible(viewer).order_by(Outgoing.id.desc()).limit(limit)
    if states:
        query = query.where(Outgoing.state.in_(states))
    if before_id is not None:
        query = query.where(Outgoing.id < before_id)
    return [_view(row) for row in session.execute(query).scalars()]


def row_to_send(session: ReadSession, outgoing_id: int) -> Outgoing | None:
    """The row itself, for whoever sends it."""
    return session.execute(select(Outgoing).where(Outgoing.id == outgoing_id)).scalar_one_or_none()


def insert_once(session: WriteSession, values: dict[str, Any]) -> tuple[int, bool]:
    """Store a mail; id and whether it is new. The same `key` twice is the mail of the first time."""
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = dialect_insert(Outgoing).values(**values).on_conflict_do_nothing(index_elements=["key"])
    created = session.execute(statement.returning(Outgoing.id)).scalar_one_or_none()
    if created is not None:
        return created, True
    return session.execute(select(Outgoing.id).where(Outgoing.key == values["key"])).scalar_one(), False


def move(
    session: WriteSession,
    outgoing_id: int,
    from_states: Collection[SendState],
    to: SendState,
    *,
    fence: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> int | None:
    """Change the state, if it is one of `from_states` and the fence has not moved; the new fence, or None if not."""
    statement = update(Outgoing).where(Outgoing.id == outgoing_id, Outgoing.state.in_(from_states))
    if fence is not None:
        statement = statement.where(Outgoing.fence == fence)
    claimed = {"fence": Outgoing.fence + 1} if to is SendState.CLAIMED else {}
    statement = statement.values(state=to, **claimed, **(values or {})).returning(Outgoing.fence)
    return session.execute(statement.execution_options(synchronize_session=False)).scalar_one_or_none()


def learn_names(session: WriteSession, outgoing_id: int, names: Sequence[str]) -> None:
    """Remember what the relay calls a mail; answers that cite it so find the copies of it that came already."""
    named = update(Outgoing).where(Outgoing.id == outgoing_id).values(known_as=list(names))
    session.execute(named.execution_options(synchronize_session=False))
    copies = session.execute(select(Message.id).where(Message.outgoing_id == outgoing_id)).scalars().all()
    session.add_all(Reference(message_id=each, target_hash=hashed_id(name)) for each in copies for name in names)


def has_copy(session: ReadSession, outgoing_id: int) -> bool:
    """Whether a copy of the mail has been seen in the mailbox: then it was sent, whatever else is known."""
    return bool(session.execute(select(exists().where(Message.outgoing_id == outgoing_id))).scalar())


def unsettled(session: ReadSession, now: datetime) -> Sequence[Outgoing]:
    """Mails that somebody holds, or held when their process died, and those that should have been taken up by now."""
    held = Outgoing.state.in_((SendState.CLAIMED, SendState.ATTEMPTED))
    late = Outgoing.state.in_((SendState.PENDING, SendState.RETRY)) & (Outgoing.due_at <= now)
    return session.execute(select(Outgoing).where(or_(held, late)).order_by(Outgoing.id)).scalars().all()


def jobs_by_key(session: ReadSession, keys: Collection[str], now: datetime) -> dict[str, tuple[JobState, bool]]:
    """State of each job, and whether somebody is at it now."""
    rows = session.execute(select(Outbox.key, Outbox.state, Outbox.until).where(Outbox.key.in_(keys)))
    at_it = (JobState.HANDED, JobState.RUNNING)
    return {
        row.key: (row.state, row.state in at_it and row.until is not None and row.until > now)
        for row in rows
        if row.key is not None
    }


def complete_answered(session: WriteSession, message_id: int, now: datetime) -> None:
    """Mark the answered mail, and what came before it in its thread, as done."""
    answered = session.execute(select(Message.thread_id, Message.date).where(Message.id == message_id)).one_or_none()
    if answered is None:
        return
    waiting = update(Activity).where(
        Activity.kind == ActivityKind.MAIL,
        Activity.direction == Direction.INCOMING,
        Activity.completed_at.is_(None),
        or_(
            Activity.message_id == message_id,
            (Activity.thread_id == answered.thread_id) & (Activity.at <= answered.date),
        ),
    )
    session.execute(waiting.values(completed_at=now).execution_options(synchronize_session=False))


def message_named(session: ReadSession, viewer: Viewer, id_hash: str) -> int | None:
    """The message with this Message-ID (hashed), if the viewer may read it."""
    query = select(Message.id).where(Message.message_id_hash == id_hash).order_by(Message.id)
    found = list(session.execute(query).scalars())
    levels = read_levels(session, viewer, found)
    return next((each for each in found if levels.get(each) is ReadLevel.EVERYTHING), None)


def thread_of(session: ReadSession, message_id: int) -> int | None:
    """The thread a message belongs to."""
    return session.execute(select(Message.thread_id).where(Message.id == message_id)).scalar_one_or_none()


def _visible(viewer: Viewer) -> Select[Any]:
    query = select(Outgoing)
    if viewer.is_system:
        return query
    own: ColumnElement[bool] = exists().where(Mailbox.id == Outgoing.mailbox_id, is_own_mailbox(viewer))
    return query.where(or_(Outgoing.user_id == viewer.user_id, own))


def _view(row: Outgoing) -> OutgoingView:
    return OutgoingView(
        id=row.id,
        kind=row.kind,
        mailbox_id=row.mailbox_id,
        user_id=row.user_id,
        in_reply_to_id=row.in_reply_to_id,
        to=_recipients(row.to),
        cc=_recipients(row.cc),
        bcc=_recipients(row.bcc),
        subject=row.subject,
        text=row.text,
        state=row.state,
        reason=" ".join(filter(None, (row.reason, row.no_copy_reason))),
        tries=row.tries,
        due_at=row.due_at,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


def _recipients(stored: list[dict[str, Any]]) -> tuple[Recipient, ...]:
    return tuple(Recipient(each["address"], each["name"]) for each in stored)
