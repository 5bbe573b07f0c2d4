"""Writing a campaign: what can be wrong with it is said when it is saved, in words and with the line.

Checked here: Liquid, variables, links that can be counted, and that the mail can be filled for somebody of whom only the
address is known. Whether it should be sent is another question (`campaigns/preflight.py`).
"""

from dataclasses import dataclass

from campaigns.liquid_text import parse, render
from campaigns.repository import campaigns
from campaigns.repository.campaigns import CampaignView
from campaigns.repository.segments import segment_by_name
from campaigns.rewriting import Source, rewrite
from campaigns.variables import UNSUBSCRIBE_URL, Person, values_of
from core.addresses import address_key
from core.config import Settings
from core.errors import UsageError
from crm.access.viewer import Viewer
from storage.models import CampaignState
from storage.store import Store

LONGEST_NAME = 200
LONGEST_PART = 2 * 1024 * 1024
STRANGER = Person("", "somebody@example.org")


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a person gives: names of the segment and the sender's address, Liquid for the rest. `text` may be empty."""

    name: str
    segment: str
    sender: str
    subject: str
    html: str
    text: str = ""


def create_campaign(store: Store, settings: Settings, viewer: Viewer, new: NewCampaign) -> int:
    """Save a draft. Raises `UsageError` for what is wrong with its text, `NotFound`, `Conflict` for a name in use."""
    viewer.require_writing_campaigns()
    source = Source(new.subject.strip(), new.html, new.text)
    check_source(source, settings)
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"A campaign needs a name of at most {LONGEST_NAME} letters.")
    with store.database.unit_of_work() as session:
        segment = segment_by_name(session, viewer, new.segment)
        sender = campaigns.sender_by_key(session, viewer, address_key(new.sender))
        return campaigns.insert_campaign(
            session,
            {
                "name": name,
                "state": CampaignState.DRAFT,
                "segment_id": segment.id,
                "sender_id": sender.id,
                "subject": source.subject,
                "html": source.html,
                "text": source.text,
                "created_by_id": viewer.user_id,
            },
        )


def check_source(source: Source, settings: Settings) -> None:
    """Raises `UsageError` for the first thing in a campaign's text that keeps it from being sent."""
    if not source.subject:
        raise UsageError("A campaign needs a subject.")
    if "\n" in source.subject:
        raise UsageError("The subject has to be on one line.")
    if not source.html.strip() and not source.text.strip():
        raise UsageError("A campaign needs a text: give it as HTML, as plain text, or both.")
    if max(len(source.html), len(source.text)) > LONGEST_PART:
        raise UsageError("The mail is larger than 2 MB: no provider would take it; link to what is large.")
    values = values_of(STRANGER, "a campaign") | {UNSUBSCRIBE_URL: f"{settings.public_url}/u/x"}
    parts = (("The subject", source.subject, False), ("The HTML", source.html, True), ("The text", source.text, False))
    for where, text, html in parts:
        render(parse(text, where, html=html), values, where)
    rewrite(source, settings.public_url)


def source_of(campaign: CampaignView) -> Source:
    """The text of a stored campaign."""
    return Source(campaign.subject, campaign.html, campaign.text)
