"""What the signatures and cards in a contact's newest mails tell beyond what is known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.addresses import address_key
from core.errors import Forbidden, NotFound
from crm.access.mail import read_message
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.records.channels import EMAIL, PHONE, phone_key
from crm.records.completion import repository
from crm.records.fields.standard import ADDRESS
from crm.records.repository import reading
from crm.records.views import ContactView
from parsers.contact_card.card import contact_of
from parsers.contact_card.links import is_social
from parsers.message import parse_message
from parsers.model import Address, ContactCard, Kind, ParsedMessage, PostalAddress
from storage.models import Message, RecordType
from storage.sessions import ReadSession
from storage.store import Store

WRITTEN = (Kind.NORMAL.value, Kind.LIST.value, Kind.OUT_OF_OFFICE.value)
LOOKED_AT, READ = 10, 3
"""Newest mails that are looked for, and how many readable ones of them are read."""
LOCAL_DIGITS = 9
"""By so many last digits a phone is the same, written with or without its country."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One value for a field of the contact (`settling.SUGGESTED`), and the mail that tells it.

    `key` is what it is compared and declined by.
    """

    field: str
    value: str
    key: str
    message_id: int | None = None

    @classmethod
    def of(cls, field: str, value: str, message_id: int | None = None) -> "Suggestion":
        """The same value written in another way has the same key."""
        key = _KEYS.get(field, str.casefold)(" ".join(value.split()))
        return cls(field, value, key, message_id)


def suggestions_for(store: Store, session: ReadSession, viewer: Viewer, contact_id: int) -> list[Suggestion]:
    """What the viewer may be told, the newest word for each field; several phones and addresses. Raises `NotFound`."""
    contact = reading.contact(session, viewer, contact_id)
    keys = [address_key(channel.value) for channel in contact.channels if channel.kind == EMAIL]
    if not keys:
        return []
    country = read_office(session).phone_country
    refused = repository.declined(session, viewer, contact_id)
    found: dict[tuple[str, str], Suggestion] = {}
    taken: set[str] = set()
    for message, card in _cards(store, session, viewer, keys):
        for one in _told(card, contact, message.id, country):
            alone = one.field not in ("phones", "emails")
            if not _may_know(viewer, one) or (one.field, one.key) in refused or (alone and one.field in taken):
                continue
            found.setdefault((one.field, one.key), one)
            taken.add(one.field)
    return list(found.values())


def _cards(
    store: Store, session: ReadSession, viewer: Viewer, keys: Sequence[str]
) -> Iterator[tuple[Message, ContactCard]]:
    """Cards about the contact in their newest mails that the viewer may read, newest first."""
    read = 0
    for message in repository.newest_mail_of(session, viewer, keys, WRITTEN, LOOKED_AT):
        try:
            raw = read_message(session, store.blobs, viewer, message.id).raw
        except (NotFound, Forbidden):
            continue
        parsed = parse_message(raw, limits=store.limits)
        sender = Address(message.from_name, message.from_address)
        signed = contact_of(parsed.kind, parsed.reply.signature, sender)
        for card in (*_own_cards(parsed, keys), *((signed,) if signed else ())):
            yield message, card
        read += 1
        if read == READ:
            return


def _may_know(viewer: Viewer, one: Suggestion) -> bool:
    """What stands in a field that is hidden is no secret of its suggestion alone."""
    return not viewer.hides(RecordType.CONTACT, "company_id" if one.field == "company" else one.field)


def _own_cards(parsed: ParsedMessage, keys: Sequence[str]) -> list[ContactCard]:
    """Attached cards that name an address of the contact; a colleague's card tells nothing about them."""
    return [card for card in parsed.cards if any(address_key(email) in keys for email in card.emails)]


def _told(card: ContactCard, contact: ContactView, message_id: int, country: str) -> Iterator[Suggestion]:
    if card.name and "@" in contact.name:  # Until now we had only their address.
        yield Suggestion.of("name", card.name, message_id)
    if card.title and card.title.casefold() != contact.position.casefold():
        yield Suggestion.of("position", card.title, message_id)
    if card.company and contact.company is None:
        yield Suggestion.of("company", card.company, message_id)
    page = next((link for link in card.links if not is_social(link)), "")
    if page and "website" not in contact.fields:
        yield Suggestion.of("website", page, message_id)
    yield from _new_address(card.postal, contact, message_id)
    yield from _new_channels("phones", card.phones, contact, PHONE, message_id, country)
    yield from _new_channels("emails", card.emails, contact, EMAIL, message_id)


def _new_address(told: PostalAddress | None, contact: ContactView, message_id: int) -> Iterator[Suggestion]:
    """The parts that are missing of the address that is known, or all where none is."""
    parts = {part: str(getattr(told, part)) for part in ADDRESS} if told else {}
    if all(contact.fields.get(part, text) in (text, "") for part, text in parts.items()):
        new = ((part, text) for part, text in parts.items() if text and part not in contact.fields)
        yield from (Suggestion.of(part, text, message_id) for part, text in new)


def _new_channels(
    field: str, told: Sequence[str], contact: ContactView, kind: str, message_id: int, country: str = ""
) -> Iterator[Suggestion]:
    known = {Suggestion.of(field, channel.value).key for channel in contact.channels if channel.kind == kind}
    numbers = {phone_key(channel.value, country) for channel in contact.channels if channel.kind == PHONE == kind}
    told = [value for value in told if kind != PHONE or phone_key(value, country) not in numbers]
    suggested = (Suggestion.of(field, value, message_id) for value in told)
    return (one for one in suggested if one.key and one.key not in known)


def _local(phone: str) -> str:
    return phone_key(phone).lstrip("+")[-LOCAL_DIGITS:]


_KEYS: Mapping[str, Callable[[str], str]] = {"phones": _local, "emails": address_key}
