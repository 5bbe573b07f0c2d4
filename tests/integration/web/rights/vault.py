"""A company with things that most of its people must not see, each marked by a word of its own, and one person of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import func, select

from core.addresses import address_key
from core.clock import utcnow
from crm.access.api_tokens import Scope as TokenScope
from crm.access.api_tokens import create_token
from crm.access.people import NewPerson, add_person
from crm.access.rights import BUILT_IN, Act, FieldAccess, Rights, Scope
from crm.access.rights.built_in import reach
from crm.access.rights.model import Reach
from crm.access.roles import keeping, repository
from crm.access.viewer import Viewer
from crm.intake.addresses import create_intake_address
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
    ActivityKind,
    ApiToken,
    FieldKind,
    Folder,
    FolderRole,
    Mailbox,
    MailboxMember,
    MailboxState,
    MailTemplate,
    Message,
    Place,
    Purpose,
    RecordType,
    Role,
    ShareLevel,
    Stage,
    StageKind,
)
from storage.sessions import WriteSession
from storage.store import Store

RECORD, FIELD, PIPELINE = "zqrecordxyz", "zqfieldxyz", "zqpipelinexyz"
PRIVATE, SHARED = "zqprivatexyz", "zqsharedxyz"
POST, TEAM = "zqpostxyz", "zqteamxyz"
FINDME = "findme"
"""Stands before each secret, so that it can be searched for without being said."""
PASSWORD = "a long enough password"
ADDRESS = "zqaddressxyz@elsewhere.example"
PHONE = "+48600700800"
OPEN_CENTS, CLOSED_CENTS = 7731, 4637
"""All other amounts are whole: a sum that ends in 31, 37 or 68 cents holds one of these, or both."""
CLIENT = "zq@hidden-client.example"
ANONYMOUS = "anonymous"
OWN_ROLES = ("field", "pipeline", "team")
COLLEAGUES = ("seller", "consultant", "manager", "administrator", *OWN_ROLES)
"""Who have a mailbox to write from."""
ROLES = (ANONYMOUS, "none", "guest", "seller", "consultant", "manager", "administrator", *OWN_ROLES)
"""All who walk but the owner, who has what is hidden."""
_ABROAD = [("Begun", StageKind.OPEN), ("Going on", StageKind.OPEN), ("Won abroad", StageKind.WON)]


@dataclass
class Vault:
    """What is hidden, by the names that routes have for it, and who walks: id and token of the person of each role."""

    path: Path
    seed: Seed
    ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> Viewer:
        """Whose all that is hidden is."""
        return self.seed.viewer("ines")


def fill_vault(store: Store, seed: Seed, path: Path) -> Vault:
    """Put secrets and people into the company."""
    vault = Vault(path, seed)
    vault.ids["shared_box"] = seed.mailboxes["info"]
    vault.words |= {"login": "guest@rights.example", "login_password": PASSWORD}
    owner = seed.viewer("ines")
    with store.database.unit_of_work() as session:
        field_id = create_field(session, owner, NewField(RecordType.CONTACT, "Passport", FieldKind.TEXT))
        writing.add_pipeline(session, "Abroad", _ABROAD)
        vault.ids["stage_id"] = session.execute(select(Stage.id).where(Stage.name == "Begun")).scalar_one()
        vault.ids["next_stage_id"] = session.execute(select(Stage.id).where(Stage.name == "Going on")).scalar_one()
        vault.ids["pipeline_id"] = session.execute(select(Stage.pipeline_id).where(Stage.name == "Begun")).scalar_one()
        vault.ids["open_stage_id"] = session.execute(select(func.min(Stage.id))).scalar_one()
        vault.ids["other_pipeline_id"] = session.execute(select(func.min(Stage.pipeline_id))).scalar_one()
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
    company_twin = create_company(session, f"{FINDME} {RECORD} twin", responsible_id=mine)
    lead_twin = create_lead(session, f"{FINDME} {RECORD} twin", responsible_id=mine)
    contact = create_contact(
        session,
        f"{FINDME} {RECORD}",
        emails=[CLIENT, ADDRESS],
        phones=[PHONE],
        company_id=company,
        responsible_id=mine,
    )
    twin = create_contact(session, f"{FINDME} {RECORD} twin", phones=[PHONE], responsible_id=mine)
    gone = create_contact(session, f"{FINDME} {RECORD} gone", responsible_id=mine)
    other = create_contact(session, f"{FINDME} {RECORD} other", responsible_id=mine)
    survivor = create_contact(session, f"{FINDME} {RECORD} left", responsible_id=mine)
    lead = create_lead(session, f"{FINDME} {RECORD}", emails=["lead@hidden-client.example"], responsible_id=mine)
    deal = create_deal(
        session,
        f"{FINDME} {PIPELINE}",
        stage_id=ids["stage_id"],
        amount=CLOSED_CENTS,
        responsible_id=mine,
        contact_id=contact,
    )
    create_deal(
        session, f"{FINDME} {RECORD}", contact_id=contact, company_id=company, responsible_id=mine, amount=OPEN_CENTS
    )
    session.flush()
    edit_record(session, owner, (RecordType.CONTACT, contact), {"notes": RECORD, "position": RECORD})
    edit_record(session, owner, (RecordType.DEAL, deal), {"notes": PIPELINE})
    duplicates.propose(session, RecordType.CONTACT, [((contact, twin), "phone")])
    delete_record(session, owner, (RecordType.CONTACT, gone))
    ids["merge_id"] = merge(session, owner, (RecordType.CONTACT, survivor), [other], {})
    ids |= {"contact_id": contact, "company_id": company, "lead_id": lead, "deal_id": deal}
    ids |= {"twin": twin, "company_twin": company_twin, "lead_twin": lead_twin, "gone": gone}
    note = NewEntry(ActivityKind.COMMENT, "", ((RecordType.CONTACT, contact),), text=f"{FINDME} {RECORD} said")
    call = NewEntry(ActivityKind.CALL, f"{FINDME} {PIPELINE} call", ((RecordType.DEAL, deal),), deadline=utcnow())
    ids["activity_id"] = add_entry(session, owner, note)
    add_entry(session, owner, call)
    plan = NewEntry(ActivityKind.CALL, f"{FINDME} {RECORD} call", ((RecordType.CONTACT, contact),), deadline=utcnow())
    ids["plan_id"] = add_entry(session, owner, plan)
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
        "team": replace(everything, records=_of_the_team(), fields=_READ_ONLY),
        "pipeline": replace(everything, pipelines={pipeline_id: dict.fromkeys(Act, Scope.NONE)}),
    }


_READ_ONLY = {RecordType.CONTACT: dict.fromkeys(("notes", "position"), FieldAccess.READ)}


def _of_the_team() -> Mapping[RecordType, Reach]:
    """Sees all clients and changes their own; of leads and deals those of the department, and changes these."""
    clients = reach(Scope.ALL, Scope.OWN)
    work = reach(Scope.DEPARTMENT, Scope.DEPARTMENT)
    return {RecordType.CONTACT: clients, RecordType.COMPANY: clients, RecordType.LEAD: work, RecordType.DEAL: work}


def _add_people(store: Store, vault: Vault, field_id: int) -> None:
    system = Viewer.system()
    given = _rights(field_id, vault.ids["pipeline_id"])
    with store.database.unit_of_work() as session:
        there = repository.roles(session, system)
        seller = next(one for one in there if one.built_in is Role.SELLER)
        keeping.change_role(session, system, seller.id, seller.name, given["seller"])
        own = {name: keeping.create_role(session, system, name, given[name]) for name in OWN_ROLES}
        vault.ids["role_id"] = own["field"]
        vault.ids["guest_role_id"] = next(one.id for one in there if one.built_in is Role.GUEST)
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
    vault.ids["user_id"] = tom = vault.seed.people["tom"]
    vault.people["owner"] = vault.owner.user_id or 0
    vault.tokens["owner"] = create_token(
        store, system, name="owner", scopes=list(TokenScope), user_id=vault.people["owner"]
    )
    vault.tokens["unscoped"] = _token_without_scopes(store, vault)
    with store.database.unit_of_work() as session:
        department = keeping.NewDepartment("Sales", people=(tom, vault.people["team"]))
        vault.ids["department_id"] = keeping.save_department(session, system, department)
        create_lead(session, f"{TEAM} lead", responsible_id=tom)
        session.add_all(
            MailboxMember(mailbox_id=vault.ids["shared_box"], user_id=vault.people[name]) for name in COLLEAGUES
        )
        for user_id in vault.people.values():
            create_intake_address(session, store.keys, user_id, Purpose.TASK)


def _token_without_scopes(store: Store, vault: Vault) -> str:
    """A token of the owner's that was made for nothing."""
    token = create_token(
        store, Viewer.system(), name="unscoped", scopes=[TokenScope.MAIL_READ], user_id=vault.people["owner"]
    )
    with store.database.unit_of_work() as session:
        session.execute(select(ApiToken).where(ApiToken.name == "unscoped")).scalar_one().scopes = []
    return token


