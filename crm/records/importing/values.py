"""What the cells of a row say about a record, or what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from core.addresses import address_key, domain_of, is_free_mail, organisational_domain
from core.errors import UsageError
from crm.office.formats import USUAL, Formats
from crm.office.settings import Office
from crm.records.channels import EMAIL, PHONE, phone_key
from crm.records.contacts import whole_name
from crm.records.deals import require_amount
from crm.records.fields import standard
from crm.records.fields.values import Value, is_empty
from crm.records.importing.cells import (
    NO_COLLEAGUE,
    PARTS,
    Wrong,
    domain_at,
    looks_like_domain,
    moment_of,
    one_line,
    plain,
    value_of,
)
from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from crm.records.importing.kinds import CONTACTS, Kind
from crm.records.importing.stages import KnownStage, Stages
from parsers.numbers import number_in
from parsers.tables.model import TableRow
from parsers.tables.several import is_address
from storage.models import RecordType

NOBODY: Final[Mapping[RecordType, str]] = {
    RecordType.CONTACT: "The row has neither a name nor an e-mail address nor a phone: it tells of nobody.",
    RecordType.COMPANY: "The row has neither a name nor a domain: it tells of no company.",
    RecordType.LEAD: "The row has neither a title nor a name nor an e-mail address nor a phone: it tells of nobody.",
    RecordType.DEAL: "The row has no title: a deal needs one.",
}
TWO_ADDRESSES = "The cell holds several addresses: a deal has one contact."
ChannelKey = tuple[str, str]
_STANDARD: Final = {field.key: field for field in standard.STANDARD[RecordType.DEAL]}
_TYPED: Final = {
    BuiltIn.AMOUNT: _STANDARD["amount"],
    BuiltIn.CURRENCY: _STANDARD["currency"],
    BuiltIn.CLOSES: _STANDARD["closes_on"],
}
"""Columns whose cells are stored in one form; the others are text."""
_OF_CLIENTS: Final = (BuiltIn.CONTACT, BuiltIn.COMPANY, BuiltIn.DOMAIN)


@dataclass(frozen=True, slots=True)
class Clients:
    """The company and the contact that a row names; empty where it does not. `mail_domain`: of the record's first address
    that is not free mail."""

    company: str = ""
    domain: str = ""
    mail_domain: str = ""
    contact: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """A record as a row tells. `columns` without those of which it says nothing; `channels` by key, in the order of the file."""

    id: int | None
    columns: Mapping[str, Any]
    channels: Mapping[ChannelKey, str]
    clients: Clients
    begins_in: KnownStage | None
    """The stage of a new one, of leads and deals."""
    since: datetime | None
    custom: Mapping[str, Value]
    """By key of the field, without those that the row leaves empty."""
    called: str
    """By its name or title, else by what is known."""
    currency: str = ""
    """Of the amount: the company's where the row tells none."""
    amount: Decimal | None = None
    """In whole units, as the row tells it."""

    @property
    def name(self) -> str:
        """Of the person or company; empty where the row does not tell."""
        return str(self.columns.get("name", ""))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is not taken: the header of the column (empty: the whole row) and a sentence."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows of one file. `colleagues` are ids by address key and by name in lower case."""

    header: Sequence[str]
    fields: Sequence[Meaning]
    colleagues: Mapping[str, int]
    custom: CustomFields
    kind: Kind = CONTACTS
    stages: Stages = field(default_factory=Stages)
    formats: Formats = USUAL
    """Of whoever brought the file."""
    office: Office = field(default_factory=Office)
    """The country of phones without a code, and the currency of amounts without one."""

    def read(self, row: TableRow) -> Values | Refusal:
        """The values of a row, or why it has none."""
        texts: dict[str, list[str]] = {}
        typed: dict[str, Value] = {}
        for place, meaning in sorted(enumerate(self.fields), key=_currency_first):
            if meaning == BuiltIn.SKIP or not row.cells[place]:
                continue
            try:
                self._take(meaning, plain(row.cells[place]), texts, typed)
            except Wrong as wrong:
                return Refusal(self.header[place], str(wrong))
        if BuiltIn.DOMAIN not in texts and (website := typed.get("website")) and self._is_of_company(texts):
            texts[BuiltIn.DOMAIN] = domain_at(str(website))
        channels = _channels(texts, self.office.phone_country) if self.kind.has_channels else {}
        columns = self._columns(texts, typed)
        clients = _clients(texts, channels, self.kind)
        called = _called(columns, channels, clients, self.kind)
        if not called:
            return Refusal("", NOBODY[self.kind.type])
        try:
            begins_in = self._stage(texts, columns)
        except Wrong as wrong:
            return Refusal(self._header_of(wrong.meaning), str(wrong))
        number, since = _first(texts, BuiltIn.ID), _first(texts, BuiltIn.SINCE)
        amount = _first(texts, BuiltIn.AMOUNT)
        return Values(
            id=int(number) if number else None,
            columns=columns,
            channels=channels,
            clients=clients,
            begins_in=begins_in,
            since=datetime.fromisoformat(since) if since else None,
            custom={key: value for key, value in typed.items() if self._is_custom(key) and not is_empty(value)},
            called=called,
            currency=str(columns.get(BuiltIn.CURRENCY) or self.office.currency),
            amount=number_in(amount) if amount else None,
        )

    def _take(self, meaning: Meaning, cell: str, texts: dict[str, list[str]], typed: dict[str, Value]) -> None:
        if meaning in self.custom:
            typed[meaning] = value_of(self.custom[meaning], cell, self.formats)
        elif meaning in _TYPED and cell.strip():
            currency = str(typed.get(BuiltIn.CURRENCY) or self.office.currency)
            typed[meaning] = _typed(BuiltIn(meaning), cell, self.formats, currency)
            texts[meaning] = [cell]
        elif meaning == BuiltIn.SINCE:
            texts.setdefault(meaning, []).append(moment_of(cell, self.formats))
        elif meaning == BuiltIn.RESPONSIBLE:
            texts[meaning] = [str(self._colleague(text)) for text in one_line(cell) if text]
        else:
            texts.setdefault(meaning, []).extend(PARTS.get(meaning, one_line)(cell))
            if meaning == BuiltIn.EMAIL and not self.kind.has_channels and len(texts[meaning]) > 1:
                raise Wrong(TWO_ADDRESSES)

    def _is_of_company(self, texts: Mapping[str, list[str]]) -> bool:
        """Whether a website is a company's: that of somebody whose company is not told may be their own."""
        is_person = self.kind.type is RecordType.CONTACT
        return _first(texts, BuiltIn.COMPANY) != "" if is_person else self.kind.type is RecordType.COMPANY

    def _is_custom(self, key: str) -> bool:
        return key in self.custom and self.custom[key].custom_id is not None

    def _colleague(self, text: str) -> int:
        found = self.colleagues.get(address_key(text) if "@" in text else text.casefold())
        if found is None:
            raise Wrong(NO_COLLEAGUE.format(text))
        return found

    def _columns(self, texts: Mapping[str, list[str]], typed: Mapping[str, Value]) -> dict[str, Any]:
        """What the row says of the record's own columns; a stage comes later, contact and company with who is known."""
        parts = (_first(texts, BuiltIn.GIVEN), _first(texts, BuiltIn.FAMILY))
        responsible = _first(texts, BuiltIn.RESPONSIBLE)
        told: dict[str, Any] = {
            "title": _first(texts, BuiltIn.TITLE),
            "name": _first(texts, BuiltIn.NAME) or whole_name(*parts),
            "first_name": parts[0],
            "last_name": parts[1],
            "domain": _first(texts, BuiltIn.DOMAIN),
            "position": _first(texts, BuiltIn.POSITION),
            "responsible_id": int(responsible) if responsible else None,
            "tags": tuple(dict.fromkeys(texts.get(BuiltIn.TAGS, []))),
            "source": _first(texts, BuiltIn.SOURCE),
            "notes": _first(texts, BuiltIn.NOTES),
            **{meaning: typed.get(meaning) for meaning in _TYPED},
            **{key: value for key, value in typed.items() if key in self.custom},
        }
        return {
            str(name): told[name]
            for name in self.kind.columns
            if name in told and (told[name] or (name == BuiltIn.AMOUNT and told[name] is not None))
        }

    def _stage(self, texts: Mapping[str, list[str]], columns: dict[str, Any]) -> KnownStage | None:
        """Where a new record begins. One that the row names is among its columns. Raises `Wrong`."""
        if "stage_id" not in self.kind.columns:
            return None
        name, pipeline = _first(texts, BuiltIn.STAGE), _first(texts, BuiltIn.PIPELINE)
        if not name:
            return self.stages.first(pipeline)
        stage = self.stages.called(name, pipeline)
        columns["stage_id"] = stage.id
        return stage

    def _header_of(self, meaning: Meaning) -> str:
        """Of the column that gives a field."""
        return next((name for name, told in zip(self.header, self.fields, strict=False) if told == meaning), "")


