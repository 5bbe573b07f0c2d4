"""Rules for senders in the database, and in this process's memory until one of them changes.

Batches of mail ask for them all the time, and people change them now and then. So a batch reads, with its mailbox, a word
that every change replaces; while it is the same, nothing else is asked.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from threading import Lock

from sqlalchemy import delete, or_, select

from crm.access import repository
from crm.access.viewer import Viewer
from crm.intake.policies.sender_rules import NO_RULES, Rule, SenderRules
from storage.models import SenderKind, SenderRule, Treatment, User
from storage.sessions import ReadSession, WriteSession

SETTING = "crm.sender_rules"
"""Holds the word (`version`)."""
_KEPT = 256

_remembered: OrderedDict[tuple[str, int], SenderRules] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as pages and programs see it."""

    id: int
    mailbox_id: int | None
    kind: SenderKind
    value: str
    treatment: Treatment
    note: str
    created_at: datetime
    created_by: str


def rules_of(session: ReadSession, version: str | None, mailbox_id: int) -> SenderRules:
    """The rules that go for a mailbox, as of that version of them."""
    if version is None:
        return NO_RULES
    key = (version, mailbox_id)
    with _lock:
        if (known := _remembered.get(key)) is not None:
            _remembered.move_to_end(key)
            return known
    found = SenderRules(read_rules(session, mailbox_id))
    with _lock:
        _remembered[key] = found
        while len(_remembered) > _KEPT:
            _remembered.popitem(last=False)
    return found


def read_rules(session: ReadSession, mailbox_id: int) -> list[Rule]:
    """The rules for a mailbox and those for all."""
    columns = (SenderRule.mailbox_id, SenderRule.kind, SenderRule.key, SenderRule.value, SenderRule.treatment)
    query = select(*columns).where(or_(SenderRule.mailbox_id == mailbox_id, SenderRule.mailbox_id.is_(None)))
    return [Rule(*row) for row in session.execute(query)]


def views(session: ReadSession, viewer: Viewer, mailbox_id: int | None) -> list[RuleView]:
    """The rules of one mailbox alone, or (None) those for all; the newest first."""
    del viewer
    query = (
        select(
            SenderRule.id,
            SenderRule.mailbox_id,
            SenderRule.kind,
            SenderRule.value,
            SenderRule.treatment,
            SenderRule.note,
            SenderRule.created_at,
            User.name,
        )
        .outerjoin(User, User.id == SenderRule.created_by_id)
        .where(SenderRule.mailbox_id.is_(None) if mailbox_id is None else SenderRule.mailbox_id == mailbox_id)
        .order_by(SenderRule.id.desc())
    )
    return [RuleView(*row[:-1], row[-1] or "") for row in session.execute(query)]


def for_change(session: WriteSession) -> None:
    """Let nobody else change rules until the unit ends, and have every process read them anew after it."""
    repository.put_setting(session, SETTING, {"version": token_hex(8)})


def keys(session: ReadSession, mailbox_id: int | None) -> dict[tuple[SenderKind, str], Treatment]:
    """What has a rule in this mailbox alone, or for all."""
    here = SenderRule.mailbox_id.is_(None) if mailbox_id is None else SenderRule.mailbox_id == mailbox_id
    rows = session.execute(select(SenderRule.kind, SenderRule.key, SenderRule.treatment).where(here))
    return {(row.kind, row.key): row.treatment for row in rows}


def add(session: WriteSession, rows: Sequence[SenderRule]) -> list[int]:
    """Insert rules; their ids."""
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def rule(session: ReadSession, rule_id: int) -> SenderRule | None:
    """A rule, if it is there."""
    return session.get(SenderRule, rule_id)


def remove(session: WriteSession, rule_id: int) -> None:
    """Delete a rule."""
    session.execute(delete(SenderRule).where(SenderRule.id == rule_id).execution_options(synchronize_session=False))
