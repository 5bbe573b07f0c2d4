"""What a lead becomes, as it is asked for, and what it became."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.records.gone import Record
from crm.records.modes import Client
from crm.records.teams import Team
from storage.models import RecordType


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a lead becomes: that client (None: no client), and a deal or none.

    A contact or company that is named is taken; else a contact with the lead's address or phone, or the company of its domain,
    unless `anew`; else a new one. What is new belongs to `responsible_id`, to one of the `team`, or (neither) to whoever the
    lead belongs to. The deal is called as the lead and begins in `stage_id`, or where new deals do. What is planned stays so,
    unless it is to be `complete`.
    """

    client: Client | None = Client.CONTACT
    deal: bool = True
    contact_id: int | None = None
    company_id: int | None = None
    anew: bool = False
    contact_name: str = ""
    company_name: str = ""
    stage_id: int | None = None
    title: str = ""
    amount: int | None = None
    """The lead's where it is None."""
    currency: str = ""
    """The company's where it is empty."""
    responsible_id: int | None = None
    team: Team | None = None
    complete: bool = False
    along: tuple[str, ...] | None = None
    """Keys of the lead's fields that are written on what it becomes; None: all that can be."""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """More that is written on what is new, by its kind (`deal`) and the key of the field."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a lead became, and who is responsible for it now. A repeat lead keeps the client that it named."""

    deal_id: int | None
    contact_id: int | None
    company_id: int | None
    responsible_id: int | None = None

    @property
    def records(self) -> list[Record]:
        """The deal, contact and company, as far as there are."""
        parties = (
            (RecordType.DEAL, self.deal_id),
            (RecordType.CONTACT, self.contact_id),
            (RecordType.COMPANY, self.company_id),
        )
        return [(kind, record_id) for kind, record_id in parties if record_id is not None]


DEFAULT = Conversion()
