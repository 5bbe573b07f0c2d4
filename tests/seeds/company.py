"""The demo's company in a store, ready to be looked at: what pages and the API show is tested on it.

Mail goes the way of all mail, through `crm.intake`; only the server is left out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.commands import create_segment
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.senders import NewSender, add_sender
from cli.demo.company import load_company
from cli.demo.company.model import Company as SampleCompany
from cli.demo.company.model import SampleMessage
from core.addresses import address_key
from core.clock import utcnow
from core.config import load_settings
from crm.access.people import NewPerson, add_first_administrator, add_person
from crm.access.viewer import Viewer
from crm.intake.addresses import create_intake_address
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from crm.intake.understanding import hashed
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.repository import writing
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry, NewPost, SubjectType
from crm.work.tasks import create_task
from crm.work.views import NewTask
from storage.models import (
    ActivityKind,
    Campaign,
    CampaignState,
    Folder,
    FolderRole,
    Link,
    Mailbox,
    MailboxMember,
    MailboxState,
    Priority,
    Purpose,
    Recipient,
    RecordType,
    Role,
    SendState,
    Stage,
    StageKind,
    TrackingEvent,
    TrackingKind,
)
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
        return person.email, person.password


def seed_company(store: Store, *, now: datetime | None = None) -> Seed:
    """Put the whole company into `store`."""
    company = load_company(now)
    people = _add_people(store, company)
    seed = Seed(company, people, {}, {}, {}, {})
    with store.database.unit_of_work() as session:
        _add_records(session, seed)
        folders = _add_mailboxes(session, seed, store)
    _add_mail(store, seed, folders)
    _add_work(store, seed)
    _add_campaigns(store, seed)
    return seed


def _add_people(store: Store, company: SampleCompany) -> dict[str, int]:
    ids = {}
    for person in company.people:
        if not ids:
            ids[person.key] = add_first_administrator(
                store, email=person.email, name=person.name, password=person.password
            )
        else:
            new = NewPerson(person.email, person.name, Role(person.role), person.password, person.time_zone)
            ids[person.key] = add_person(store, Viewer.system(), new)
    return ids


def _add_records(session: WriteSession, seed: Seed) -> None:
    company, people = seed.company, seed.people
    writing.add_pipeline(session, company.pipeline, [(s.name, StageKind(s.outcome or "open")) for s in company.stages])
    stages = {row.name: row.id for row in session.execute(select(Stage)).scalars()}
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
            receives_intake=box.key == seed.company.intake_mailbox,
            authserv_id=seed.company.authserv_id,
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
    arrivals = [
        _arrival(sample, folders[(sample.mailbox, sample.folder)], uid) for uid, sample in enumerate(samples, 1)
    ]
    for box, mailbox_id in seed.mailboxes.items():
        own = {folder_id for (key, _), folder_id in folders.items() if key == box}
        taken = take_in_safely(store, mailbox_id, prepare(store, [one for one in arrivals if one.folder_id in own]))
        assert not taken.quarantined


def _arrival(sample: SampleMessage, folder_id: int, uid: int) -> Arrival:
    flags = Flags(
        seen="\\Seen" in sample.flags,
        flagged="\\Flagged" in sample.flags,
        answered="\\Answered" in sample.flags,
        draft="\\Draft" in sample.flags,
    )
    return Arrival(folder_id, uid, flags, sample.internal_date, sample.raw)


def _add_work(store: Store, seed: Seed) -> None:
    marta, ines, tom = seed.viewer("marta"), seed.viewer("ines"), seed.viewer("tom")
    now, people = utcnow(), seed.people
    deal = (RecordType.DEAL, next(iter(seed.deals.values())))
    contact = (RecordType.CONTACT, next(iter(seed.contacts.values())))
    offer = NewTask(
        "Send the offer for the second bar",
        people["marta"],
        priority=Priority.HIGH,
        deadline=now + timedelta(hours=5),
        tags=("offer",),
        records=(deal,),
    )
    tasks = [
        (marta, offer),
        (marta, NewTask("Check the spring stock with Tom", people["tom"], deadline=now + timedelta(days=2), tags=("stock",))),
        (ines, NewTask("Order new boxes before the fair", people["marta"], deadline=now - timedelta(days=1))),
        (tom, NewTask("Photograph the oxblood Ponto for the shop window", people["marta"])),
    ]  # fmt: skip
    with store.database.unit_of_work() as session:
        ids = [create_task(session, viewer, task) for viewer, task in tasks]
        add_comment(session, tom, SubjectType.TASK, ids[1], "Forty-one left. Enough until Christmas.")
        call = NewEntry(ActivityKind.CALL, "Ask about the water filter", (deal,), deadline=now + timedelta(days=1))
        add_entry(session, marta, call)
        add_entry(session, marta, NewEntry(ActivityKind.COMMENT, "", (contact,), text="Prefers a call in the morning."))
        fair = "Stand 4.12, right beside the door. Diego has the plan; whoever comes, please bring aprons."
        post = create_post(session, ines, NewPost("We have a place at the spring fair", fair, tags=("fair",)))
        add_comment(session, marta, SubjectType.POST, post, "Finally near the coffee and not near the toilets.")
        create_post(session, tom, NewPost("New gasket supplier", "Samples are on my bench. They smell less."))
        for purpose in Purpose:
            create_intake_address(session, store.keys, people["marta"], purpose)


def _add_campaigns(store: Store, seed: Seed) -> None:
    """A draft, and one that went out two days ago: its ledger and what its readers did."""
    settings = load_settings(allow_private_hosts=True)
    ines, told = seed.viewer("ines"), seed.company.campaign
    rules = {"all": [{"field": "tag", "op": "is", "value": tag} for tag in seed.company.segment.tags]}
    create_segment(store, ines, seed.company.segment.name, rules)
    name = f"{seed.company.name} news"
    add_sender(store, settings, ines, NewSender(told.sender, "smtp://127.0.0.1:1025", name=name, vouch=True))
    new = NewCampaign(told.name, seed.company.segment.name, told.sender, told.subject, told.html, told.text)
    sent_id = create_campaign(store, settings, ines, new)
    create_campaign(store, settings, ines, replace(new, name="Spring fair: come and pull a shot"))
    began = utcnow() - timedelta(days=2)
    with store.database.unit_of_work() as session:
        campaign = session.get_one(Campaign, sent_id)
        campaign.state, campaign.started_at, campaign.finished_at = CampaignState.FINISHED, began, began
        session.add(Link(campaign_id=sent_id, number=1, url="https://fontelenta.example/ponto"))
        session.add(Link(campaign_id=sent_id, number=2, url="https://fontelenta.example/visit"))
        for at, contact in enumerate(seed.company.contacts):
            _add_recipient(session, seed, sent_id, at, contact.key, contact.email, began)


def _add_recipient(
    session: WriteSession, seed: Seed, campaign_id: int, at: int, key: str, email: str, began: datetime
) -> None:
    state, reason = SendState.SENT, ""
    if at % 11 == 3:
        state, reason = SendState.SKIPPED, "suppressed"
    elif at % 17 == 5:
        state, reason = SendState.FAILED, "userunknown"
    sent = state is SendState.SENT
    row = Recipient(
        campaign_id=campaign_id,
        contact_id=seed.contacts[key],
        address=email,
        key=address_key(email),
        state=state,
        reason=reason,
        sent_at=began if sent else None,
        bounced_at=began if state is SendState.FAILED else None,
    )
    session.add(row)
    session.flush()
    did = [(TrackingKind.OPEN, "machine" if at % 3 == 0 else "human", None, at % 19)] if sent and at % 4 else []
    did += [(TrackingKind.CLICK, "human", at % 2 + 1, at % 23)] if sent and at % 5 == 1 else []
    for number, (kind, verdict, link, hour) in enumerate(did):
        session.add(
            TrackingEvent(
                recipient_id=row.id,
                kind=kind,
                verdict=verdict,
                link_number=link,
                at=began + timedelta(hours=hour, minutes=at),
                journal_key=f"seed:{at}:{number}",
            )
        )
