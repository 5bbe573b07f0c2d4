"""The demo's campaign: a segment, a vouched sender, a letter, and readers who open and click as their programs would."""

import asyncio
from collections.abc import Iterable

import httpx

from campaigns.commands import create_segment, start
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.report import Report, report
from campaigns.repository.campaigns import campaign_by_name
from campaigns.repository.suppression import suppress
from campaigns.senders import NewSender, add_sender
from cli.demo.company.model import Company, Readers
from cli.demo.sink import DemoSink, TakenMail, links_in
from core.addresses import address_key
from core.config import Settings
from crm.access.viewer import Viewer
from storage.store import Store

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
AT_ONCE = 4
READ_AFTER_SECONDS = 6.0
"""People need a moment: what is clicked within five seconds of sending is taken for a machine."""


def prepare_newsletter(store: Store, settings: Settings, company: Company, smtp_url: str) -> None:
    """Save the sender, the segment and the draft; people who must not be written to are on the suppression list."""
    viewer = Viewer.system()
    letter, segment = company.campaign, company.segment
    with store.database.unit_of_work() as session:
        for contact in company.contacts:
            if contact.suppressed:
                suppress(session, [address_key(contact.email)], contact.suppressed, None)
    add_sender(store, settings, viewer, NewSender(letter.sender, smtp_url, name=company.name, vouch=True))
    rules = {"all": [{"field": "tag", "op": "is", "value": tag} for tag in segment.tags]}
    create_segment(store, viewer, segment.name, rules)
    create_campaign(
        store,
        settings,
        viewer,
        NewCampaign(letter.name, segment.name, letter.sender, letter.subject, letter.html, letter.text),
    )


def send_newsletter(store: Store, settings: Settings, company: Company) -> None:
    """Start the campaign; the daemon's send role does the rest."""
    start(store, settings, Viewer.system(), company.campaign.name)


def newsletter_report(store: Store, company: Company) -> Report:
    """The campaign's numbers as they are now."""
    with store.database.reading() as session:
        return report(session, Viewer.system(), campaign_by_name(session, Viewer.system(), company.campaign.name))


async def play_readers(sink: DemoSink, company: Company) -> None:
    """Let the readers that the sample company names open and click what reached them."""
    await asyncio.sleep(READ_AFTER_SECONDS)
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(headers={"User-Agent": BROWSER}, follow_redirects=False, trust_env=False) as client:
        await asyncio.gather(*(_read(client, gate, mail, company.readers) for mail in _newsletters(sink, company)))


def _newsletters(sink: DemoSink, company: Company) -> Iterable[TakenMail]:
    wanted = set(company.readers.open) | set(company.readers.click)
    return [mail for mail in sink.messages if any(address_key(to) in wanted for to in mail.recipients)]


async def _read(client: httpx.AsyncClient, gate: asyncio.Semaphore, mail: TakenMail, readers: Readers) -> None:
    found = links_in(mail.raw)
    async with gate:
        if any(address_key(to) in readers.open for to in mail.recipients):
            for pixel in found.pixels:
                await client.get(pixel)
        if any(address_key(to) in readers.click for to in mail.recipients):
            for link in found.links[:1]:
                await client.get(link)
