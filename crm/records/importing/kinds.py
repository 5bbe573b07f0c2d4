"""The kinds of records that files hold, as data: the fields of each, how its own are told apart, what is chosen about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from crm.records.fields.standard import FURTHER, Field
from crm.records.importing.fields import BuiltIn
from storage.models import RecordType


class OnKnown(StrEnum):
    """What is done with a record that is here already; `ADD` looks for none, and makes one of each row."""

    SKIP = "skip"
    COMPLETE = "complete"
    OVERWRITE = "overwrite"
    ADD = "add"


class Missing(StrEnum):
    """What is done with a contact or company that a row names and that is not here: the row is an error, or it is made."""

    REFUSE = "refuse"
    MAKE = "make"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. `words`: how people call one of them, and several; `label`: the column that it is called by.

    `columns` are those that a row fills in, each with what stands there where it tells nothing; a currency is
    the company's then. `naming`: one of these columns must be in the file, and `nobody` says so. `names_clients`: it names
    contacts and companies that may not be here (`Missing`).
    """

    type: RecordType
    words: tuple[str, str]
    label: str
    labels: Mapping[BuiltIn, str]
    columns: Mapping[str, Any]
    naming: frozenset[BuiltIn]
    nobody: str
    has_channels: bool = True
    may_add: bool = True
    names_clients: bool = False


def _further(kind: RecordType) -> dict[str, str]:
    return {field.key: "" for field in FURTHER[kind]}


_OF_ALL: Final = {"responsible_id": None, "tags": (), "source": "", "notes": ""}
_LAST: Final = {
    BuiltIn.TAGS: "Tags",
    BuiltIn.NOTES: "Notes",
    BuiltIn.RESPONSIBLE: "Responsible",
    BuiltIn.SOURCE: "Source",
}
_CHANNELS: Final = {BuiltIn.EMAIL: "E-mail", BuiltIn.PHONE: "Phone"}
_CLIENTS: Final = {
    BuiltIn.CONTACT: "Contact: name or e-mail",
    BuiltIn.COMPANY: "Company",
    BuiltIn.DOMAIN: "Company's domain",
}
CONTACTS: Final = Kind(
    type=RecordType.CONTACT,
    words=("contact", "contacts"),
    label="name",
    labels={
        BuiltIn.SKIP: "leave out",
        BuiltIn.NAME: "Name",
        BuiltIn.GIVEN: "First name",
        BuiltIn.FAMILY: "Last name",
        **_CHANNELS,
        BuiltIn.POSITION: "Position",
        BuiltIn.COMPANY: "Company",
        BuiltIn.DOMAIN: "Company's domain",
        **_LAST,
        BuiltIn.SINCE: "Known since",
        BuiltIn.ID: "Mailsync ID",
    },
    columns={"name": "", "position": "", "company_id": None, **_OF_ALL, **_further(RecordType.CONTACT)},
    naming=frozenset({BuiltIn.NAME, BuiltIn.GIVEN, BuiltIn.FAMILY, BuiltIn.EMAIL}),
    nobody="No column holds names or e-mail addresses: choose one, or call the columns Name and E-mail.",
    may_add=False,
)
COMPANIES: Final = Kind(
    type=RecordType.COMPANY,
    words=("company", "companies"),
    label="name",
    labels={
        BuiltIn.SKIP: "leave out",
        BuiltIn.NAME: "Name",
        BuiltIn.DOMAIN: "Domain",
        **_CHANNELS,
        **_LAST,
        BuiltIn.SINCE: "Known since",
        BuiltIn.ID: "Mailsync ID",
    },
    columns={"name": "", "domain": None, **_OF_ALL, **_further(RecordType.COMPANY)},
    naming=frozenset({BuiltIn.NAME, BuiltIn.DOMAIN}),
    nobody="No column holds names or domains of companies: choose one, or call the columns Name and Domain.",
)
LEADS: Final = Kind(
    type=RecordType.LEAD,
    words=("lead", "leads"),
    label="title",
    labels={
        BuiltIn.SKIP: "leave out",
        BuiltIn.TITLE: "Title",
        BuiltIn.NAME: "Who",
        BuiltIn.GIVEN: "First name",
        BuiltIn.FAMILY: "Last name",
        **_CHANNELS,
        BuiltIn.POSITION: "Position",
        BuiltIn.STAGE: "Stage",
        BuiltIn.AMOUNT: "Amount",
        BuiltIn.CURRENCY: "Currency",
        **_CLIENTS,
        **_LAST,
        BuiltIn.SINCE: "Came",
        BuiltIn.ID: "Mailsync ID",
    },
    columns={
        "title": "",
        "name": "",
        "stage_id": None,
        "amount": 0,
        "currency": "",
        "contact_id": None,
        "company_id": None,
        **_OF_ALL,
        **_further(RecordType.LEAD),
    },
    naming=frozenset({BuiltIn.TITLE, BuiltIn.NAME, BuiltIn.GIVEN, BuiltIn.FAMILY, BuiltIn.EMAIL}),
    nobody="No column holds titles, names or e-mail addresses: choose one, or call the columns Title, Name and E-mail.",
    names_clients=True,
)
DEALS: Final = Kind(
    type=RecordType.DEAL,
    words=("deal", "deals"),
    label="title",
    labels={
        BuiltIn.SKIP: "leave out",
        BuiltIn.TITLE: "Title",
        BuiltIn.AMOUNT: "Amount",
        BuiltIn.CURRENCY: "Currency",
        BuiltIn.PIPELINE: "Pipeline",
        BuiltIn.STAGE: "Stage",
        BuiltIn.CLOSES: "Expected to be won on",
        **_CLIENTS,
        BuiltIn.EMAIL: "Contact's e-mail",
        **_LAST,
        BuiltIn.SINCE: "Created",
        BuiltIn.ID: "Mailsync ID",
    },
    columns={
        "title": "",
        "stage_id": None,
        "amount": 0,
        "currency": "",
        "closes_on": None,
        "contact_id": None,
        "company_id": None,
        **_OF_ALL,
    },
    naming=frozenset({BuiltIn.TITLE}),
    nobody="No column holds titles of deals: choose one, or call it Title.",
    has_channels=False,
    names_clients=True,
)
KINDS: Final[Mapping[RecordType, Kind]] = {kind.type: kind for kind in (CONTACTS, COMPANIES, LEADS, DEALS)}


def further_fields(kind: RecordType) -> Mapping[str, Field]:
    """The further standard fields that a column can give, by key; parts of a name are built in."""
    labels = set(KINDS[kind].labels.values())
    return {field.key: field for field in FURTHER[kind] if field.name not in labels}
