"""Runs of a policy over older mail, and the records that they made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, insert, or_, select, update

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.intake.clients import ITEMS, Key
from crm.intake.steps.new_records import MADE
from crm.records.repository.naming import MERGED_INTO, TABLES
from crm.records.repository.removing import take_off_story
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Comment,
    Contact,
    CustomField,
    Deal,
    Effect,
    FieldValue,
    Lead,
    LeadState,
    Mailbox,
    PolicyRun,
    PolicyRunRecord,
    RecordChange,
    RecordType,
    ThreadBinding,
)
from storage.models.base import BigId
from storage.sessions import ReadSession, WriteSession

NOT_THERE = "There is no such run."
MOST_ENTRIES = 500
MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record by its type and id."""

    type: RecordType
    id: int


@dataclass(frozen=True, slots=True)
class RunView:
    """How far a run is: `done` of `total` mails, what it `made`; of that, what undoing `removed` and what it `kept` (the first
    fifty). `skipped` of the mails could not be judged; `stopped` tells a person why it did not go on to its end."""

    number: int
    mailbox_id: int
    since: datetime
    until: datetime
    total: int
    done: int
    began_at: datetime
    ended_at: datetime | None
    undoing_since: datetime | None
    undone_at: datetime | None
    made: dict[str, int]
    removed: int
    kept: tuple[RecordName, ...]
    skipped: int
    stopped: str

    @property
    def can_be_undone(self) -> bool:
        """Whether it has ended, made something, and was not taken back."""
        return self.ended_at is not None and bool(self.made) and self.undoing_since is None


def add(session: WriteSession, row: PolicyRun) -> int:
    """Insert a run; its number."""
    session.add(row)
    session.flush()
    return row.id


def held(session: WriteSession, number: int) -> PolicyRun:
    """A run that nobody else goes on with until this unit ends. Raises `NotFound`."""
    row = session.execute(select(PolicyRun).where(PolicyRun.id == number).with_for_update()).scalar()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def hold_mailbox(session: WriteSession, mailbox_id: int) -> None:
    """Let nobody else begin a run of this mailbox until this unit ends; its mail goes on coming."""
    session.execute(select(Mailbox.id).where(Mailbox.id == mailbox_id).with_for_update(key_share=True))


def under_way(session: ReadSession, mailbox_id: int) -> bool:
    """Whether a run of this mailbox goes on, or is being taken back."""
    goes_on = or_(PolicyRun.ended_at.is_(None), PolicyRun.undoing_since.is_not(None) & PolicyRun.undone_at.is_(None))
    return bool(session.execute(select(exists().where(PolicyRun.mailbox_id == mailbox_id, goes_on))).scalar())


def last_run(session: ReadSession, viewer: Viewer, mailbox_id: int) -> RunView | None:
    """The last run of a mailbox."""
    last = select(func.max(PolicyRun.id)).where(PolicyRun.mailbox_id == mailbox_id)
    number = session.execute(last).scalar()
    return None if number is None else run(session, viewer, number)


def run(session: ReadSession, viewer: Viewer, number: int) -> RunView:
    """One run. Raises `NotFound`."""
    del viewer
    row = session.get(PolicyRun, number)
    if row is None:
        raise NotFound(NOT_THERE)
    made = select(PolicyRunRecord.record_type, func.count()).where(PolicyRunRecord.run_id == number)
    removed = select(func.count()).where(PolicyRunRecord.run_id == number, PolicyRunRecord.removed.is_(True))
    kept = select(PolicyRunRecord.record_type, PolicyRunRecord.record_id).where(
        PolicyRunRecord.run_id == number, PolicyRunRecord.removed.is_(False)
    )
    return RunView(
        row.id,
        row.mailbox_id,
        row.since,
        row.until,
        row.total,
        row.done,
        row.began_at,
        row.ended_at,
        row.undoing_since,
        row.undone_at,
        {kind.value: count for kind, count in session.execute(made.group_by(PolicyRunRecord.record_type))},
        session.execute(removed).scalar_one(),
        tuple(RecordName(*row) for row in session.execute(kept.order_by(PolicyRunRecord.id).limit(MOST_KEPT))),
        row.skipped,
        row.stopped,
    )


