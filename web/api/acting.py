"""What programs do to mail: the same acts as people's in the console, told to the mail server within about a second."""

from fastapi import Request
from pydantic import BaseModel, Field

from core.errors import NotFound, UsageError
from crm.conversations.repository.reach import own_folders, reach_of
from crm.conversations.views.reach import OwnFolder
from mailsync.actions.asking import About, Done, Wish, ask, undo
from mailsync.actions.repository.notes import ActionView, actions_of_act
from storage.writer_lock import Urgency
from web.api.callers import MailReader, MailSender
from web.api.paging import Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["mail"])
MOST_AT_ONCE = 1000


class ActIn(BaseModel):
    """What to do, and to which conversations or messages. `target_folder_id` is for `move`.

    `delete` moves to Trash; `delete_for_ever` takes out of Trash and Junk, ten seconds later.
    """

    wish: Wish
    thread_ids: list[RowId] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    message_ids: list[RowId] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    target_folder_id: RowId | None = None


@router.post("/acts", status_code=202)
def act(request: Request, caller: MailSender, wanted: ActIn) -> Done:
    """Do it here at once, and have the mail server told. Only mailboxes that the token's person works in are touched."""
    if not wanted.thread_ids and not wanted.message_ids:
        raise UsageError("Name thread_ids or message_ids to do it to.")
    about = About(tuple(wanted.thread_ids), tuple(wanted.message_ids))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return ask(session, caller, wanted.wish, about, target_id=wanted.target_folder_id)


@router.get("/acts/{name}")
def how_it_went(request: Request, caller: MailReader, name: str) -> Listing[ActionView]:
    """Each change of an act of this person: waiting, sent, done, refused, overtaken or cancelled, and why."""
    with services_of(request).store.database.reading() as session:
        found = actions_of_act(session, caller, name)
    if not found:
        raise NotFound("There is no such act of yours.")
    return Listing(items=found, next=None)


@router.post("/acts/{name}/undo", status_code=202)
def take_back(request: Request, caller: MailSender, name: str) -> Done:
    """Take an act back: before the server is told nothing is sent, after that the opposite."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return undo(session, caller, name)


@router.get("/folders")
def folders(request: Request, caller: MailReader) -> Listing[OwnFolder]:
    """Folders of the person's own mailboxes: where mail can be moved to."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=list(own_folders(session, reach_of(session, caller))), next=None)