def _hide_mail(store: Store, vault: Vault, owner_id: int) -> None:
    for name, level, secret in (("vault", ShareLevel.PRIVATE, PRIVATE), ("glass", ShareLevel.EVERYTHING, SHARED)):
        email = f"{name}@fontelenta.example"
        with store.database.unit_of_work() as session:
            mailbox = Mailbox(
                email=email, email_key=address_key(email), owner_id=owner_id, share_level=level,
                imap_host="127.0.0.1", imap_port=1, imap_security="none", username=email,
                password_encrypted=store.keys.encrypt(IMAP_LOGIN, "secret"), smtp_url="smtp://127.0.0.1:1",
                state=MailboxState.PAUSED, connected_at=utcnow(), new_since=utcnow(),
            )  # fmt: skip
            session.add(mailbox)
            session.flush()
            folders = [_folder(session, mailbox.id, role) for role in (FolderRole.INBOX, FolderRole.DRAFTS)]
            mailbox_id = mailbox.id
        mails = _mails(email, secret) if level is ShareLevel.PRIVATE else [_mail(email, secret)]
        arrivals = [
            Arrival(folders[is_draft], uid, Flags(draft=is_draft), utcnow(), raw)
            for uid, raw in enumerate(mails, 1)
            if (is_draft := b"X-Draft" in raw) in (True, False)
        ]
        taken = take_in_safely(store, mailbox_id, prepare(store, arrivals))
        assert not taken.quarantined
        if level is ShareLevel.PRIVATE:
            vault.ids["mailbox_id"] = mailbox_id
            _name_mail(store, vault, mailbox_id)


