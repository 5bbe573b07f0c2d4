"""A small company in a store of its own: three colleagues, a mailbox each for two of them, a client with a deal."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import insert

from core.addresses import address_key
from core.clock import utcnow
from core.config import Settings
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from parsers.message import parse_message
from parsers.model import ParsedMessage
from storage import blobs as blob_rows
from storage import jobs, outbox
from storage.models import (
    Direction,
    Folder,
    FolderRole,
    IntakeAddress,
    IntakeDelivery,
    IntakeState,
    Mailbox,
    Message,
    MessageAddress,
    Outbox,
    Part,
    Place,
    Purpose,
    Queue,
    Role,
    Thread,
    User,
)
from storage.running import JobRun
from storage.store import Store


@dataclass
class SmallCompany:
    """Ids of what is there, and ways to add to it. Ann administers, Bob sells, Gus may only read."""

    store: Store
    settings: Settings

    def __post_init__(self) -> None:
        with self.store.database.unit_of_work() as session:
            people = (("Ann Archer", Role.ADMINISTRATOR), ("Bob Baker", Role.SELLER), ("Gus Guest", Role.GUEST))
            self.ann, self.bob, self.gus = (self._add(session, User, **person(name, role)) for name, role in people)
            self.mailbox = self._add(session, Mailbox, **mailbox("ann@house.example", self.ann))
            self.bobs_mailbox = self._add(session, Mailbox, **mailbox("bob@house.example", self.bob))
            self.folder = self._folder(session, self.mailbox)
            self.bobs_folder = self._folder(session, self.bobs_mailbox)
            self.company = create_company(session, "Client Ltd", domain="client.example")
            self.contact = create_contact(
                session, "Carl Client", emails=["carl@client.example"], company_id=self.company
            )
            self.deal = create_deal(
                session, "Two grinders", contact_id=self.contact, company_id=self.company, responsible_id=self.bob
            )

    def viewer(self, user_id: int) -> Viewer:
        roles = {self.ann: Role.ADMINISTRATOR, self.bob: Role.SELLER, self.gus: Role.GUEST}
        return Viewer(user_id, roles[user_id])

    def keep(self, mail: EmailMessage | bytes, *, folder: int | None = None, mailbox_id: int | None = None) -> int:
        """Store a message as if intake had, without any of its decisions; its id."""
        raw = mail.as_bytes().replace(b"\n", b"\r\n") if isinstance(mail, EmailMessage) else mail
        parsed = parse_message(raw)
        prepared = self.store.blobs.prepare([raw[: parsed.head_size], raw[parsed.head_size :]])
        with self.store.database.unit_of_work() as session:
            head_id, body_id = blob_rows.record(session, prepared)
            now = utcnow()
            thread = self._add(session, Thread, subject=parsed.subject, first_at=now, last_at=now, message_count=1)
            message_id = self._add(session, Message, thread_id=thread, body_blob_id=body_id, **message_of(parsed))
            for address in addresses_of(parsed):
                self._add(session, MessageAddress, message_id=message_id, **address)
            for file in parsed.attachments:
                self._add(session, Part, message_id=message_id, **{name: getattr(file, name) for name in PART_FIELDS})
            self._add(
                session,
                Place,
                mailbox_id=mailbox_id or self.mailbox,
                folder_id=folder or self.folder,
                message_id=message_id,
                uid=message_id,
                internal_date=now,
                size=len(raw),
                sha256="",
                head_blob_id=head_id,
                is_new=True,
                decision=[],
                **dict.fromkeys(("seen", "flagged", "answered", "draft"), False),
            )
        return message_id

    def deliver(
        self,
        mail: EmailMessage,
        purpose: Purpose,
        *,
        user_id: int | None = None,
        state: IntakeState = IntakeState.ACCEPTED,
    ) -> int:
        """A mail to the secret address of somebody (Ann by default); the id of the delivery."""
        message_id = self.keep(mail)
        with self.store.database.unit_of_work() as session:
            address = self._add(
                session,
                IntakeAddress,
                purpose=purpose,
                user_id=user_id or self.ann,
                token_lookup=f"{purpose}-{message_id}",
                token_encrypted="",
                created_at=utcnow(),
            )
            return self._add(
                session,
                IntakeDelivery,
                intake_address_id=address,
                message_id=message_id,
                state=state,
                reason="",
                created_at=utcnow(),
            )

    def run(self, job: jobs.Job[Any], args: Any) -> JobRun:
        """A fresh run of a job, as a worker would begin it."""
        with self.store.database.unit_of_work() as session:
            jobs.enqueue(session, job, args)
        return self.next_run()

    def next_run(self) -> JobRun:
        """The run of the job that has been due for longest."""
        with self.store.database.unit_of_work() as session:
            handed = outbox.hand_out(session, list(Queue), 1)
            assert handed, "no job is due"
            taken = outbox.take(session, handed[0][0])
        assert taken is not None
        return JobRun(self.store, self.settings, taken)

    def rows(self, model: Any, **equal: Any) -> list[Any]:
        """Rows of a table, for a test to look at."""
        with self.store.database.reading() as session:
            return list(session.query(model).filter_by(**equal).order_by(model.id))

    def jobs_of(self, job: jobs.Job[Any]) -> list[Any]:
        return self.rows(Outbox, job=job.name)

    def _folder(self, session: Any, mailbox_id: int) -> int:
        return self._add(
            session, Folder, mailbox_id=mailbox_id, name="INBOX", name_hash=f"{mailbox_id}", role=FolderRole.INBOX
        )

    def _add(self, session: Any, model: Any, **values: Any) -> int:
        return session.execute(insert(model).values(**values).returning(model.id)).scalar_one()


PART_FIELDS = ("index", "filename", "content_type", "size", "sha256", "content_id", "inline")


def message_of(parsed: ParsedMessage) -> dict[str, Any]:
    author = parsed.from_[0]
    return {
        "identity": parsed.message_id or parsed.fingerprint,
        "fingerprint": parsed.fingerprint,
        "message_id": parsed.message_id,
        "direction": Direction.INCOMING,
        "kind": parsed.kind.value,
        "date": parsed.date or utcnow(),
        "subject": parsed.subject,
        "base_subject_hash": "",
        "from_name": author.name,
        "from_address": author.address,
        "from_key": address_key(author.address),
        "snippet": parsed.text[:80],
        "attachment_count": len(parsed.attachments),
    }


def addresses_of(parsed: ParsedMessage) -> list[dict[str, Any]]:
    return [
        {"role": role, "position": position, "name": one.name, "address": one.address, "key": address_key(one.address)}
        for role, named in (("from", parsed.from_), ("to", parsed.to), ("cc", parsed.cc))
        for position, one in enumerate(named)
    ]


def person(name: str, role: Role) -> dict[str, Any]:
    email = f"{name.split()[0].lower()}@house.example"
    return {"name": name, "email": email, "email_key": email, "role": role, "created_at": utcnow()}


def mailbox(email: str, owner_id: int) -> dict[str, Any]:
    return {
        "email": email,
        "email_key": email,
        "owner_id": owner_id,
        "imap_host": "imap.house.example",
        "imap_port": 993,
        "imap_security": "tls",
        "username": email,
        "password_encrypted": "",
        "connected_at": utcnow(),
        "new_since": utcnow(),
    }


def letter(
    subject: str,
    text: str,
    *,
    sender: str = "Ann Archer <ann@house.example>",
    to: str = "bob@house.example",
    **headers: str,
) -> EmailMessage:
    """A plain mail; headers by name with underscores."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    mail["Message-ID"] = headers.pop("message_id", f"<{abs(hash((subject, text, sender)))}@house.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail
