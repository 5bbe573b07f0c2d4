"""The demo's company in a store, ready to be looked at: what pages and the API show is tested on it.

Mail is written straight into rows (no server, no rules of intake), because these tests are about showing it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.demo.company import load_company
from cli.demo.company.model import Company as SampleCompany
from cli.demo.company.model import SampleMessage
from core.addresses import address_key
from core.clock import utcnow
from crm.access.people import NewPerson, add_first_administrator, add_person
from crm.access.viewer import Viewer
from crm.intake.arrival import Arrival, Flags
from crm.intake.mail import Prepared
from crm.intake.preparing import hashed, prepare
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.repository import writing
from sqlalchemy import insert, select
from storage import blobs
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Direction,
    Folder,
    FolderRole,
    Mailbox,
    MailboxMember,
    MailboxState,
    Message,
    MessageAddress,
    Part,
    Place,
    RecordType,
    Role,
    Stage,
    StageKind,
    Thread,
)
from storage.search import index_messages
from storage.sessions import WriteSession
from storage.store import Store

STATES = {"tom": (MailboxState.AUTH_FAILED, "")}
ANSWER_WITHIN = timedelta(hours=30)


@dataclass
class Seed:
    """Ids by the company's own keys."""

    company: SampleCompany
    people: dict[str, int]
    mailboxes: dict[str, int]
    contacts: dict[str, int]
    clients: dict[str, int]
    deals: dict[str, int]

    def viewer(self, key: str) -> Viewer:
        """On behalf of one of the company's people."""
        person = next(person for person in self.company.people if person.key == key)
        return Viewer(self.people[key], Role(person.role))

    def password(self, key: str) -> tuple[str, str]:
        """E-mail address and password to sign in with."""
        person = next(person for person in self.company.people if person.key == key)
        return person.email, _long(person.password)


def _long(password: str) -> str:
    return f"{password}-of-fonte-lenta"


def seed_company(store: Store, *, now: datetime | None = None) -> Seed:
    """Put the whole company into `store`."""
    company = load_company(now)
    people = _add_people(store, company)
    seed = Seed(company, people, {}, {}, {}, {})
    with store.database.unit_of_work() as session:
        _add_records(session, seed)
        folders = _add_mailboxes(session, seed, store)
    _add_mail(store, seed, folders)
    return seed


def _add_people(store: Store, company: SampleCompany) -> dict[str, int]:
    ids = {}
    for person in company.people:
        if not ids:
            ids[person.key] = add_first_administrator(
                store, email=person.email, name=person.name, password=_long(person.password)
            )
        else:
            new = NewPerson(person.email, person.name, Role(person.role), _long(person.password), person.time_zone)
            ids[person.key] = add_person(store, Viewer.system(), new)
    return ids


def _add_records(session: WriteSession, seed: Seed) -> None:
    company, people = seed.company, seed.people
    outcomes = {"": StageKind.OPEN, "won": StageKind.WON, "lost": StageKind.LOST}
    pipeline = writing.add_pipeline(session, company.pipeline, [(s.name, outcomes[s.outcome]) for s in company.stages])
    stages = {row.name: row.id for row in session.execute(select(Stage).where(Stage.pipeline_id == pipeline.id)).scalars()}
    for client in company.clients:
        seed.clients[client.key] = create_company(
            session, client.name, domain=client.domain, responsible_id=people[client.owner], source="import"
        )
    for contact in company.contacts:
        seed.contacts[contact.key] = create_contact(
            session,
            contact.name,
            emails=[contact.email],
            phones=[contact.phone] if contact.phone else [],
            company_id=seed.clients.get(contact.client),
            responsible_id=people[contact.owner],
            position=contact.position,
            tags=contact.tags,
            source="import",
        )
    for deal in company.deals:
        seed.deals[deal.title] = create_deal(
            session,
            deal.title,
            stage_id=stages[deal.stage],
            contact_id=seed.contacts[deal.contact],
            company_id=seed.clients.get(deal.client),
            amount=deal.amount,
            currency=deal.currency,
            responsible_id=people[deal.owner],
            source="email",
        )
    for lead in company.leads:
        create_lead(session, lead.title, name=lead.name, emails=[lead.email], responsible_id=people[lead.owner])


