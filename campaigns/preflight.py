"""What to look at before a campaign leaves: a list of checks, each with words that say what to do.

A failed check that `stops` keeps the campaign from being started; the others are advice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from campaigns.composition import Composer
from campaigns.repository import campaigns
from campaigns.repository import segments as segment_repository
from campaigns.repository.campaigns import CampaignView
from campaigns.rewriting import has_unsubscribe_link
from campaigns.running import UNVERIFIED, letter_of
from campaigns.segments import read_rules
from campaigns.variables import Person
from core.config import Settings
from crm.access.viewer import Viewer
from storage.store import Store

GMAIL_CLIPS = 102 * 1024
LONG_SUBJECT = 90
SAMPLE = Person("Ana Example", "ana@example.org", "Example Ltd", "Buyer")
_HREF = re.compile(r"""<a\b[^<>]*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HARMLESS = ("http", "https", "mailto", "tel", "sms")


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the campaign. `code` is stable; `sentence` says what was found, and what to do if it is not `ok`."""

    code: str
    ok: bool
    stops: bool
    sentence: str


def preflight(store: Store, settings: Settings, viewer: Viewer, name: str) -> list[Check]:
    """All checks of one campaign. Raises `NotFound`, and `UsageError` for a template that can not be read any more."""
    with store.database.reading() as session:
        campaign = campaigns.campaign_by_name(session, viewer, name)
        segment = segment_repository.segment_by_name(session, viewer, campaign.segment)
        people = segment_repository.count(session, viewer, read_rules(segment.rules))
    composer = Composer(letter_of(campaign), settings, store.keys, tracked=False)
    subject, html, text = composer.preview(SAMPLE)
    return [
        _sender(campaign),
        _audience(campaign, people),
        *_subject(subject),
        *_unsubscribe(campaign, settings),
        *_size(html, text),
        *_links(html),
        _public(settings),
    ]


def _sender(campaign: CampaignView) -> Check:
    verified = campaign.sender.verified_at is not None
    return Check("sender_verified", verified, True, "The sender is verified." if verified else UNVERIFIED)


def _audience(campaign: CampaignView, people: int) -> Check:
    if people:
        return Check("audience", True, True, f"The segment “{campaign.segment}” holds {people} contacts now.")
    return Check("audience", False, True, f"Nobody is in the segment “{campaign.segment}”: change its rules.")


def _subject(subject: str) -> Iterator[Check]:
    said = bool(subject.strip())
    yield Check("subject", said, True, "There is a subject." if said else "The subject is empty for most people.")
    if len(subject) > LONG_SUBJECT:
        yield Check("subject_length", False, False, f"The subject has {len(subject)} letters; phones show about 40.")
    letters = [letter for letter in subject if letter.isalpha()]
    if len(letters) > 10 and all(letter.isupper() for letter in letters):
        yield Check("subject_capitals", False, False, "The subject is all in capitals, which filters take for spam.")


def _unsubscribe(campaign: CampaignView, settings: Settings) -> Iterator[Check]:
    missing = [
        part
        for part, source in (("HTML", campaign.html), ("text", campaign.text))
        if source.strip() and not has_unsubscribe_link(source)
    ]
    sentence = "Readers can unsubscribe by a link in the mail."
    if missing:
        sentence = (
            f"There is no unsubscribe link in the {missing[0]}, so a line with one is added at its end: "
            "put {{ unsubscribe_url }} where you want it."
        )
    yield Check("unsubscribe_link", not missing, False, sentence)
    https = settings.public_url.startswith("https://")
    yield Check(
        "unsubscribe_https",
        https,
        False,
        "One-click unsubscription is offered over https."
        if https
        else "Mail programs offer one-click unsubscription only over https: set MAILSYNC_BASE_URL to an https address.",
    )


def _size(html: str, text: str) -> Iterator[Check]:
    size = len(html.encode()) + len(text.encode())
    fits = len(html.encode()) <= GMAIL_CLIPS
    sentence = f"The mail has {max(1, size // 1024)} KB."
    if not fits:
        sentence = f"{sentence} Gmail cuts what is longer than 102 KB, with the unsubscribe link at its end."
    yield Check("size", fits, False, sentence)


def _links(html: str) -> Iterator[Check]:
    urls = ["".join(found).strip() for found in _HREF.findall(html)]
    odd = [
        url for url in urls if not url or (not url.startswith("#") and urlsplit(url).scheme.lower() not in _HARMLESS)
    ]
    sentence = f"All {len(urls)} links lead somewhere." if urls else "There are no links."
    if odd:
        sentence = f"{len(odd)} of {len(urls)} links lead nowhere: write them with https:// in front."
    yield Check("links", not odd, False, sentence)


def _public(settings: Settings) -> Check:
    host = urlsplit(settings.public_url).hostname or ""
    local = host in ("localhost", "::1") or host.startswith("127.")
    sentence = "Links and pictures of the mail lead to our public address."
    if local:
        sentence = "Links of the mail lead to this machine only: set MAILSYNC_BASE_URL to how the outside reaches us."
    return Check("public_address", not local, False, sentence)
