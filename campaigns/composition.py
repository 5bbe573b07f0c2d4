"""From a campaign and one of its recipients to the bytes that leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.rewriting import Source, rewrite
from campaigns.template import CompiledTemplate, joined
from campaigns.tokens import CampaignTokens
from campaigns.variables import CLICK_TOKEN, UNSUBSCRIBE_URL, Person, values_of
from core.addresses import domain_of
from core.config import Settings
from core.crypto import KeyRing
from delivery.compiled import CampaignMail, CompiledCampaign, Recipient, Slot, compile_campaign
from delivery.dkim import Signer
from delivery.envelope import Envelope
from delivery.header_text import Mailbox
from delivery.pipelined import PreparedMail

UNSUBSCRIBE_TOKEN = "unsubscribe_token"  # noqa: S105 - the name of a slot
TEST_TOKEN = "test"  # noqa: S105 - stands in test mails, and is no token


@dataclass(frozen=True, slots=True)
class Letter:
    """What a campaign says and from whom: enough to compile it."""

    campaign_id: int
    name: str
    from_: Mailbox
    source: Source


class Composer:
    """Fills one campaign's mail for one recipient after the other. Made once a run."""

    def __init__(
        self, letter: Letter, settings: Settings, keys: KeyRing, signers: Sequence[Signer] = (), *, tracked: bool = True
    ) -> None:
        self._letter = letter
        self._tokens = CampaignTokens(keys)
        self._base = settings.public_url
        self._signers = signers
        self._domain = domain_of(letter.from_.address.lower())
        self.template = CompiledTemplate(rewrite(letter.source, self._base, tracked=tracked))
        self._compiled = _compiled(letter, self.template, self._base, self._domain)

    def mail(self, recipient_id: int, person: Person, now: datetime) -> PreparedMail:
        """The mail, ready to leave. Raises `UsageError` when this person's values or address do not fit in."""
        tokens, campaign_id = self._tokens, self._letter.campaign_id
        unsubscribe = tokens.unsubscribe(campaign_id, recipient_id)
        click = tokens.tracking(campaign_id, recipient_id, int(now.timestamp()))
        filled = self._filled(person, click, unsubscribe)
        message_id = tokens.message_id(recipient_id, self._domain)
        mailbox = Mailbox(person.email, person.name)
        message = self._compiled.fill(Recipient(mailbox, message_id, filled), now, self._signers)
        return PreparedMail(recipient_id, Envelope(self._letter.from_.address, (person.email,)), message, clean=True)

    def preview(self, person: Person) -> tuple[str, str, str]:
        """Subject, html and text as `person` would get them, with links that lead nowhere."""
        filled = self._filled(person, TEST_TOKEN, TEST_TOKEN)
        template = self.template
        return joined(template.subject, filled), joined(template.html, filled), joined(template.text, filled)

    def test_mail(self, person: Person, now: datetime, message_id: str) -> PreparedMail:
        """The mail for somebody who is no recipient: it unsubscribes nobody and counts nothing."""
        filled = self._filled(person, TEST_TOKEN, TEST_TOKEN)
        recipient = Recipient(Mailbox(person.email, person.name), message_id, filled)
        message = self._compiled.fill(recipient, now, self._signers)
        return PreparedMail(0, Envelope(self._letter.from_.address, (person.email,)), message, clean=True)

    def _filled(self, person: Person, click: str, unsubscribe: str) -> dict[str, str]:
        values = values_of(person, self._letter.name)
        values[CLICK_TOKEN] = click
        values[UNSUBSCRIBE_URL] = f"{self._base}/u/{unsubscribe}"
        filled = self.template.fill(values)
        filled[UNSUBSCRIBE_TOKEN] = unsubscribe
        return filled


def _compiled(letter: Letter, template: CompiledTemplate, base_url: str, domain: str) -> CompiledCampaign:
    return compile_campaign(
        CampaignMail(
            from_=letter.from_,
            subject=template.subject,
            text=template.text,
            html=template.html,
            unsubscribe_url=(f"{base_url}/u/", Slot(UNSUBSCRIBE_TOKEN)),
            list_id=f"campaigns.{domain}",
            feedback_id=f"{letter.campaign_id}:campaign:mailsync",
            headers=(("Precedence", "bulk"), ("X-Auto-Response-Suppress", "OOF, AutoReply")),
        )
    )
