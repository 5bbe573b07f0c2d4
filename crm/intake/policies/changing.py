"""Rules for senders, changed by people: exceptions, and senders of whom each mail makes a new lead or deal.

Those of one mailbox are changed by who steers it, those for all mailboxes by administrators. They go for mail that comes
from then on; what stands on records stays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.addresses import address_key, domain_of
from core.clock import utcnow
from core.errors import Conflict, NotFound, UsageError
from crm.access.audit import record_act
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from crm.intake.policies.repository import rules
from crm.office.phones import full_number
from crm.office.settings import read_office
from storage.models import Mailbox, SenderKind, SenderRule, Treatment
from storage.sessions import WriteSession

MOST_AT_ONCE = 1000
MOST = 20_000
LONGEST = 320
LONGEST_NOTE = 200
_DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
ONLY_ADMINISTRATORS = "Only an administrator may say what goes for the senders of all mailboxes."


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as somebody gives it. `kind` None: what it is shows by how it is written."""

    kind: SenderKind | None
    value: str
    treatment: Treatment
    note: str = ""


def add_rules(session: WriteSession, viewer: Viewer, mailbox_id: int | None, new: Sequence[NewRule]) -> list[int]:
    """Add rules to a mailbox, or (None) to all; their ids. All of them, or none.

    Raises `Forbidden`, `NotFound`, `UsageError` for what is no address, domain or phone, and `Conflict` where one has a rule.
    """
    _require_right(session, viewer, mailbox_id)
    if not new:
        raise UsageError("Write one address, domain or phone number at least.")
    if len(new) > MOST_AT_ONCE:
        raise UsageError(f"Add at most {MOST_AT_ONCE} at a time.")
    rules.for_change(session)
    known = rules.keys(session, mailbox_id)
    if len(known) + len(new) > MOST:
        raise UsageError(f"There are {len(known)} already, and {MOST} at most: name domains instead of addresses.")
    country, rows = read_office(session).phone_country, []
    for each in new:
        kind, key = sender_key(each.kind, each.value, country)
        if (treatment := known.get((kind, key))) is not None:
            raise Conflict(f"“{each.value.strip()}” is there already ({WORDS[treatment]}): remove that first.")
        known[kind, key] = each.treatment
        rows.append(_row(viewer, mailbox_id, each, kind, key))
    record_act(session, viewer, "sender_rule.add", mailbox_id=mailbox_id, rules=len(rows))
    return rules.add(session, rows)


def remove_rule(session: WriteSession, viewer: Viewer, rule_id: int) -> None:
    """Let mail of these senders go by what the mailbox says again. Raises `Forbidden`, `NotFound`."""
    row = rules.rule(session, rule_id)
    if row is None:
        raise NotFound("This entry is not there any more.")
    _require_right(session, viewer, row.mailbox_id)
    rules.for_change(session)
    rules.remove(session, rule_id)
    record_act(session, viewer, "sender_rule.remove", mailbox_id=row.mailbox_id, rule_id=rule_id)


WORDS = {Treatment.NEVER: "as an exception", Treatment.ALWAYS_NEW: "as one that always makes a new one"}


def sender_key(kind: SenderKind | None, value: str, country: str) -> tuple[SenderKind, str]:
    """What a sender is looked up by. Raises `UsageError` for what is none of that kind, or (None) of any."""
    text = value.strip()
    if not text or len(text) > LONGEST:
        raise UsageError("Write an address (ann@example.com), a domain (example.com) or a phone number.")
    if kind is None:
        kind = _kind_of(text)
    if kind is SenderKind.PHONE:
        return kind, _phone(text, country)
    return (kind, _address(text)) if kind is SenderKind.ADDRESS else (kind, _domain(text))


def _kind_of(text: str) -> SenderKind:
    if "@" in text.removeprefix("@"):
        return SenderKind.ADDRESS
    return SenderKind.PHONE if re.fullmatch(r"\+?[\d\s().\-/]+", text) else SenderKind.DOMAIN


def _address(text: str) -> str:
    key = address_key(text)
    local, _, domain = key.rpartition("@")
    if not local or not _DOMAIN.fullmatch(domain) or any(letter.isspace() for letter in key):
        raise UsageError(f"“{text[:80]}” is no address: write it as ann@example.com.")
    return key


def _domain(text: str) -> str:
    domain = domain_of(address_key(f"x@{text.removeprefix('*').removeprefix('@').removeprefix('.')}"))
    if not _DOMAIN.fullmatch(domain):
        raise UsageError(f"“{text[:80]}” is no domain: write it as example.com.")
    return domain


def _phone(text: str, country: str) -> str:
    number = full_number(text, country)
    if not number:
        hint = "" if country else ", or choose the country of your phone numbers in Settings → Company"
        raise UsageError(f"“{text[:80]}” is no phone number: write it with its country, as +48 600 100 200{hint}.")
    return number


def _row(viewer: Viewer, mailbox_id: int | None, new: NewRule, kind: SenderKind, key: str) -> SenderRule:
    return SenderRule(
        mailbox_id=mailbox_id,
        kind=kind,
        key=key,
        value=new.value.strip(),
        treatment=new.treatment,
        note=" ".join(new.note.split())[:LONGEST_NOTE],
        created_by_id=viewer.user_id,
        created_at=utcnow(),
    )


def _require_right(session: WriteSession, viewer: Viewer, mailbox_id: int | None) -> None:
    if mailbox_id is None:
        viewer.require_administrator(ONLY_ADMINISTRATORS)
        return
    row = session.get(Mailbox, mailbox_id)
    if row is None:
        raise NotFound("There is no such mailbox.")
    require_right(viewer, row)
    require_staying(row)
