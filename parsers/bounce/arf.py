"""Complaints (RFC 5965): somebody pressed "this is spam", and his provider tells us."""

from parsers.bounce.addresses import address_in
from parsers.bounce.dsn import Fields
from parsers.model import Recipient


def complaint_of(groups: list[Fields]) -> tuple[str, tuple[Recipient, ...]]:
    """The feedback type (`abuse` if none is named) and the complaining recipients, where they are told."""
    fields: Fields = {}
    for group in groups:
        fields = {**group, **fields}
    kind = fields.get("feedback-type", "abuse").lower()
    names = ("original-rcpt-to", "removal-recipient", "redacted-address")
    addresses = dict.fromkeys(address_in(fields.get(name, "")) for name in names)
    recipients = tuple(Recipient(address, "", "complained", "feedback", True, kind) for address in addresses if address)
    return kind, recipients
