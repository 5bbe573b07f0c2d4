"""Doing something to many leads: to all active ones when the mode changes, or to those that a person chose.

    begun ── some leads a unit of work ──▶ ended
               │        ▲                    ▲
               └ killed ┘                    └── given up: as far as it is, with the reason

Whoever comes after one that was killed goes on behind the last lead.

Any number of processes may go on with one run at once: its state is one row, which each holds while it works on some. A lead
to which it can not be done stays as it is, is named with the reason, and holds nobody up.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict

from core.clock import utcnow
from core.errors import Conflict, MailsyncError, Transient, UsageError
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.roles.viewers import viewer_of
from crm.access.viewer import Viewer
from crm.records import on_behalf
from crm.records.clients_of_leads import hold_clients
from crm.records.conversions import convert_lead
from crm.records.handing_over import tell_of_leads
from crm.records.leads import put_aside, take_up
from crm.records.modes import Client, read_mode
from crm.records.outcomes import Conversion
from crm.records.repository import conversion, lead_runs, lead_stages, writing
from crm.records.repository.lead_runs import Choices, Run
from crm.records.required_fields import require_of_lead
from crm.records.teams import OneOfMany, require_receiver
from storage import jobs
from storage.jobs import OfLeadRun, enqueue
from storage.models import LeadAct, LeadRun, LeadState, RecordType
from storage.running import JobRun
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 8
"""Leads of one unit of work: 50 ms on SQLite, where others wait for it."""
MOST_CHOSEN = 1000
GIVEN_UP = "Not all leads were looked at: it failed again and again, which is in the log."
AND_THEN = {LeadAct.CHANGE_MODE: "Change the mode to Classic and to Simple again for the rest."}
NO_RIGHTS = "Whoever asked for it may not change records any more."

log = get_logger(__name__)


def begin(
    session: WriteSession, viewer: Viewer, act: LeadAct, lead_ids: Iterable[int], choices: Choices = Choices()
) -> int:
    """Have something done to chosen leads, asked of the daemon; the number of the run.

    Raises `Forbidden` for guests, `UsageError` where nothing, too much, or nothing that can be done is chosen.
    """
    viewer.require_write()
    chosen = sorted(set(lead_ids))
    if not chosen:
        raise UsageError("Choose one lead at least.")
    if len(chosen) > MOST_CHOSEN:
        raise UsageError(f"Choose at most {MOST_CHOSEN} leads at a time.")
    if act is LeadAct.CHANGE_MODE:
        raise UsageError("All active leads are converted by changing the mode of the CRM.")
    if act is LeadAct.CONVERT and choices.client is None and not choices.deal:
        raise UsageError("Choose what the leads become: a client, a deal, or both.")
    if act is LeadAct.CONVERT:
        stage_of(session, choices)
        require_receiver(session, viewer, choices.responsible_id, choices.team)
    return ask_for(session, act, choices, chosen, len(chosen), viewer.user_id)


def undo(session: WriteSession, viewer: Viewer, number: int) -> int:
    """Take up again what a run called junk: each lead in its stage before, its mails waiting again; the number of that run.

    Raises `NotFound` for a run of somebody else, `Conflict` for one that goes on, or can not be (or is already) taken back.
    """
    viewer.require_write()
    lead_runs.held(session, number)
    done = lead_runs.run(session, viewer, number)
    if not done.can_be_undone:
        raise Conflict("This can not be taken back (any more): look at the leads themselves.")
    chosen = lead_runs.changed_by(session, number)
    return ask_for(session, LeadAct.TAKE_UP, Choices(), chosen, len(chosen), viewer.user_id, undoes=number)


def stop(session: WriteSession, viewer: Viewer, number: int) -> None:
    """End a run over chosen leads where it is: what was done stays, whoever was handed some hears of it, and the rest can be
    chosen again.

    Raises `NotFound` for a run of somebody else, `Conflict` for one that has ended or is a change of the mode.
    """
    viewer.require_write()
    row = lead_runs.held(session, number)
    lead_runs.run(session, viewer, number)
    if row is None or row.ended_at is not None or row.act is LeadAct.CHANGE_MODE:
        raise Conflict("This has ended already, or can not be stopped: change the mode back instead.")
    _end(session, row)
    row.stopped = "It was stopped: the rest is as it was."
    record_act(session, viewer, "leads.stop_many", number=number)
    log.info("crm.leads_stopped", act=row.act.value, done=row.done)


def ask_for(
    session: WriteSession,
    act: LeadAct,
    choices: Choices,
    chosen: list[int],
    total: int,
    user_id: int | None,
    *,
    undoes: int | None = None,
) -> int:
    """Note a run and ask the daemon for it; its number. `chosen` stays empty where all active leads are meant."""
    row = LeadRun(
        act=act,
        user_id=user_id,
        choices=asdict(choices),
        chosen=chosen,
        total=total,
        undoes=undoes,
        began_at=utcnow(),
    )
    number = lead_runs.add(session, row)
    enqueue(session, jobs.CONVERT_LEADS, OfLeadRun(number), key=f"lead-run:{number}")
    return number


def go_on_in_job(run: JobRun) -> None:
    """The job: all that is left of a run."""
    go_on(run.store, run.args.number)
    with run.completing():
        pass


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when a run was given up: it ends as far as it is, and the rest can be chosen again."""
    with run.completing() as session:
        row = lead_runs.held(session, run.args.number)
        if row is not None and row.ended_at is None:
            _end(session, row)
            row.stopped = f"{GIVEN_UP} {AND_THEN.get(row.act, 'Choose the rest again.')}"
            log.warning("crm.leads_given_up", act=row.act.value, done=row.done)


