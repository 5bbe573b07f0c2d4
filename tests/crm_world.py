"""A small company for tests of the CRM: people, mailboxes with folders, and mail put into them as a sync would."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import select

from core.addresses import address_key
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import Taken, take_in_safely
from crm.records.contacts import create_contact
from crm.records.deals import change_stage
from crm.records.modes import CrmMode, write_mode
from storage.models import (
    Activity,
    ActivityBinding,
    Folder,
    FolderRole,
    Mailbox,
    MailboxAlias,
    Message,
    OnUnknown,
    Outbox,
    Place,
    RecordType,
    Role,
    Stage,
    StageKind,
    Thread,
    User,
)
from storage.sessions import ReadSession
from storage.store import Store

CONNECTED = datetime(2026, 3, 2, 8, tzinfo=UTC)  # A Monday.
NOW = CONNECTED + timedelta(hours=4)
HISTORY = CONNECTED - timedelta(days=40)
FOLDERS = (
    FolderRole.INBOX,
    FolderRole.SENT,
    FolderRole.ARCHIVE,
    FolderRole.JUNK,
    FolderRole.TRASH,
    FolderRole.DRAFTS,
)


def mail(
    from_: str,
    to: str,
    subject: str = "Offer",
    *,
    message_id: str | None = None,
    references: Sequence[str] = (),
    date: datetime = NOW,
    text: str = "Hello there,\n\ncould you send us an offer?\n",
    **headers: str,
) -> bytes:
    """A plain message. Message-IDs without angle brackets; header names with underscores for hyphens."""
    message = EmailMessage()
    message["From"] = from_
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(date)
    if message_id:
        message["Message-ID"] = f"<{message_id}>"
    if references:
        message["References"] = " ".join(f"<{each}>" for each in references)
        message["In-Reply-To"] = f"<{references[-1]}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


@dataclass
class Box:
    """A connected mailbox."""

    id: int
    email: str
    folders: dict[FolderRole, int]
    next_uid: dict[FolderRole, int] = field(default_factory=dict)


class World:
    """The company. `deliver` takes one mail in; `take` a batch."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ann = self.add_user("ann@ours.example", "Ann")
        self.bob = self.add_user("bob@ours.example", "Bob")
        self.sales = self.add_mailbox("sales@ours.example", owner_id=self.ann)
        self._look: ReadSession | None = None

    def add_user(self, email: str, name: str) -> int:
        with self.store.database.unit_of_work() as session:
            user = User(email=email, email_key=address_key(email), name=name, role=Role.SELLER, created_at=CONNECTED)
            session.add(user)
            session.flush()
            return user.id

    def add_mailbox(self, email: str, *, aliases: Sequence[str] = (), **columns: Any) -> Box:
        with self.store.database.unit_of_work() as session:
            mailbox = Mailbox(
                email=email,
                email_key=address_key(email),
                imap_host="localhost",
                imap_port=993,
                imap_security="tls",
                username=email,
                password_encrypted="-",
                connected_at=CONNECTED,
                new_since=CONNECTED,
                **columns,
            )
            session.add(mailbox)
            session.flush()
            session.add_all(
                MailboxAlias(mailbox_id=mailbox.id, address=each, key=address_key(each)) for each in aliases
            )
            folders = {}
            for role in FOLDERS:
                folder = Folder(mailbox_id=mailbox.id, name=role.value, name_hash=role.value, role=role)
                session.add(folder)
                session.flush()
                folders[role] = folder.id
            return Box(mailbox.id, email, folders)

    def change(self, box: Box, **columns: Any) -> None:
        with self.store.database.unit_of_work() as session:
            mailbox = session.get_one(Mailbox, box.id)
            for name, value in columns.items():
                setattr(mailbox, name, value)

    def mode(self, mode: CrmMode) -> None:
        with self.store.database.unit_of_work() as session:
            write_mode(session, mode)

    def create_nothing(self, *boxes: Box) -> None:
        for box in boxes or (self.sales,):
            self.change(box, on_unknown_incoming=OnUnknown.NOTHING, on_unknown_outgoing=OnUnknown.NOTHING)

    def arrival(
        self,
        raw: bytes,
        box: Box | None = None,
        role: FolderRole = FolderRole.INBOX,
        *,
        internal_date: datetime = NOW,
        uid: int | None = None,
        flags: Flags = Flags(),
        gmail_thread_id: int | None = None,
    ) -> Arrival:
        box = box or self.sales
        if uid is None:
            uid = box.next_uid[role] = box.next_uid.get(role, 0) + 1
        return Arrival(box.folders[role], uid, flags, internal_date, raw, gmail_thread_id)

    def take(self, arrivals: Sequence[Arrival], box: Box | None = None) -> Taken:
        return take_in_safely(self.store, (box or self.sales).id, prepare(self.store, arrivals))

    def deliver(self, raw: bytes, box: Box | None = None, role: FolderRole = FolderRole.INBOX, **options: Any) -> int:
        """Take one mail in; the id of its message."""
        taken = self.take([self.arrival(raw, box, role, **options)], box)
        assert not taken.quarantined
        (place_id,) = taken.places.values()
        return self.rows(select(Place).where(Place.id == place_id))[0].message_id

    def rows(self, statement: Any) -> list[Any]:
        if self._look is not None:
            return list(self._look.execute(statement).scalars())
        with self.store.database.reading() as session:
            return list(session.execute(statement).scalars())

    @contextmanager
    def one_look(self) -> Iterator[ReadSession]:
        """All that `rows` is asked within is one read: half the time for whoever asks much. Nothing may change meanwhile."""
        with self.store.database.reading() as session:
            self._look = session
            try:
                yield session
            finally:
                self._look = None

    def all(self, table: type[Any]) -> list[Any]:
        return self.rows(select(table).order_by(table.id))

    def message(self, message_id: int) -> Message:
        return self.rows(select(Message).where(Message.id == message_id))[0]

    def activity(self, message_id: int) -> Activity | None:
        return next(iter(self.rows(select(Activity).where(Activity.message_id == message_id))), None)

    def bindings(self, message_id: int) -> list[tuple[RecordType, int]]:
        """Records a mail stands on, its owner first."""
        statement = (
            select(ActivityBinding)
            .join(Activity, Activity.id == ActivityBinding.activity_id)
            .where(Activity.message_id == message_id)
            .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
        )
        return [(row.record_type, row.record_id) for row in self.rows(statement)]

    def kinds(self, message_id: int) -> list[str]:
        return [record_type.value for record_type, _ in self.bindings(message_id)]

    def decision(self, message_id: int) -> dict[str, str]:
        """Step to outcome, of the newest place."""
        place = self.rows(select(Place).where(Place.message_id == message_id).order_by(Place.id.desc()))[0]
        return {entry["step"]: entry["outcome"] for entry in place.decision}

    def jobs(self) -> list[str]:
        return [row.job for row in self.all(Outbox)]

    def threads(self) -> set[frozenset[str]]:
        """Message-IDs of each thread; asserts that the rows of threads agree."""
        found: dict[int, list[Message]] = {}
        for message in self.all(Message):
            found.setdefault(message.thread_id, []).append(message)
        for thread in self.all(Thread):
            messages = found.get(thread.id, [])
            assert thread.message_count == len(messages)
            assert (thread.merged_into_id is not None) == (not messages)
            if messages:
                assert thread.first_at == min(message.date for message in messages)
                assert thread.last_at == max(message.date for message in messages)
        return {frozenset(message.message_id or message.identity for message in group) for group in found.values()}


def known_contact(world: World, email: str = "carl@client.example", **columns: object) -> int:
    """A contact that stood on record before any mail."""
    with world.store.database.unit_of_work() as session:
        return create_contact(session, "Carl", emails=[email], **columns)


def close_deal(world: World, deal_id: int) -> None:
    """Win a deal."""
    with world.store.database.unit_of_work() as session:
        won = next(stage for stage in world.all(Stage) if stage.kind is StageKind.WON)
        change_stage(session, deal_id, won.id)