def add_records(session: WriteSession, number: int, made: Sequence[tuple[int, Key]]) -> None:
    """Remember what a run made, and of which mails."""
    rows = [
        {"run_id": number, "message_id": message_id, "record_type": kind, "record_id": record_id, "removed": None}
        for message_id, (kind, record_id) in made
    ]
    if rows:
        session.execute(insert(PolicyRunRecord), rows)


def to_undo(session: WriteSession, number: int, limit: int) -> list[PolicyRunRecord]:
    """What is still to be taken back: deals and leads first, then those whom they name."""
    query = select(PolicyRunRecord).where(PolicyRunRecord.run_id == number, PolicyRunRecord.removed.is_(None))
    ordered = query.order_by(PolicyRunRecord.record_type.not_in(ITEMS), PolicyRunRecord.record_type == "company")
    return list(session.execute(ordered.order_by(PolicyRunRecord.id.desc()).limit(limit)).scalars())


def take_back(session: WriteSession, record: Key, *, ended_at: datetime, now: datetime, user_id: int | None) -> bool:
    """Put a record into the recycle bin and let its mail stand on nothing; False where somebody touched it since."""
    kind, record_id = record
    row = session.execute(
        select(TABLES[kind])
        .where(TABLES[kind].id == record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar()
    if row is None or row.deleted_at is not None:
        return True
    if session.execute(_touched(kind), {"record": record_id, "ended_at": ended_at}).scalar():
        return False
    row.deleted_at, row.deleted_by_id = now, user_id
    session.flush()
    while take_off_story(session, kind, [record_id], MOST_ENTRIES) == MOST_ENTRIES:
        pass
    return True


def forget_effects(session: WriteSession, message_id: int, record: Key) -> None:
    """Let a mail make anew what was taken back of it."""
    target = f"{record[0].value}:{record[1]}"
    gone = or_(
        (Effect.kind == MADE) & (Effect.target == target),
        (Effect.kind == "created") & (Effect.target == record[0].value),
    )
    session.execute(
        delete(Effect).where(Effect.message_id == message_id, gone).execution_options(synchronize_session=False)
    )


def mark(session: WriteSession, record_row: PolicyRunRecord, *, removed: bool) -> None:
    """Say what became of a record."""
    changed = update(PolicyRunRecord).where(PolicyRunRecord.id == record_row.id).values(removed=removed)
    session.execute(changed.execution_options(synchronize_session=False))


@lru_cache(maxsize=8)
def _touched(kind: RecordType) -> Select[bool]:
    """Whether a record was edited, moved, written on, named by others or by hand for a conversation, its mail commented on, or
    more came since a run ended. Built once: that takes longer than asking."""
    record_id, ended_at = bindparam("record", type_=BigId), bindparam("ended_at", type_=Activity.created_at.type)
    ways: list[ColumnElement[bool]] = [
        exists().where(RecordChange.record_type == kind, RecordChange.record_id == record_id),
        exists().where(
            FieldValue.record_id == record_id, FieldValue.field_id == CustomField.id, CustomField.record_type == kind
        ),
        exists().where(
            ActivityBinding.record_type == kind,
            ActivityBinding.record_id == record_id,
            ActivityBinding.activity_id == Activity.id,
            or_(Activity.kind != ActivityKind.MAIL, Activity.created_at > ended_at, _commented()),
        ),
        exists().where(ThreadBinding.record_type == kind, ThreadBinding.record_id == record_id),
    ]
    if kind is RecordType.DEAL:
        ways.append(exists().where(Deal.id == record_id, Deal.updated_at != Deal.created_at))
    if kind is RecordType.LEAD:
        ways.append(exists().where(Lead.id == record_id, Lead.state != LeadState.ACTIVE))
    for table in (Deal, Lead):
        column = {RecordType.CONTACT: table.contact_id, RecordType.COMPANY: table.company_id}.get(kind)
        if column is not None:
            ways.append(exists().where(column == record_id, table.deleted_at.is_(None)))
    if kind is RecordType.COMPANY:
        ways.append(exists().where(Contact.company_id == record_id, Contact.deleted_at.is_(None)))
    if (merged_into := MERGED_INTO.get(kind)) is not None:
        ways.append(exists().where(merged_into == record_id))
    return select(or_(*ways))


def _commented() -> ColumnElement[bool]:
    """Of `Activity`: whether somebody has commented on it."""
    return exists().where(
        Comment.subject_type == "activity", Comment.subject_id == Activity.id, Comment.deleted_at.is_(None)
    )
