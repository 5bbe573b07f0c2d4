"""Simple or Classic: what mail of somebody unknown becomes (mission C2).

simple    at once a deal with a client: a contact, a company, or both
classic   a lead, with stages of its own; converted into clients and deals later
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from crm.access import repository
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from storage.sessions import ReadSession, WriteSession

SETTING = "crm.mode"


class Mode(StrEnum):
    """How the CRM works."""

    SIMPLE = "simple"
    CLASSIC = "classic"


class Client(StrEnum):
    """What stands beside a deal that mail has made (Simple mode)."""

    CONTACT = "contact"
    COMPANY = "company"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CrmMode:
    """The mode in force. `repeat_items`: whether a client without open deal or active lead who writes again gets a repeat one."""

    mode: Mode = Mode.SIMPLE
    client: Client = Client.CONTACT
    repeat_items: bool = True

    @property
    def is_classic(self) -> bool:
        """Whether unknown people become leads."""
        return self.mode is Mode.CLASSIC


def read_mode(session: ReadSession, *, held: bool = False) -> CrmMode:
    """The mode in force; Simple with contacts unless somebody chose otherwise. Where it is `held`, nobody changes it before
    this unit of work ends."""
    return _mode(repository.setting(session, SETTING, held=held))


def mode_for_change(session: WriteSession) -> CrmMode:
    """The mode in force, which nobody else changes before this unit of work ends."""
    return _mode(repository.setting_for_change(session, SETTING))


def change_repeat(session: WriteSession, viewer: Viewer, *, on: bool) -> None:
    """Whether clients who write again get repeat deals and leads, in mailboxes that may make them. Raises `Forbidden`."""
    viewer.require_settings("Your role does not let you change how the CRM works: ask an administrator.")
    write_mode(session, replace(mode_for_change(session), repeat_items=on))
    record_act(session, viewer, "crm.change_repeat", on=on)


def write_mode(session: WriteSession, mode: CrmMode) -> None:
    """Put another mode in force, for mail from now on. What becomes of active leads: `crm.records.switching`."""
    value = {"mode": mode.mode.value, "client": mode.client.value, "repeat_items": mode.repeat_items}
    repository.put_setting(session, SETTING, value)


def _mode(value: dict[str, Any] | None) -> CrmMode:
    given = value or {}
    return CrmMode(
        Mode(given.get("mode", Mode.SIMPLE)),
        Client(given.get("client", Client.CONTACT)),
        given.get("repeat_items", True),
    )
