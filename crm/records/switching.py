"""Changing the mode of the CRM: from Classic to Simple, all active leads become clients and deals (mission C3).

The mode changes first, and waits for the batches of mail that go by the old one (`read_mode` with `held`): no lead is made
after it. One that mail finds before its turn takes that mail along. The leads are converted by a run (`lead_runs`), which any
number of processes may go on with; changed back to Classic meanwhile, the rest stay leads.
"""

from dataclasses import replace

from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.records.lead_runs import ask_for, stage_of
from crm.records.modes import Client, Mode, mode_for_change, write_mode
from crm.records.repository import conversion, lead_runs
from crm.records.repository.lead_runs import Choices, Run
from storage.models import LeadAct
from storage.sessions import WriteSession

NO_RIGHT = "Your role does not let you change the mode of the CRM: ask an administrator."


def change_mode(
    session: WriteSession, viewer: Viewer, mode: Mode, choices: Choices, *, convert: bool = True
) -> Run | None:
    """Put another mode in force. The conversion that follows from it, asked of the daemon; None where there is none.

    Leads that are left in Simple mode, taken up again there, stay as they are unless `convert`.

    Raises `Forbidden`, and `UsageError` for a pipeline without an open stage.
    """
    viewer.require_settings(NO_RIGHT)
    stage_of(session, choices)
    lead_runs.hold_last_change(session)
    client = choices.client or Client.CONTACT
    before = mode_for_change(session)
    write_mode(session, replace(before, mode=mode, client=client))
    record_act(session, viewer, "crm.change_mode", mode=mode.value, client=client.value)
    active = conversion.count_active(session)
    if mode is Mode.CLASSIC or not active or not (convert or before.is_classic):
        return None
    number = ask_for(session, LeadAct.CHANGE_MODE, choices, [], active, viewer.user_id)
    return lead_runs.run(session, Viewer.system(), number)
