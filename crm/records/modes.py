"""Simple or Classic: what mail of somebody unknown becomes (mission C2).

simple    at once a deal with a client: a contact, a company, or both
classic   a lead, with stages of its own; converted into clients and deals later
"""

from dataclasses import dataclass
from enum import StrEnum

from crm.records.repository import writing
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
    """The mode in force."""

    mode: Mode = Mode.SIMPLE
    client: Client = Client.CONTACT

    @property
    def is_classic(self) -> bool:
        """Whether unknown people become leads."""
        return self.mode is Mode.CLASSIC


def read_mode(session: ReadSession, *, held: bool = False) -> CrmMode:
    """The mode in force; Simple with contacts unless somebody chose otherwise. Where it is `held`, nobody changes it before
    this unit of work ends."""
    value = writing.setting(session, SETTING, held=held) or {}
    return CrmMode(Mode(value.get("mode", Mode.SIMPLE)), Client(value.get("client", Client.CONTACT)))


def write_mode(session: WriteSession, mode: CrmMode) -> None:
    """Put another mode in force, for mail from now on. What becomes of active leads: `crm.records.switching`."""
    writing.put_setting(session, SETTING, {"mode": mode.mode.value, "client": mode.client.value})
