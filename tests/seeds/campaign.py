"""Many contacts, a segment and a campaign ready to be started, and a `send` role that ends when the campaign has."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from campaigns import audience, commands
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.outcomes import RetryPolicy
from campaigns.report import Report, report
from campaigns.repository import campaigns
from campaigns.senders import NewSender, add_sender
from campaigns.tokens import CampaignTokens
from core.clock import utcnow
from core.config import Settings
from crm.access.viewer import Viewer
from storage.models import Campaign, CampaignState, Channel, Contact, Recipient, RecordType, SendState
from storage.store import Store
from workers.send import SendRole

HTML = """<html><body><p>Dear {{ contact.first_name | default: "reader" }},</p>
<p><a href="https://shop.example/spring?who={{ contact.email }}">See the tables</a> or
<a href="https://shop.example/chairs">the chairs</a>.</p>
{% if contact.company %}<p>For {{ contact.company }}.</p>{% endif %}
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>"""
SENDER = "news@sender.example"
NAME = "Spring"
SYSTEM = Viewer.system()
SOON = RetryPolicy(delays=(0.2,), trouble=(0.2,))


@dataclass(frozen=True)
class Draft:
    """What `seed_campaign` made."""

    campaign_id: int
    name: str = NAME


def add_contacts(store: Store, addresses: list[str]) -> None:
    """One contact for every address, tagged `news`; an empty address makes a contact without one."""
    now = utcnow()
    with store.database.unit_of_work() as session:
        contacts = [{"name": f"Person {n}", "tags": ["news"], "created_at": now} for n in range(len(addresses))]
        ids = list(
            session.execute(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), contacts).scalars()
        )
        channels = [
            {"kind": "email", "key": one.lower(), "value": one, "record_type": RecordType.CONTACT, "record_id": contact}
            for one, contact in zip(addresses, ids, strict=True)
            if one
        ]
        if channels:
            session.execute(insert(Channel), channels)


def seed_campaign(
    store: Store, settings: Settings, smtp_port: int, addresses: list[str], html: str = HTML, text: str = ""
) -> Draft:
    """Contacts, sender, segment and a draft that writes to all of them."""
    add_contacts(store, addresses)
    add_sender(store, settings, SYSTEM, NewSender(SENDER, f"smtp://127.0.0.1:{smtp_port}", name="Workshop", vouch=True))
    commands.create_segment(store, SYSTEM, "readers", {"all": [{"field": "tag", "op": "is", "value": "news"}]})
    new = NewCampaign(NAME, "readers", SENDER, "Spring, {{ contact.first_name }}", html, text)
    return Draft(create_campaign(store, settings, SYSTEM, new))


def report_of(store: Store, name: str) -> Report:
    with store.database.reading() as session:
        return report(session, Viewer.system(), campaigns.campaign_by_name(session, Viewer.system(), name))


async def send_until(
    store: Store,
    settings: Settings,
    name: str,
    holds: Callable[[Report], bool],
    *,
    seconds: float = 30.0,
    every: float = 0.05,
) -> Report:
    """Play the `send` role until the report says so; it is looked at `every` so many seconds."""
    stop = asyncio.Event()
    role = asyncio.create_task(SendRole(store, settings, SOON).run(stop))
    try:
        async with asyncio.timeout(seconds):
            while not holds(found := await asyncio.to_thread(report_of, store, name)):
                assert not role.done(), role
                await asyncio.sleep(every)
    finally:
        stop.set()
        await role
    return found


def finished(found: Report) -> bool:
    return found.state == "finished"


@dataclass
class SentCampaign:
    """Recipients by address and the tokens that stand in their mail."""

    campaign_id: int
    recipients: dict[str, int]
    tokens: CampaignTokens

    def tracking(self, address: str, *, seconds_ago: int = 3_600) -> str:
        sent_at = int(utcnow().timestamp()) - seconds_ago
        return self.tokens.tracking(self.campaign_id, self.recipients[address], sent_at)

    def unsubscribe(self, address: str) -> str:
        return self.tokens.unsubscribe(self.campaign_id, self.recipients[address])


def send_without_server(store: Store, settings: Settings, addresses: list[str]) -> SentCampaign:
    """A campaign as it stands when it was sent; whoever is called `doubt@…` is in doubt."""
    draft = seed_campaign(store, settings, 25, addresses)
    commands.start(store, settings, SYSTEM, NAME)
    audience.prepare(store, settings, draft.campaign_id)
    with store.database.unit_of_work() as session:
        session.execute(update(Recipient).values(state=SendState.SENT, sent_at=utcnow()))
        session.execute(update(Recipient).where(Recipient.key.like("doubt@%")).values(state=SendState.IN_DOUBT))
        session.execute(update(Campaign).values(state=CampaignState.FINISHED))
        recipients = {row.key: row.id for row in session.execute(select(Recipient.key, Recipient.id))}
    return SentCampaign(draft.campaign_id, recipients, CampaignTokens(store.keys))
