"""The names of all jobs and what each is told. Workers bind them to use cases (`workers/bindings.py`).

A name is a noun and a verb. Arguments are ids and short words, never rows: a handler reads what is true when it runs.
A lower room asks for work above it by enqueuing: crm knows `campaigns.bounce` by name only.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from storage.models import Outbox, Queue
from storage.sessions import WriteSession


@dataclass(frozen=True, slots=True)
class OfMessage:
    """A stored message that came by `mailbox_id`."""

    message_id: int
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class OfIntakeDelivery:
    """An accepted mail to a secret address."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class OfOutgoing:
    """A single mail to be sent, or stored in the Sent folder."""

    outgoing_id: int


@dataclass(frozen=True, slots=True)
class OfCampaign:
    """A campaign to freeze, send or finish."""

    campaign_id: int


@dataclass(frozen=True, slots=True)
class OfMailbox:
    """A mailbox to be compared with its server, or removed."""

    mailbox_id: int


@dataclass(frozen=True, slots=True)
class OfMerge:
    """Arguments of jobs about one merge of records."""

    merge_id: int


@dataclass(frozen=True, slots=True)
class OfLeadRun:
    """Something that is done to many leads, by its number: one that was replaced or taken back has nothing to do."""

    number: int


@dataclass(frozen=True, slots=True)
class OfPolicyRun:
    """A mailbox's policy applied to older mail, or that taken back."""

    number: int


@dataclass(frozen=True, slots=True)
class OfBulkEdit:
    """An edit of many records."""

    bulk_edit_id: int


@dataclass(frozen=True, slots=True)
class OfImport:
    """An import to be tried, run, undone or forgotten."""

    run_id: int


@dataclass(frozen=True, slots=True)
class OfPhones:
    """Phones that are to be read as numbers of a country: those without one, or `anew` all that are written without a code."""

    country: str
    anew: bool = False


Args = (
    OfMessage
    | OfPhones
    | OfIntakeDelivery
    | OfOutgoing
    | OfCampaign
    | OfMailbox
    | OfLeadRun
    | OfBulkEdit
    | OfMerge
    | OfImport
    | OfPolicyRun
)
A = TypeVar(
    "A",
    OfMessage,
    OfPhones,
    OfIntakeDelivery,
    OfOutgoing,
    OfCampaign,
    OfMailbox,
    OfLeadRun,
    OfBulkEdit,
    OfMerge,
    OfImport,
    OfPolicyRun,
)


@dataclass(frozen=True, slots=True)
class Job(Generic[A]):
    """A kind of work: its name, its queue, the class of its arguments, and how often it is tried.

    `given_up` names the job, with the same arguments, that is asked for when this one is given up.
    """

    name: str
    queue: Queue
    args: type[A]
    max_tries: int = 12
    given_up: str = ""