def go_on(store: Store, number: int, on_progress: Callable[[Run], None] = lambda _: None) -> Run | None:
    """Take lead after lead until none is left; None when the run was taken back or replaced."""
    while True:
        now = do_some(store, number)
        if now is not None:
            on_progress(now)
        if now is None or now.ended_at is not None:
            return now


def do_some(store: Store, number: int, urgency: Urgency = Urgency.BULK) -> Run | None:
    """Take the next few leads of a run, or end it; None when it was taken back or replaced."""
    with store.database.unit_of_work(urgency) as session:
        row = lead_runs.held(session, number)
        if row is None or _is_over(session, row):
            return None
        if row.ended_at is None:
            _do_some(session, row)
        return lead_runs.view(row)


def _is_over(session: ReadSession, row: LeadRun) -> bool:
    """Whether somebody changed the mode back, or once more, meanwhile: the rest stay leads."""
    replaced = row.act is LeadAct.CHANGE_MODE and not lead_runs.is_newest(session, row)
    return replaced or (row.act is LeadAct.CHANGE_MODE and read_mode(session).is_classic)


def _do_some(session: WriteSession, row: LeadRun) -> None:
    if row.act is LeadAct.CHANGE_MODE:
        chosen = conversion.active_after(session, row.after, AT_ONCE)
    else:
        chosen = [lead_id for lead_id in row.chosen if lead_id > row.after][:AT_ONCE]
    if row.act in (LeadAct.CHANGE_MODE, LeadAct.CONVERT):
        hold_clients(session, chosen)
        lead_stages.first_stage(session, LeadState.CONVERTED)
        conversion.hold_leads(session, chosen)
    many = OneOfMany(session, lead_runs.view(row).choices.team)
    refused = [(lead_id, why) for lead_id in chosen if (why := _why_not(session, row, lead_id, many)) is not None]
    many.write()
    row.handed = {who: row.handed.get(who, 0) + many.handed.get(who, 0) for who in {**row.handed, **many.handed}}
    row.done += len(chosen) - len(refused)
    row.after = chosen[-1] if chosen else row.after
    row.refused = [*row.refused, *({"id": lead_id, "why": why} for lead_id, why in refused)]
    # Chosen ones end with the last of them; active ones when none is found, for mail may have made some meanwhile.
    if not chosen or (row.chosen and row.after >= row.chosen[-1]):
        _end(session, row)
        log.info("crm.leads_done", act=row.act.value, done=row.done, left=len(row.refused))
    session.flush()


def _end(session: WriteSession, row: LeadRun) -> None:
    row.ended_at = utcnow()
    tell_of_leads(session, row.handed, row.id, _became(lead_runs.view(row).choices))


def _became(choices: Choices) -> RecordType:
    """The records that leads became, of which people find theirs in the list."""
    if choices.deal:
        return RecordType.DEAL
    return RecordType.COMPANY if choices.client is Client.COMPANY else RecordType.CONTACT


def _why_not(session: WriteSession, row: LeadRun, lead_id: int, many: OneOfMany) -> str | None:
    """Do it to one lead; the reason why not, in which case nothing of it was changed."""
    if row.act is not LeadAct.CHANGE_MODE and not viewer_of(session, row.user_id).may_write:
        return NO_RIGHTS
    try:
        with session.begin_nested():
            _do(session, row, lead_id, many)
    except Transient:
        raise
    except MailsyncError as error:
        many.give_back()
        log.warning("crm.lead_left", act=row.act.value, lead_id=lead_id, error=type(error).__name__)
        return str(error)
    return None


def _do(session: WriteSession, row: LeadRun, lead_id: int, many: OneOfMany) -> None:
    viewer = _viewer_of(session, row)
    require(session, viewer, Act.EDIT, (RecordType.LEAD, lead_id))
    if row.act is LeadAct.JUNK:
        require_of_lead(session, lead_id, None, LeadState.JUNK)
        was = put_aside(session, lead_id, user_id=row.user_id)
        row.before = [*row.before, {"lead": lead_id, "stage": was.stage_id, "mails": list(was.mails)}]
    elif row.act is LeadAct.TAKE_UP:
        was_so = lead_runs.before_of(session, row.undoes, lead_id) if row.undoes else None
        stays = was_so is not None and lead_stages.is_kind(session, was_so.stage_id, LeadState.ACTIVE)
        take_up(
            session,
            lead_id,
            stage_id=was_so.stage_id if was_so and stays else None,
            mails=was_so.mails if was_so else (),
            user_id=row.user_id,
        )
    else:
        choices = lead_runs.view(row).choices
        how = Conversion(
            choices.client,
            choices.deal,
            stage_id=stage_of(session, choices),
            responsible_id=choices.responsible_id,
            team=choices.team,
            complete=choices.complete_activities,
        )
        if row.act is LeadAct.CONVERT:
            on_behalf.convert(session, viewer, lead_id, how, one_of=many)
        else:
            convert_lead(session, lead_id, how)


def _viewer_of(session: ReadSession, row: LeadRun) -> Viewer:
    """On whose behalf leads are dealt with: who chose them, with the rights that they have by now. A change of
    the mode is for all."""
    if row.user_id is None or row.act is LeadAct.CHANGE_MODE:
        return Viewer.system()
    return viewer_of(session, row.user_id)


def stage_of(session: WriteSession, choices: Choices) -> int | None:
    """Where the deals begin; None where new deals do. Raises `UsageError` for a pipeline without an open stage."""
    if choices.pipeline_id is None:
        return None
    stage = writing.first_open_stage(session, choices.pipeline_id)
    if stage is None:
        raise UsageError("There is no such pipeline, or it has no open stage.")
    return stage.id
