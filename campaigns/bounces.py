"""Bounces, complaints and replies that come by mail, tied to the one mail of a campaign that they are about.

They change a person only with our signature in them: the Message-ID of the returned copy, or a link that stands in it.
Anything else (a forged bounce, a list of addresses in a text) is counted as unmatched. Full mailboxes and mail that is
too large say nothing about the address: such a bounce is kept with the mail and suppresses nobody.
"""

import re
from collections.abc import Iterator

from campaigns.repository import tracking
from campaigns.repository.suppression import suppress
from campaigns.repository.tracking import Event, Written
from campaigns.tokens import CampaignTokens
from core.clock import utcnow
from core.errors import NotFound, Permanent, Transient
from core.logging import get_logger
from crm.access.mail.reading import read_message
from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from parsers.bounce.arf import BY_MACHINES
from parsers.message import parse_message
from parsers.model import Kind, ParsedMessage, Report
from storage.models import SendState, TrackingKind
from storage.running import JobRun
from storage.sessions import WriteSession

COMPLAINED = "complained"
EFFECT = "campaign_report"
UNMATCHED = "unmatched"
DELAYED = "delayed"
LONGEST_SEARCHED = 512 * 1024
_FOLD = re.compile(rb"=\r?\n|\r?\n[ \t]+")
_MESSAGE_ID = re.compile(r"m\.[0-9a-f]{30,80}@", re.IGNORECASE)
_LINK = re.compile(r"/([cou])/([A-Za-z0-9_-]{20,120})")

log = get_logger(__name__)


def settle_bounce(run: JobRun) -> None:
    """The job `campaigns.bounce`: one stored bounce or complaint."""
    message_id = run.args.message_id
    with run.store.database.reading() as session:
        try:
            raw = read_message(session, run.store.blobs, Viewer.system(), message_id).raw
        except NotFound:
            raise Permanent("The report was deleted before it could be read.") from None
    parsed = parse_message(raw, limits=run.store.limits)
    recipient_id = recipient_of(parsed, raw, CampaignTokens(run.store.keys))
    with run.completing() as session:
        _settle(session, message_id, parsed, recipient_id)


def recipient_of(parsed: ParsedMessage, raw: bytes, tokens: CampaignTokens) -> int | None:
    """The recipient whose mail a report is about, by a signature of ours in it; None without one."""
    for candidate in _message_ids(parsed):
        if (recipient_id := tokens.read_message_id(candidate)) is not None:
            return recipient_id
    # Relays give mail another Message-ID, and returned headers are quoted in all sorts of ways: look for links of ours.
    text = _FOLD.sub(b"", raw[:LONGEST_SEARCHED]).decode("latin-1")
    for found in _MESSAGE_ID.finditer(text):
        if (recipient_id := tokens.read_message_id(found[0])) is not None:
            return recipient_id
    for found in _LINK.finditer(text):
        if (recipient_id := _recipient_of_link(found[1], found[2], tokens)) is not None:
            return recipient_id
    return None


def _message_ids(parsed: ParsedMessage) -> Iterator[str]:
    if parsed.report is not None and parsed.report.original_message_id:
        yield parsed.report.original_message_id
    yield from (*parsed.in_reply_to, *parsed.references)


def _recipient_of_link(kind: str, token: str, tokens: CampaignTokens) -> int | None:
    if kind == "u":
        ids = tokens.read_unsubscribe(token)
        return None if ids is None else ids[1]
    mailing = tokens.read_tracking(token)
    return None if mailing is None else mailing.recipient_id


def _settle(session: WriteSession, message_id: int, parsed: ParsedMessage, recipient_id: int | None) -> None:
    found = tracking.written(session, [recipient_id]) if recipient_id is not None else []
    if any(one.state in (SendState.CLAIMED, SendState.ATTEMPTED) for one in found):
        raise Transient("The report came before the mail server's own answer was written down.")
    recipient = next((one for one in found if one.state in (SendState.SENT, SendState.IN_DOUBT)), None)
    if recipient is None or parsed.report is None:
        tracking.note_effect(session, message_id, EFFECT, UNMATCHED)
        log.info("bounce.unmatched", message_id=message_id)
        return
    if not tracking.note_effect(session, message_id, EFFECT, str(recipient.id)):
        return
    if parsed.kind is not Kind.COMPLAINT:
        _bounce(session, parsed.report, recipient)
    elif parsed.report.type not in BY_MACHINES:
        _complain(session, message_id, recipient)


def _complain(session: WriteSession, message_id: int, recipient: Written) -> None:
    event = Event(recipient.id, TrackingKind.COMPLAINT, Verdict.HUMAN.value, None, utcnow(), f"complaint:{message_id}")
    tracking.record(session, [event])
    suppress(session, [recipient.key], COMPLAINED, recipient.campaign_id)


def _bounce(session: WriteSession, report: Report, recipient: Written) -> None:
    failures = [one for one in report.recipients if one.action != DELAYED]
    if report.recipients and not failures:
        return  # Only late: the server goes on trying.
    permanent = [one for one in failures if one.permanent]
    told = (permanent or failures)[:1]
    reason = told[0].reason if told else "undefined"
    tracking.mark_bounced(session, recipient.id, reason)
    if permanent:
        suppress(session, [recipient.key], "bounced", recipient.campaign_id)


def note_reply(session: WriteSession, tokens: CampaignTokens, message_id: int, cited: Iterator[str]) -> int | None:
    """Somebody answered a campaign: `cited` are the Message-IDs their mail names. Returns the recipient, if it is one.

    Called by whoever handles `message.received`; done again it changes nothing.
    """
    recipient_id = next((found for one in cited if (found := tokens.read_message_id(one)) is not None), None)
    if recipient_id is not None:
        event = Event(recipient_id, TrackingKind.REPLY, Verdict.HUMAN.value, None, utcnow(), f"reply:{message_id}")
        tracking.record(session, [event])
    return recipient_id
