"""What a mail to a secret address says: its title, what its author newly wrote, and whose mail it passes on."""

from dataclasses import dataclass

from core.limits import Limits
from delivery.tokens import mask_tokens
from parsers.fields.subjects import base_subject, has_forward_prefix, has_reply_prefix
from parsers.message import parse_message
from parsers.model import Address

LONGEST_SUBJECT = 1_000
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class MailContent:
    """Subject without its prefixes and text without signature and quotes, secret addresses in them masked.

    `author` wrote it; `sender` wrote the mail that was passed on (None if none was), and `passed_on` is what they said.
    """

    author: Address | None
    subject: str
    text: str
    sender: Address | None
    passed_on: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to make a title of."""
        return not (self.subject or self.text or self.passed_on)

    @property
    def quoted(self) -> str:
        """The mail that was passed on, under the name of who wrote it."""
        if not self.passed_on or self.sender is None:
            return self.passed_on
        address = f"<{self.sender.address}>" if self.sender.address else ""
        heading = " ".join(part for part in (self.sender.name, address) if part)
        return f"{heading}:\n{self.passed_on}" if heading else self.passed_on

    @property
    def whole_text(self) -> str:
        """The author's words, then the mail that was passed on."""
        return "\n\n".join(part for part in (self.text, self.quoted) if part)


def content_of(raw: bytes, limits: Limits) -> MailContent:
    """What a raw mail says; takes as long as parsing does, so never inside a unit of work."""
    parsed = parse_message(raw, limits=limits)
    subject = " ".join(parsed.subject[:LONGEST_SUBJECT].split())
    if has_forward_prefix(subject) or has_reply_prefix(subject):
        subject = base_subject(subject)
    forwarded = parsed.forwarded
    return MailContent(
        parsed.from_[0] if parsed.from_ else None,
        mask_tokens(subject),
        mask_tokens(parsed.reply.text[:LONGEST_TEXT].strip()),
        forwarded.from_ if forwarded else None,
        mask_tokens(forwarded.text[:LONGEST_TEXT].strip()) if forwarded else "",
    )
