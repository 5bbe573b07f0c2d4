"""Which rule goes for a sender: the most exact one, and of two alike that of the mailbox.

An address goes before a phone number, that before a domain, and a domain before the one above it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from core.addresses import domain_of
from crm.office.phones import number_of_sender
from storage.models import SenderKind, Treatment


class Rule(NamedTuple):
    """A rule as it is looked up. `mailbox_id` None: for all mailboxes."""

    mailbox_id: int | None
    kind: SenderKind
    key: str
    value: str
    treatment: Treatment


class SenderRules:
    """The rules of one mailbox, with those for all."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        ordered = sorted(rules, key=lambda rule: rule.mailbox_id is not None)  # What a mailbox says itself comes last.
        self._by: Mapping[SenderKind, dict[str, Rule]] = {kind: {} for kind in SenderKind}
        for rule in ordered:
            self._by[rule.kind][rule.key] = rule
        self.none = not ordered
        """Whether there is none at all, as in most mailboxes: asked for each mail, several times."""

    def rule_for(self, key: str) -> Rule | None:
        """The rule for an address key; None where none goes for it."""
        if self.none:
            return None
        if (rule := self._by[SenderKind.ADDRESS].get(key)) is not None:
            return rule
        if self._by[SenderKind.PHONE]:
            number = number_of_sender(key.partition("@")[0])
            if (rule := self._by[SenderKind.PHONE].get(number)) is not None:
                return rule
        return self._for_domain(domain_of(key)) if self._by[SenderKind.DOMAIN] else None

    def _for_domain(self, domain: str) -> Rule | None:
        while domain:
            if (rule := self._by[SenderKind.DOMAIN].get(domain)) is not None:
                return rule
            domain = domain.partition(".")[2]
        return None


NO_RULES = SenderRules()
