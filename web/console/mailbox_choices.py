"""What is chosen about a mailbox, card by card: what is loaded, its name and addresses, who sees and who answers."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import Response

from core.clock import utcnow
from core.errors import UsageError
from mailsync.choices.changing import AddressNotYours, Choices, change_mailbox
from mailsync.choices.depth import read_depth
from mailsync.health.looking import folder_healths
from storage.models import ShareLevel
from web.console.mailbox import back, refused
from web.forms import RowId, iso_day
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router(prefix="/settings/mailboxes/{mailbox_id:int}")
AS_IT_IS, BY_DAY = "", "day"
Ids = Annotated[list[RowId] | None, Form()]


@router.post("/loading")
def what_is_loaded(
    request: Request,
    me: Me,
    mailbox_id: RowId,
    folders: Ids = None,
    shown: Ids = None,
    depth: Annotated[str, Form()] = AS_IT_IS,
    day: Annotated[str, Form()] = "",
    poll_minutes: Annotated[int, Form()] = 1,
) -> Response:
    """Which folders, how far back, how often. A folder that was not `shown` yet, or is not for choosing, stays as it is."""
    with services_of(request).store.database.reading() as session:
        others = {one.id for one in folder_healths(session, mailbox_id) if one.chosen} - set(shown or ())
    followed = sorted({*(folders or ()), *others})
    typed = {"folders": followed, "depth": depth, "day": day, "poll_minutes": poll_minutes}
    try:
        wanted = iso_day(day, me) if depth == BY_DAY else depth
        since = None if depth == AS_IT_IS else read_depth(wanted, utcnow(), zone_of(me))
    except UsageError as error:
        return refused(request, me, mailbox_id, "loading", error, typed)
    choices = Choices(folders=followed, depth=since, poll_minutes=poll_minutes)
    return _change(request, me, mailbox_id, "loading", choices, typed)


@router.post("/names")
def how_it_is_called(
    request: Request,
    me: Me,
    mailbox_id: RowId,
    name: Annotated[str, Form()] = "",
    aliases: Annotated[str, Form()] = "",
    signature: Annotated[str, Form()] = "",
    signed_answers: Annotated[bool, Form()] = False,
) -> Response:
    """Its name, other addresses of it (one a line), what stands below its mails, where answers to them go."""
    typed = {"name": name, "aliases": aliases, "signature": signature, "signed_answers": signed_answers}
    others = aliases.replace(",", "\n").splitlines()
    wanted = Choices(name=name, aliases=others, signature=signature, signed_answers=signed_answers)
    return _change(request, me, mailbox_id, "names", wanted, typed)


@router.post("/privacy")
def who_sees_it(request: Request, me: Me, mailbox_id: RowId, level: Annotated[ShareLevel, Form()]) -> Response:
    """What colleagues see of its mail on records."""
    return _change(request, me, mailbox_id, "privacy", Choices(share_level=level), {"level": level})


@router.post("/people")
def who_works_in_it(request: Request, me: Me, mailbox_id: RowId, members: Ids = None) -> Response:
    """Who works in a shared mailbox."""
    wanted = Choices(members=members or [])
    typed = {"members": wanted.members}
    return _change(request, me, mailbox_id, "people", wanted, typed)


def _change(
    request: Request, me: SignedIn, mailbox_id: int, card: str, wanted: Choices, typed: Mapping[str, Any]
) -> Response:
    me.viewer.require_write()
    try:
        change_mailbox(services_of(request).store, me.viewer, mailbox_id, wanted)
    except (UsageError, AddressNotYours) as error:
        return refused(request, me, mailbox_id, card, error, typed)
    return back(mailbox_id, card)
