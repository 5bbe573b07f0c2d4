"""What is true of a mailbox while one of its batches is taken in; loaded once a batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.addresses import AddressLists, domain_of
from crm.intake.policies.limits import Limits
from crm.intake.policies.policy import Policy
from crm.office.calendar import Calendar
from crm.records.modes import CrmMode
from storage.models import FolderRole

KEPT_OUT = frozenset({FolderRole.JUNK, FolderRole.TRASH, FolderRole.DRAFTS})
"""Mail in these is stored and searchable for its owner, nothing else, until it is moved."""
MASK = "…"
"""What stands for the token in a secret address (`delivery.tokens.mask_tokens`)."""


@dataclass(frozen=True, slots=True)
class MailboxContext:
    """A mailbox, the company around it, and the CRM's settings.

    `our_keys` are the addresses of all our people and mailboxes. `signed` gives the id of the outgoing mail that a
    Message-ID of ours belongs to, `is_campaign` whether it is of campaign mail;
    `intake_lookup` turns a secret token into what it is found by.
    """

    mailbox_id: int
    roles: Mapping[int, FolderRole]
    our_keys: frozenset[str]
    our_domains: frozenset[str]
    users: Mapping[str, int]
    """Who of us writes from an address."""
    new_since: datetime
    policy: Policy
    limits: Limits
    lists: AddressLists
    calendar: Calendar
    phone_country: str
    currency: str
    answers_awaited: bool
    """Whether some mailbox makes records of strangers only where one of us wrote first."""
    owner_id: int | None
    receives_intake: bool
    authserv_id: str | None
    mode: CrmMode
    pipeline_id: int
    stage_id: int
    lead_stage_id: int | None
    """Where leads begin, in Classic mode."""
    signed: Callable[[str], int | None]
    is_campaign: Callable[[str], bool]
    intake_lookup: Callable[[str], str]

    def is_ours(self, key: str) -> bool:
        """Whether the address belongs to one of our people or mailboxes, also with a plus part, or is a secret one."""
        if key in self.our_keys:
            return True
        local, at, domain = key.rpartition("@")
        name, plus, rest = local.partition("+")
        return bool(plus) and (rest == MASK or f"{name}{at}{domain}" in self.our_keys)

    def is_of_our_domain(self, key: str) -> bool:
        """Whether the address is at a domain that is ours alone: a colleague, though perhaps nobody that we know here."""
        return bool(self.our_domains) and self.lists.organisation(domain_of(key)) in self.our_domains

    def is_our_campaign(self, message_id: str | None, *, author_is_ours: bool) -> bool:
        """Whether it is a copy of campaign mail. A signed id counts only with From ours."""
        return author_is_ours and message_id is not None and self.is_campaign(message_id)

    def organisation(self, key: str) -> str | None:
        """The registrable domain of an outside organisation; None for ours and where anybody can have a mailbox."""
        organisation = self.lists.organisation(domain_of(key))
        return None if organisation in self.our_domains else organisation


def own_domains(keys: frozenset[str], lists: AddressLists) -> frozenset[str]:
    """The registrable domains that are ours alone."""
    return frozenset(name for key in keys if (name := lists.organisation(domain_of(key))))