def _add_mailboxes(session: WriteSession, seed: Seed, store: Store) -> dict[tuple[str, str], int]:
    now, folders = utcnow(), {}
    for box in seed.company.mailboxes:
        state, reason = STATES.get(box.key, (MailboxState.LIVE, ""))
        mailbox = Mailbox(
            email=box.email,
            email_key=address_key(box.email),
            name=box.name,
            owner_id=None if box.shared else seed.people[box.members[0]],
            shared=box.shared,
            imap_host="127.0.0.1",
            imap_port=1143,
            imap_security="none",
            username=box.email,
            password_encrypted=store.keys.encrypt("mailbox.password", box.password),
            smtp_url="smtp://127.0.0.1:1025",
            state=state,
            state_reason=reason,
            connected_at=now,
            new_since=now - timedelta(days=60),
            last_new_at=now - timedelta(minutes=4),
            last_pass_at=now - timedelta(seconds=20),
        )
        session.add(mailbox)
        session.flush()
        seed.mailboxes[box.key] = mailbox.id
        if box.shared:
            session.add_all(MailboxMember(mailbox_id=mailbox.id, user_id=seed.people[key]) for key in box.members)
        for folder in box.folders:
            row = Folder(
                mailbox_id=mailbox.id,
                name=folder.name,
                name_hash=hashed(folder.name),
                delimiter="/",
                role=FolderRole(folder.use),
                server_messages=sum(m.mailbox == box.key and m.folder == folder.name for m in seed.company.messages),
            )
            session.add(row)
            session.flush()
            folders[(box.key, folder.name)] = row.id
    return folders


def _add_mail(store: Store, seed: Seed, folders: dict[tuple[str, str], int]) -> None:
    samples = sorted(seed.company.messages, key=lambda sample: sample.internal_date)
    arrivals = [_arrival(sample, folders[(sample.mailbox, sample.folder)], uid) for uid, sample in enumerate(samples, 1)]
    prepared = [one for one in prepare(store, arrivals) if isinstance(one, Prepared)]
    our_keys = {person.email for person in seed.company.people} | {box.email for box in seed.company.mailboxes}
    with store.database.unit_of_work() as session:
        roles = dict(session.execute(select(Folder.id, Folder.role)).tuples().all())
        owners = dict(session.execute(select(Folder.id, Folder.mailbox_id)).tuples().all())
        writer = _MailWriter(session, seed, roles, owners, our_keys)
        for one in prepared:
            writer.add(one)
        writer.finish()


def _arrival(sample: SampleMessage, folder_id: int, uid: int) -> Arrival:
    flags = Flags(
        seen="\\Seen" in sample.flags,
        flagged="\\Flagged" in sample.flags,
        answered="\\Answered" in sample.flags,
        draft="\\Draft" in sample.flags,
    )
    return Arrival(folder_id, uid, flags, sample.internal_date, sample.raw)


