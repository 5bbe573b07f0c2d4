"""Changing the mode of the CRM: from Classic to Simple, all active leads become clients and deals (mission C3).

    asked ── the mode changes at once ──▶ converting, some leads a unit of work ──▶ ended
                                            │        ▲
                                            └ killed ┘   whoever comes next goes on behind the last lead

The mode changes first, and waits for the batches of mail that go by the old one (`read_mode` with `held`): no lead is made
after it. One that mail finds before its turn takes that mail along. Any number of processes may convert at once: the state
is one row, which each holds while it works on some. Changed back to Classic meanwhile, the rest stay leads.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from core.clock import utcnow
from core.errors import MailsyncError, Transient, UsageError
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.conversions import Conversion, convert_lead
from crm.records.modes import Client, CrmMode, Mode, read_mode, write_mode
from crm.records.repository import conversion, writing
from storage import jobs
from storage.jobs import OfModeSwitch, enqueue
from storage.running import JobRun
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

SETTING = "crm.mode.switch"
AT_ONCE = 10
"""Leads of one unit of work: 50 ms on SQLite, where others wait for it."""
ONLY_ADMINISTRATORS = "Only an administrator may change the mode of the CRM."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Choices:
    """What active leads become: a deal in the pipeline (None: the first) with that client; what is planned stays open on the
    deal, or is completed."""

    client: Client = Client.CONTACT
    pipeline_id: int | None = None
    complete_activities: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A change to Simple mode: what was chosen, and how far it is. `left` are leads that could not be converted."""

    number: int
    choices: Choices
    total: int
    began_at: datetime
    converted: int = 0
    after: int = 0
    left: tuple[int, ...] = ()
    ended_at: datetime | None = None


def change_mode(session: WriteSession, viewer: Viewer, mode: Mode, choices: Choices) -> Switch | None:
    """Put another mode in force. The conversion that follows from it, asked of the daemon; None where there is none.

    Raises `Forbidden`, and `UsageError` for a pipeline without an open stage.
    """
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    stage_of(session, choices)
    before = _held_switch(session)
    write_mode(session, CrmMode(mode, choices.client))
    record_act(session, viewer, "crm.change_mode", mode=mode.value, client=choices.client.value)
    active = conversion.active_leads(session).leads
    if mode is Mode.CLASSIC or not active:
        return None
    switch = Switch(before.number + 1 if before else 1, choices, active, utcnow())
    _write_switch(session, switch)
    enqueue(session, jobs.CONVERT_LEADS, OfModeSwitch(switch.number), key=f"convert-leads:{switch.number}")
    return switch


def convert_in_job(run: JobRun) -> None:
    """The job: all that is left of the change."""
    convert_all(run.store, run.args.number)
    with run.completing():
        pass


def convert_all(store: Store, number: int, on_progress: Callable[[Switch], None] = lambda _: None) -> Switch | None:
    """Convert lead after lead until none is left, or the change is taken back or replaced."""
    while True:
        with store.database.unit_of_work(Urgency.BULK) as session:
            switch = _convert_some(session, number)
        if switch is not None:
            on_progress(switch)
        if switch is None or switch.ended_at is not None:
            return switch


def _convert_some(session: WriteSession, number: int) -> Switch | None:
    switch = _held_switch(session)
    if switch is None or switch.number != number or read_mode(session).is_classic:
        return None
    if switch.ended_at is not None:
        return switch
    chosen = conversion.active_after(session, switch.after, AT_ONCE)
    refused = [lead_id for lead_id in chosen if not _converted(session, lead_id, switch.choices)]
    switch = replace(
        switch,
        converted=switch.converted + len(chosen) - len(refused),
        after=chosen[-1] if chosen else switch.after,
        left=(*switch.left, *refused),
    )
    if not chosen:
        switch = replace(switch, ended_at=utcnow())
        log.info("crm.leads_converted", converted=switch.converted, left=len(switch.left))
    _write_switch(session, switch)
    return switch


def _converted(session: WriteSession, lead_id: int, choices: Choices) -> bool:
    """One that can not be converted stays a lead, and holds nobody up."""
    try:
        with session.begin_nested():
            how = Conversion(choices.client, stage_id=stage_of(session, choices), complete=choices.complete_activities)
            convert_lead(session, lead_id, how)
    except Transient:
        raise
    except MailsyncError as error:
        log.warning("crm.lead_not_converted", lead_id=lead_id, error=type(error).__name__)
        return False
    return True


def stage_of(session: ReadSession, choices: Choices) -> int | None:
    """Where the deals begin; None where new deals do. Raises `UsageError` for a pipeline without an open stage."""
    if choices.pipeline_id is None:
        return None
    stage = writing.first_open_stage(session, choices.pipeline_id)
    if stage is None:
        raise UsageError("There is no such pipeline, or it has no open stage.")
    return stage.id


def read_switch(session: ReadSession) -> Switch | None:
    """The last change to Simple mode that had leads to convert."""
    return _switch(writing.setting(session, SETTING))


def _held_switch(session: WriteSession) -> Switch | None:
    return _switch(writing.setting_for_change(session, SETTING))


def _switch(value: dict[str, Any] | None) -> Switch | None:
    if value is None:
        return None
    choices = value["choices"]
    return Switch(
        value["number"],
        Choices(Client(choices["client"]), choices["pipeline_id"], choices["complete_activities"]),
        value["total"],
        datetime.fromisoformat(value["began_at"]),
        value["converted"],
        value["after"],
        tuple(value["left"]),
        datetime.fromisoformat(value["ended_at"]) if value["ended_at"] else None,
    )


def _write_switch(session: WriteSession, switch: Switch) -> None:
    ended = switch.ended_at.isoformat() if switch.ended_at else None
    moments = {"began_at": switch.began_at.isoformat(), "ended_at": ended}
    writing.put_setting(session, SETTING, {**asdict(switch), **moments})
