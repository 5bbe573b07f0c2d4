"""Who wrote to whom, when, about what and in answer to what: the fields of the header that everybody asks for, read once."""

from parsers.fields.address_list import parse_addresses
from parsers.fields.dates import parse_date
from parsers.fields.headers import Headers
from parsers.fields.message_ids import message_id, message_ids
from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.limits import Limits
from parsers.model import Address


class Envelope:
    """What the header says of a message; what it does not say is empty."""

    def __init__(self, headers: Headers, limits: Limits) -> None:
        self.headers = headers
        self.message_id = message_id(*headers.all("message-id"))
        self.in_reply_to = message_ids(*headers.all("in-reply-to"))
        self.references = message_ids(*headers.all("references"))
        self.date = parse_date(headers.first("date"))
        self.subject = headers.first("subject") or ""
        self.from_ = _addresses(headers, "from", limits, first_only=True)
        self.sender = _addresses(headers, "sender", limits)
        self.reply_to = _addresses(headers, "reply-to", limits)
        self.to = _addresses(headers, "to", limits)
        self.cc = _addresses(headers, "cc", limits)
        self.bcc = _addresses(headers, "bcc", limits)

    @property
    def author(self) -> str:
        """The address of the first who wrote it."""
        return self.from_[0].address if self.from_ else ""

    @property
    def is_answer(self) -> bool:
        """Whether it cites a message, or its subject begins as that of an answer or of a mail passed on."""
        cites = bool(self.in_reply_to or self.references)
        return cites or has_reply_prefix(self.subject) or has_forward_prefix(self.subject)


def _addresses(headers: Headers, name: str, limits: Limits, *, first_only: bool = False) -> tuple[Address, ...]:
    if name not in headers:
        return ()
    values = headers.raw_all(name)
    if len(values) == 1 or (values and first_only):
        return parse_addresses(values[0], limits.addresses)
    found = [address for value in values for address in parse_addresses(value, limits.addresses)]
    return tuple(found[: limits.addresses])
