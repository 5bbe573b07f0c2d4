"""A company with things that most of its people must not see, each marked by a word of its own, and one person of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.addresses import address_key
from core.clock import utcnow
from crm.access.api_tokens import Scope as TokenScope
from crm.access.api_tokens import create_token
from crm.access.people import NewPerson, add_person
from crm.access.rights import BUILT_IN, Act, FieldAccess, Rights, Scope
from crm.access.rights.built_in import reach
from crm.access.roles import keeping, repository
from crm.access.viewer import Viewer
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from crm.intake.understanding import hashed
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead
from crm.records.merging import merge
from crm.records.recycling import delete_record
from crm.records.repository import duplicates, writing
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm.work.tasks import create_task
from crm.work.views import NewTask
from mailsync.account import IMAP_LOGIN
from seeds.company import Seed
from storage.models import (
    ActivityBinding,
    ActivityKind,
    Channel,
    Company,
    Contact,
    Deal,
    FieldKind,
    Folder,
    FolderRole,
    Lead,
    Mailbox,
    MailboxState,
    MailTemplate,
    Message,
    Place,
    RecordType,
    Role,
    ShareLevel,
    Stage,
    StageKind,
    Task,
)
from storage.sessions import WriteSession
from storage.store import Store

RECORD, FIELD, PIPELINE = "zqrecordxyz", "zqfieldxyz", "zqpipelinexyz"
PRIVATE, SHARED = "zqprivatexyz", "zqsharedxyz"
FINDME = "findme"
"""Stands before each secret, so that it can be searched for without being said."""
PASSWORD = "a long enough password"
CLIENT = "zq@hidden-client.example"
ANONYMOUS = "anonymous"
OWN_ROLES = ("field", "pipeline")
ROLES = (ANONYMOUS, "none", "guest", "seller", "consultant", "manager", "administrator", *OWN_ROLES)
TABLES = {RecordType.CONTACT: Contact, RecordType.COMPANY: Company, RecordType.LEAD: Lead, RecordType.DEAL: Deal}


@dataclass
class Vault:
    """What is hidden, by the names that routes have for it, and who walks: id and token of the person of each role."""

    path: Path
    seed: Seed
    ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def hidden(self) -> list[tuple[RecordType, int]]:
        """The records that only those see who see records of others."""
        return [(kind, self.ids[f"{kind.value}_id"]) for kind in RecordType]


def fill_vault(store: Store, seed: Seed, path: Path) -> Vault:
    """Put secrets and people into the company."""
    vault = Vault(path, seed)
    owner = seed.viewer("ines")
    with store.database.unit_of_work() as session:
        field_id = create_field(session, owner, NewField(RecordType.CONTACT, "Passport", FieldKind.TEXT))
        writing.add_pipeline(session, "Abroad", [("Begun", StageKind.OPEN), ("Won abroad", StageKind.WON)])
        vault.ids["stage_id"] = session.execute(select(Stage.id).where(Stage.name == "Begun")).scalar_one()
        vault.ids["pipeline_id"] = session.execute(select(Stage.pipeline_id).where(Stage.name == "Begun")).scalar_one()
        _hide_records(session, vault, owner, field_id)
    _add_people(store, vault, field_id)
    _hide_mail(store, vault, owner.user_id or 0)
    with store.database.unit_of_work() as session:
        template = MailTemplate(
            name="Hello", subject="For {{ contact.name }}", text="{{ deal.title }} {{ contact.position }}",
            maker_id=owner.user_id, created_at=utcnow(), changed_at=utcnow(),
        )  # fmt: skip
        session.add(template)
        session.flush()
        vault.ids["template_id"] = template.id
    return vault


def _hide_records(session: WriteSession, vault: Vault, owner: Viewer, field_id: int) -> None:
    ids, mine = vault.ids, owner.user_id
    ids["field_id"] = field_id
    company = create_company(session, f"{FINDME} {RECORD} Ltd", domain="hidden-client.example", responsible_id=mine)
    contact = create_contact(
        session,
        f"{FINDME} {RECORD}",
        emails=[CLIENT],
        phones=["+48 600 700 800"],
        company_id=company,
        responsible_id=mine,
    )
    twin = create_contact(session, f"{FINDME} {RECORD} twin", phones=["+48600700800"], responsible_id=mine)
    gone = create_contact(session, f"{FINDME} {RECORD} gone", responsible_id=mine)
    other = create_contact(session, f"{FINDME} {RECORD} other", responsible_id=mine)
    survivor = create_contact(session, f"{FINDME} {RECORD} left", responsible_id=mine)
    lead = create_lead(session, f"{FINDME} {RECORD}", emails=["lead@hidden-client.example"], responsible_id=mine)
    deal = create_deal(
        session, f"{FINDME} {PIPELINE}", stage_id=ids["stage_id"], amount=100, responsible_id=mine, contact_id=contact
    )
    create_deal(session, f"{FINDME} {RECORD}", contact_id=contact, company_id=company, responsible_id=mine, amount=7700)
    session.flush()
    edit_record(session, owner, (RecordType.CONTACT, contact), {"notes": RECORD, "position": RECORD})
    edit_record(session, owner, (RecordType.DEAL, deal), {"notes": PIPELINE})
    duplicates.propose(session, RecordType.CONTACT, [((contact, twin), "phone")])
    delete_record(session, owner, (RecordType.CONTACT, gone))
    ids["merge_id"] = merge(session, owner, (RecordType.CONTACT, survivor), [other], {})
    ids |= {"contact_id": contact, "company_id": company, "lead_id": lead, "deal_id": deal, "twin": twin}
    note = NewEntry(ActivityKind.COMMENT, "", ((RecordType.CONTACT, contact),), text=f"{FINDME} {RECORD} said")
    call = NewEntry(ActivityKind.CALL, f"{FINDME} {PIPELINE} call", ((RecordType.DEAL, deal),), deadline=utcnow())
    ids["activity_id"] = add_entry(session, owner, note)
    add_entry(session, owner, call)
    on_it = NewTask(f"{FINDME} {RECORD} task", mine or 0, records=((RecordType.CONTACT, contact),))
    ids["task_id"] = create_task(session, owner, on_it)


def _rights(field_id: int, pipeline_id: int) -> Mapping[str, Rights]:
    """What is given beyond the built-in roles as they begin."""
    own = dict.fromkeys(RecordType, reach(Scope.OWN, Scope.OWN))
    hidden = dict.fromkeys(("notes", "position", f"field_{field_id}"), FieldAccess.HIDDEN)
    everything = BUILT_IN[Role.CONSULTANT]
    return {
        "seller": replace(BUILT_IN[Role.SELLER], records=own),
        "field": replace(everything, fields={RecordType.CONTACT: hidden}),
        "pipeline": replace(everything, pipelines={pipeline_id: dict.fromkeys(Act, Scope.NONE)}),
    }


def _add_people(store: Store, vault: Vault, field_id: int) -> None:
    system = Viewer.system()
    given = _rights(field_id, vault.ids["pipeline_id"])
    with store.database.unit_of_work() as session:
        seller = next(one for one in repository.roles(session, system) if one.built_in is Role.SELLER)
        keeping.change_role(session, system, seller.id, seller.name, given["seller"])
        own = {name: keeping.create_role(session, system, name, given[name]) for name in OWN_ROLES}
        vault.ids["role_id"] = own["field"]
        vault.ids["department_id"] = keeping.save_department(session, system, keeping.NewDepartment("Sales"))
    for name in ROLES[1:]:
        built_in = Role(name) if name not in own else Role.NONE
        new = NewPerson(f"{name}@rights.example", name, built_in, PASSWORD, role_id=own.get(name))
        user_id = vault.people[name] = add_person(store, system, new)
        vault.tokens[name] = create_token(store, system, name=name, scopes=list(TokenScope), user_id=user_id)
        with store.database.unit_of_work() as session:
            contact = create_contact(session, f"Known to {name}", responsible_id=user_id, position=FIELD)
            session.flush()
            values = {"notes": FIELD, f"field_{field_id}": FIELD}
            edit_record(session, system, (RecordType.CONTACT, contact), values)
    vault.ids["user_id"] = vault.seed.people["tom"]


def _hide_mail(store: Store, vault: Vault, owner_id: int) -> None:
    for name, level, secret in (("vault", ShareLevel.PRIVATE, PRIVATE), ("glass", ShareLevel.EVERYTHING, SHARED)):
        email = f"{name}@fontelenta.example"
        with store.database.unit_of_work() as session:
            mailbox = Mailbox(
                email=email, email_key=address_key(email), owner_id=owner_id, share_level=level,
                imap_host="127.0.0.1", imap_port=1, imap_security="none", username=email,
                password_encrypted=store.keys.encrypt(IMAP_LOGIN, "secret"),
                state=MailboxState.PAUSED, connected_at=utcnow(), new_since=utcnow(),
            )  # fmt: skip
            session.add(mailbox)
            session.flush()
            folder = Folder(mailbox_id=mailbox.id, name="INBOX", name_hash=hashed("INBOX"), role=FolderRole.INBOX)
            session.add(folder)
            session.flush()
            mailbox_id, folder_id = mailbox.id, folder.id
        arrival = Arrival(folder_id, 1, Flags(), utcnow(), _mail(email, secret))
        taken = take_in_safely(store, mailbox_id, prepare(store, [arrival]))
        assert not taken.quarantined
        if level is ShareLevel.PRIVATE:
            vault.ids["mailbox_id"] = mailbox_id
            with store.database.reading() as session:
                message = session.execute(_message_of(taken.places)).one()
            vault.ids |= {"message_id": message.id, "thread_id": message.thread_id}


def _message_of(places: Mapping[Any, int]) -> Any:
    from_places = next(iter(places.values()))
    return (
        select(Message.id, Message.thread_id).join(Place, Place.message_id == Message.id).where(Place.id == from_places)
    )


def _mail(to: str, secret: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = CLIENT, to, f"{FINDME} {secret}"
    message["Message-ID"] = f"<{secret}@hidden-client.example>"
    message.set_content(f"{FINDME} {secret}\n\n--\nZq Client\n{secret} director\n+48 111 222 333\n")
    return message.as_bytes()


def snapshot(store: Store, vault: Vault) -> dict[str, Any]:
    """All that somebody who may not change hidden things must leave as it is."""
    found: dict[str, Any] = {}
    with store.database.reading() as session:
        for kind, record_id in vault.hidden():
            table: Any = TABLES[kind].__table__
            here = ((ActivityBinding.record_type == kind), (ActivityBinding.record_id == record_id))
            found[kind.value] = session.execute(select(table).where(table.c.id == record_id)).one()
            found[f"{kind.value} activities"] = session.execute(select(func.count()).where(*here)).scalar_one()
            channels = select(Channel.value).where(Channel.record_type == kind, Channel.record_id == record_id)
            found[f"{kind.value} channels"] = session.execute(channels.order_by(Channel.id)).scalars().all()
        task: Any = Task.__table__
        found["task"] = session.execute(select(task).where(task.c.id == vault.ids["task_id"])).one()
        box: Any = Mailbox.__table__
        found["mailbox"] = session.execute(select(box).where(box.c.id == vault.ids["mailbox_id"])).one()
    return found