def _folder(session: WriteSession, mailbox_id: int, role: FolderRole) -> int:
    name = role.value
    folder = Folder(mailbox_id=mailbox_id, name=name, name_hash=hashed(name), role=role)
    session.add(folder)
    session.flush()
    return folder.id


def _name_mail(store: Store, vault: Vault, mailbox_id: int) -> None:
    """The answer in a conversation of two, another conversation, and a draft."""
    found = select(Message.message_id, Message.id, Message.thread_id).join(Place, Place.message_id == Message.id)
    with store.database.reading() as session:
        rows = session.execute(found.join(Folder, Folder.id == Place.folder_id).where(Folder.mailbox_id == mailbox_id))
        by_name = {name.partition("@")[0].strip("<"): (message_id, thread_id) for name, message_id, thread_id in rows}
    vault.ids["message_id"], vault.ids["thread_id"] = by_name["answer"]
    vault.ids["other_thread_id"] = by_name["other"][1]
    vault.ids["draft_id"] = by_name["draft"][0]


def _mails(to: str, secret: str) -> list[bytes]:
    answer = _message(to, secret, "answer", **{"In-Reply-To": "<first@hidden-client.example>"})
    answer.add_alternative(f"<p>{FINDME} <b>{secret}</b></p>", subtype="html")
    answer.add_attachment(f"{secret}".encode(), maintype="text", subtype="plain", filename="note.txt")
    draft = _message(to, secret, "draft", **{"X-Draft": "yes"})
    draft.replace_header("From", to)
    first, other = _message(to, secret, "first"), _message(to, f"other {secret}", "other")
    return [one.as_bytes() for one in (first, answer, other, draft)]


def _mail(to: str, secret: str) -> bytes:
    return _message(to, secret, secret).as_bytes()


def _message(to: str, secret: str, name: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = CLIENT, to, f"{FINDME} {secret}"
    message["Message-ID"] = f"<{name}@hidden-client.example>"
    for key, value in headers.items():
        message[key] = value
    message.set_content(f"{FINDME} {secret}\n\n--\nZq Client\n{secret} director\n+48 111 222 333\n")
    return message
