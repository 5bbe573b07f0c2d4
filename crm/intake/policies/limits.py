"""How much the mail of one sender may make within two hours: what an administrator says of it.

Programs that answer each other, and floods, must not make endless deals, contacts and deadlines.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from core.errors import UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from storage.sessions import ReadSession, WriteSession

SETTING = "crm.intake_limits"
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Within two hours: how many mails make something, and how many of those that join what is there ask for an answer.

    `of_form`: of a sender who writes for others, or of whom each mail makes a new deal or lead. A domain is one that an
    organisation has for itself; where anybody can have a mailbox only the address counts.
    """

    made_of_address: int = 10
    made_of_domain: int = 30
    made_of_form: int = 200
    waiting_of_address: int = 30
    waiting_of_domain: int = 100


USUAL = Limits()


def limits_of(value: Mapping[str, Any] | None) -> Limits:
    """What a stored value says."""
    return Limits(**value) if value else USUAL


def read_limits(session: ReadSession) -> Limits:
    """What is in force."""
    return limits_of(repository.setting(session, SETTING))


def change_limits(session: WriteSession, viewer: Viewer, changes: Mapping[str, int]) -> Limits:
    """Put other limits in force, by the names of `Limits`, for mail that comes from now on; what is in force then.

    Raises `Forbidden`, and `UsageError` for what can not be.
    """
    viewer.require_administrator("Only an administrator may change these limits.")
    if unknown := changes.keys() - {each.name for each in fields(Limits)}:
        raise UsageError(f"There is no limit called {min(unknown)[:80]}.")
    if any(not 1 <= value <= MOST for value in changes.values()):
        raise UsageError(f"A limit is a whole number from 1 to {MOST}: correct the one that is not.")
    limits = replace(limits_of(repository.setting_for_change(session, SETTING)), **changes)
    repository.put_setting(session, SETTING, asdict(limits))
    record_act(session, viewer, "intake_limits.change", **asdict(limits))
    return limits
