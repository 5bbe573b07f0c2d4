"""Everything of a person handed to others, for programs."""

from fastapi import Request
from pydantic import BaseModel, Field

from crm.access import repository as people
from crm.work.handing_over.asking import Belonging, HandOver, ask_for_hand_over
from crm.work.handing_over.repository import MOST_COUNTED, count_theirs
from storage.writer_lock import Urgency
from web.api.bulk_edits import EditOfMany, state_of
from web.api.callers import SettingsReader, SettingsWriter
from web.api.leads import ToTeam
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/people", tags=["roles"])


class NewHandOver(BaseModel):
    """What of a person goes to whom: all to the person `to_id`, leads and deals to a `team` in turn where one is given. `what` is
    everything unless it says less."""

    what: list[Belonging] = Field(default_factory=lambda: list(Belonging))
    to_id: RowId | None = None
    team: ToTeam | None = None


@router.get("/{user_id}/belongings")
def belongings(request: Request, viewer: SettingsReader, user_id: RowId) -> dict[Belonging, int]:
    """How much of each kind is a person's: records, open tasks, places in queues, shared views. 10,001 stands for any more."""
    viewer.require_administrator()
    with services_of(request).store.database.reading() as session:
        people.require_person(session, viewer, user_id)
        counts = count_theirs(session, viewer, user_id, upto=MOST_COUNTED + 1)
    return {Belonging(kind): number for kind, number in counts.items()}


@router.post("/{user_id}/hand-over", status_code=201)
def begin(request: Request, viewer: SettingsWriter, user_id: RowId, new: NewHandOver) -> EditOfMany:
    """Ask for it; administrators. A job does it: `GET /bulk-edits/{id}` tells how far it is, `/stop` and `/undo` below that end
    it and take it back."""
    wanted = HandOver(user_id, frozenset(new.what), new.to_id, new.team)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return state_of(session, viewer, ask_for_hand_over(session, viewer, wanted))
