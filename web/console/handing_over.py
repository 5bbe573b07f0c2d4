"""Settings: everything of a person handed to others, asked first with numbers."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access import repository as people
from crm.records.repository.teams import teams
from crm.work.handing_over.asking import Belonging, HandOver, ask_for_hand_over
from crm.work.handing_over.repository import MOST_COUNTED, count_theirs, goes_on
from storage.writer_lock import Urgency
from web.forms import RowId, row_id
from web.receivers import receiver
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/people")


@router.get("/{user_id}/hand-over")
def question(request: Request, me: Me, user_id: RowId) -> Response:
    """What is theirs, in numbers, and who is to get it."""
    me.viewer.require_administrator()
    with services_of(request).store.database.reading() as session:
        return render(
            request,
            me,
            "settings/hand_over.html",
            person=people.require_person(session, me.viewer, user_id),
            theirs=count_theirs(session, me.viewer, user_id, upto=MOST_COUNTED + 1),
            colleagues=[one for one in people.people(session, me.viewer) if one.id != user_id],
            teams=teams(session, me.viewer),
            most=MOST_COUNTED,
            going_on=goes_on(session, me.viewer, user_id),
        )


@router.post("/{user_id}/hand-over")
def begin(
    request: Request,
    me: Me,
    user_id: RowId,
    what: Annotated[list[Belonging] | None, Form()] = None,
    receiver_id: Annotated[str, Form()] = "",
    responsible: Annotated[str, Form()] = "",
) -> Response:
    """Have it done, and show how far it is."""
    person_in_turn, team = receiver(responsible)
    if person_in_turn is not None:
        raise UsageError(
            "Leads and deals go to the same person as all else, or to a team in turn: choose from the list."
        )
    wanted = HandOver(user_id, frozenset(what or ()), row_id(receiver_id), team)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        number = ask_for_hand_over(session, me.viewer, wanted)
    return RedirectResponse(f"/bulk/{number}", 303)