def _currency_first(column: tuple[int, Meaning]) -> bool:
    """It says how many decimals the amount has."""
    return column[1] != BuiltIn.CURRENCY


def _typed(meaning: BuiltIn, cell: str, formats: Formats, currency: str) -> Value:
    value = value_of(_TYPED[meaning], cell, formats, currency)
    try:
        if meaning is BuiltIn.AMOUNT and isinstance(value, int):
            require_amount(value)
    except UsageError as error:
        raise Wrong(str(error)) from None
    return value


def _clients(texts: Mapping[str, list[str]], channels: Mapping[ChannelKey, str], kind: Kind) -> Clients:
    contact, company, domain = (_first(texts, meaning) for meaning in _OF_CLIENTS)
    email = "" if kind.has_channels else _first(texts, BuiltIn.EMAIL)
    if not email and is_address(contact):
        contact, email = "", contact
    if kind.names_clients and not domain and looks_like_domain(company):
        domain = next(iter(PARTS[BuiltIn.DOMAIN](company)), "")
    return Clients(company, domain, _mail_domain(channels), contact, email)


def _called(columns: Mapping[str, Any], channels: Mapping[ChannelKey, str], clients: Clients, kind: Kind) -> str:
    """What the record is called; empty where it can not be called anything."""
    own = str(columns.get("title") or columns.get("name") or "")
    if own or kind.type is RecordType.DEAL:
        return own
    if kind.type is RecordType.COMPANY:
        return clients.domain
    if not channels:
        return ""
    emails = [value for (sort, _), value in channels.items() if sort == EMAIL]
    return next(iter([*emails, *filter(None, [clients.company]), *channels.values()]))


def _first(texts: Mapping[str, list[str]], meaning: str) -> str:
    return next((text for text in texts.get(meaning, []) if text), "")


def _channels(texts: Mapping[str, list[str]], country: str) -> dict[ChannelKey, str]:
    found: dict[ChannelKey, str] = {}
    for value in texts.get(BuiltIn.EMAIL, []):
        found.setdefault((EMAIL, address_key(value)), value)
    for value in texts.get(BuiltIn.PHONE, []):
        found.setdefault((PHONE, phone_key(value, country)), value)
    return found


def _mail_domain(channels: Mapping[ChannelKey, str]) -> str:
    domains = (organisational_domain(domain_of(key)) for kind, key in channels if kind == EMAIL)
    return next((domain for domain in domains if not is_free_mail(domain)), "")