MESSAGE_RECEIVED = Job("message.received", Queue.MAIL, OfMessage)
MESSAGE_SENT = Job("message.sent", Queue.MAIL, OfMessage)
JUDGE_AGAIN = Job("message.judge_again", Queue.MAIL, OfMessage)
TASK_FROM_MAIL = Job("work.task_from_mail", Queue.NOW, OfIntakeDelivery)
POST_FROM_MAIL = Job("stream.post_from_mail", Queue.NOW, OfIntakeDelivery)
SEND_OUTGOING = Job("outgoing.send", Queue.NOW, OfOutgoing)
STORE_IN_SENT = Job("mailbox.store_in_sent", Queue.MAIL, OfOutgoing)
CAMPAIGN_BOUNCE = Job("campaigns.bounce", Queue.MAIL, OfMessage)
CAMPAIGN_PREPARE = Job("campaigns.prepare", Queue.BULK, OfCampaign)
AUDIT_MAILBOX = Job("mailbox.audit", Queue.BULK, OfMailbox)
LEAVE_MERGE = Job("records.leave_merge", Queue.BULK, OfMerge, max_tries=1000)
FINISH_MERGE = Job("records.finish_merge", Queue.BULK, OfMerge, max_tries=100, given_up=LEAVE_MERGE.name)
LEAVE_POLICY = Job("records.leave_policy", Queue.BULK, OfPolicyRun, max_tries=1000)
APPLY_POLICY = Job("records.apply_policy", Queue.BULK, OfPolicyRun, max_tries=100, given_up=LEAVE_POLICY.name)
LEAVE_LEADS = Job("records.leave_leads", Queue.BULK, OfLeadRun, max_tries=1000)
CONVERT_LEADS = Job("records.convert_leads", Queue.BULK, OfLeadRun, max_tries=100, given_up=LEAVE_LEADS.name)
LEAVE_EDIT = Job("records.leave_edit", Queue.BULK, OfBulkEdit, max_tries=1000)
EDIT_MANY = Job("records.edit_many", Queue.BULK, OfBulkEdit, max_tries=100, given_up=LEAVE_EDIT.name)
UNDO_EDIT_OF_MANY = Job("records.undo_edit_of_many", Queue.BULK, OfBulkEdit, max_tries=100, given_up=LEAVE_EDIT.name)
HAND_OVER = Job("people.hand_over", Queue.BULK, OfBulkEdit, max_tries=100, given_up=LEAVE_EDIT.name)
UNDO_HAND_OVER = Job("people.undo_hand_over", Queue.BULK, OfBulkEdit, max_tries=100, given_up=LEAVE_EDIT.name)
REMOVE_MAILBOX = Job("mailbox.remove", Queue.BULK, OfMailbox, max_tries=1000)
RENUMBER_PHONES = Job("records.renumber_phones", Queue.BULK, OfPhones, max_tries=100)
LEAVE_IMPORT = Job("records.leave_import", Queue.BULK, OfImport, max_tries=1000)
TRY_IMPORT = Job("records.try_import", Queue.BULK, OfImport, given_up=LEAVE_IMPORT.name)
RUN_IMPORT = Job("records.run_import", Queue.BULK, OfImport, max_tries=100, given_up=LEAVE_IMPORT.name)
UNDO_IMPORT = Job("records.undo_import", Queue.BULK, OfImport, max_tries=100, given_up=LEAVE_IMPORT.name)
FORGET_IMPORT = Job("records.forget_import", Queue.BULK, OfImport, max_tries=1000)

ALL: tuple[Job[Any], ...] = tuple(value for value in list(globals().values()) if isinstance(value, Job))
BY_NAME: dict[str, Job[Any]] = {job.name: job for job in ALL}


@dataclass(frozen=True, slots=True)
class Order:
    """One job to enqueue; for batches."""

    job: Job[Any]
    args: Args
    key: str | None = None
    due: datetime | None = None


def enqueue(
    session: WriteSession, job: Job[A], args: A, *, key: str | None = None, due: datetime | None = None
) -> None:
    """Ask for `job`, from the moment the unit of work commits (or from `due`). The same `key` twice is one job."""
    enqueue_many(session, [Order(job, args, key, due)])


def enqueue_many(session: WriteSession, orders: list[Order]) -> None:
    """`enqueue` for a batch, in one statement."""
    if not orders:
        return
    now = utcnow()
    rows = [
        {
            "job": order.job.name,
            "queue": order.job.queue,
            "args": asdict(order.args),
            "key": order.key,
            "due_at": order.due or now,
            "created_at": now,
        }
        for order in orders
    ]
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    keyed = [row for row in rows if row["key"] is not None]
    plain = [row for row in rows if row["key"] is None]
    if keyed:
        session.execute(dialect_insert(Outbox).on_conflict_do_nothing(index_elements=["key"]), keyed)
    if plain:
        session.execute(insert(Outbox), plain)
    session.queues_to_wake.update(order.job.queue for order in orders)
