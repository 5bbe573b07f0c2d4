"""The search of everything, for programs: of what the scopes of their token are for."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from core.errors import Forbidden
from crm.access.api_tokens import ApiCaller, Scope
from crm.conversations.searching import LONGEST_QUERY
from web.api.callers import caller_of
from web.routers import api_router
from web.searching import Found, Part, search_everything
from web.signed_in import NO_RIGHTS, services_of

router = api_router(tags=["search"])
SCOPES = {Scope.MAIL_READ: Part.MAIL, Scope.RECORDS_READ: Part.RECORDS, Scope.WORK_READ: Part.WORK}
MOST = 50


@router.get("/search")
def search(
    request: Request,
    caller: Annotated[ApiCaller, Depends(caller_of)],
    words: Annotated[
        str,
        Query(
            max_length=LONGEST_QUERY,
            description="Beginnings of words, an address, a phone; with operators, as `from:anna`, mail alone is searched.",
            examples=["anna tesla"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=MOST, description="Of each kind.")] = 10,
) -> Found:
    """The newest mails, records, tasks and posts that hold the words, of what the token may read: at least one of these."""
    parts = [part for scope, part in SCOPES.items() if scope in caller.scopes]
    if not parts:
        caller.require(Scope.RECORDS_READ)
    if caller.viewer.rights.is_nothing:
        raise Forbidden(NO_RIGHTS)
    store = services_of(request).store
    return search_everything(store, caller.viewer, words, zone=ZoneInfo("UTC"), limit=limit, parts=parts)