class _MailWriter:
    """Rows for messages, one by one; threads by references and subject, activities by the contact's address."""

    def __init__(self, session: WriteSession, seed: Seed, roles, owners, our_keys) -> None:
        self.session, self.seed, self.roles, self.owners, self.our_keys = session, seed, roles, owners, our_keys
        self.messages: dict[str, int] = {}
        self.threads: dict[str, Thread] = {}
        self.contacts = {address_key(c.email): c for c in seed.company.contacts}
        self.last: dict[int, Activity] = {}

    def add(self, one: Prepared) -> None:
        mail, now = one.mail, utcnow()
        message_id = self.messages.get(mail.identity)
        head, body = blobs.record(self.session, [one.head, one.body])
        if message_id is None:
            message_id = self._message(one, body)
        decision = [
            {"step": "folder", "outcome": self.roles[one.folder_id].value, "detail": ""},
            {"step": "identity", "outcome": "new message", "detail": ""},
            {"step": "class", "outcome": mail.kind.value, "detail": ""},
            {"step": "match", "outcome": "by the sender's address", "detail": "the contact's open deal takes it"},
        ]
        self.session.add(
            Place(
                mailbox_id=self.owners[one.folder_id],
                folder_id=one.folder_id,
                message_id=message_id,
                uid=one.uid,
                seen=one.flags.seen,
                flagged=one.flags.flagged,
                answered=one.flags.answered,
                draft=one.flags.draft,
                internal_date=one.internal_date,
                size=len(one.raw),
                sha256=one.sha256,
                head_blob_id=head,
                is_new=one.internal_date > now - timedelta(days=60),
                decision=decision,
            )
        )

    def _message(self, one: Prepared, body: int) -> int:
        mail = one.mail
        author = next((p for p in mail.people if p.role == "from"), None)
        outgoing = author is not None and author.key in self.our_keys
        others = [p for p in mail.people if p.role in ("to", "cc", "from") and p.key not in self.our_keys]
        direction = Direction.INCOMING if not outgoing else (Direction.OUTGOING if others else Direction.INTERNAL)
        thread = self._thread(one)
        row = Message(
            identity=mail.identity,
            fingerprint=mail.fingerprint,
            message_id=mail.message_id,
            message_id_hash=mail.id_hash,
            thread_id=thread.id,
            direction=direction,
            kind=mail.kind.value,
            date=mail.date,
            subject=mail.subject,
            base_subject_hash=mail.subject_hash,
            from_name=author.name if author else "",
            from_address=author.address if author else "",
            from_key=author.key if author else "",
            snippet=mail.snippet,
            body_blob_id=body,
            attachment_count=sum(not a.inline for a in mail.attachments),
        )
        self.session.add(row)
        self.session.flush()
        self.messages[mail.identity] = row.id
        named = [
            {"message_id": row.id, "role": p.role, "position": at, "name": p.name, "address": p.address, "key": p.key}
            for at, p in enumerate(mail.people)
        ]
        if named:
            self.session.execute(insert(MessageAddress), named)
        for a in mail.attachments:
            values = {"index": a.index, "filename": a.filename, "content_type": a.content_type, "size": a.size}
            more = {"sha256": a.sha256, "content_id": a.content_id, "inline": a.inline}
            self.session.add(Part(message_id=row.id, **values, **more))
        found = {"subject": mail.search.subject, "people": mail.search.people, "body": mail.search.body}
        index_messages(self.session, [{"id": row.id, **found}])
        if self.roles[one.folder_id] not in (FolderRole.JUNK, FolderRole.TRASH, FolderRole.DRAFTS):
            self._activity(row, others, normal=mail.kind.value == "normal")
        return row.id

    def _thread(self, one: Prepared) -> Thread:
        mail = one.mail
        keys = [c.hash for c in mail.cites] + ([mail.id_hash] if mail.id_hash else [])
        if mail.answers_by_subject:
            keys.append(mail.subject_hash)
        thread = next((self.threads[key] for key in keys if key in self.threads), None)
        if thread is None:
            thread = Thread(subject=mail.subject, first_at=mail.date, last_at=mail.date, message_count=0)
            self.session.add(thread)
            self.session.flush()
        thread.message_count += 1
        if self.roles[one.folder_id] not in (FolderRole.JUNK, FolderRole.TRASH):
            thread.last_at = max(thread.last_at, mail.date)
        for key in [*keys, mail.subject_hash]:
            if key:
                self.threads.setdefault(key, thread)
        return thread

    def _activity(self, row: Message, others, *, normal: bool) -> None:
        contact = next((self.contacts[p.key] for p in others if p.key in self.contacts), None)
        if contact is None or row.direction is Direction.INTERNAL or not normal:
            return
        incoming = row.direction is Direction.INCOMING
        fresh = row.date > utcnow() - timedelta(days=10)
        activity = Activity(
            kind=ActivityKind.MAIL,
            direction=row.direction,
            title=row.subject,
            text=row.snippet,
            at=row.date,
            created_at=row.date,
            responsible_id=self.seed.people[contact.owner],
            message_id=row.id,
            thread_id=row.thread_id,
            deadline=row.date + ANSWER_WITHIN if incoming and fresh else None,
        )
        self.session.add(activity)
        self.session.flush()
        if not incoming and row.thread_id in self.last:
            self.last[row.thread_id].completed_at = row.date
        self.last[row.thread_id] = activity
        bindings = [(RecordType.CONTACT, self.seed.contacts[contact.key])]
        if contact.client in self.seed.clients:
            bindings.append((RecordType.COMPANY, self.seed.clients[contact.client]))
        deal = next((d for d in self.seed.company.deals if d.contact == contact.key), None)
        if deal is not None:
            bindings.insert(0, (RecordType.DEAL, self.seed.deals[deal.title]))
        for at, (kind, record_id) in enumerate(bindings):
            self.session.add(
                ActivityBinding(activity_id=activity.id, record_type=kind, record_id=record_id, owner=at == 0)
            )

    def finish(self) -> None:
        self.session.flush()
