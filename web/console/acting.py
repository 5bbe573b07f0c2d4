"""What is done to mail from the list and the reading pane: archive, delete, junk, marks, moves; and undo of each.

The answer is always the list or the conversation again, with a line that says what happened and takes it back.
"""

from collections.abc import Collection
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.conversations.repository.reach import own_folders
from crm.conversations.repository.threads import ROLES
from crm.conversations.views.reach import OwnFolder, Reach
from crm.conversations.views.threads import MailView
from mailsync.actions.asking import About, Wish, ask, undo
from storage.models import FolderRole
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
STAYS = (Wish.FLAG, Wish.UNFLAG, Wish.READ)
"""After these the conversation stays open; after the others the list is what one wants to see."""
MOST_AT_ONCE = 500
NO_TARGETS = frozenset({FolderRole.ALL, FolderRole.SENT, FolderRole.DRAFTS})


@router.post("/mail/acts")
def act(
    request: Request,
    me: Me,
    wish: Annotated[Wish | None, Form()] = None,
    thread: Annotated[list[RowId] | None, Form()] = None,
    target: Annotated[RowId | None, Form()] = None,
    view: Annotated[MailView, Form()] = MailView.INBOX,
    query: Annotated[str, Form()] = "",
    opened: Annotated[RowId | None, Form()] = None,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Do something to one or several conversations; `target` is the folder of a move."""
    threads = tuple(dict.fromkeys(thread or ()))[:MOST_AT_ONCE]
    wish = wish or Wish.MOVE
    if not threads:
        raise UsageError("Choose a conversation first: tick it in the list, or open it.")
    if wish is Wish.DELETE_FOR_EVER and not sure:
        return render_overlay(request, me, "mail/_for_ever.html", threads=threads, query=query, view=view.value)
    about = About(thread_ids=threads, roles=_copies_in(view))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        done = ask(session, me.viewer, wish, about, target_id=target)
    said = {"act": done.act, "did": wish.value} if done.count else {"did": "nothing"}
    path = f"/mail/threads/{opened}" if opened and wish in STAYS else "/mail"
    return RedirectResponse(f"{path}?{_joined(query, said)}", 303)


@router.post("/mail/acts/{name}/undo")
def take_back(request: Request, me: Me, name: str, back: Annotated[str, Form()] = "") -> Response:
    """Take an act back, where it was done."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        undo(session, me.viewer, name)
    path, _, query = back.partition("?")
    return RedirectResponse(f"{path if path.startswith('/mail') else '/mail'}?{_joined(query, {'did': 'undone'})}", 303)


def move_targets(
    session: ReadSession, reach: Reach, mailbox_ids: Collection[int]
) -> list[tuple[str, list[tuple[int, str]]]]:
    """Where mail of these mailboxes can be moved to: ids and names of folders, under the name of their mailbox."""
    found: dict[int, list[tuple[int, str]]] = {box.id: [] for box in reach.mailboxes if box.id in mailbox_ids}
    for folder in own_folders(session, reach, mailbox_ids=found):
        if folder.role not in NO_TARGETS:
            found[folder.mailbox_id].append((folder.id, _called(folder)))
    return [(box.name, found[box.id]) for box in reach.mailboxes if box.id in found]


def _called(folder: OwnFolder) -> str:
    return "Inbox" if folder.role is FolderRole.INBOX else folder.name


def _copies_in(view: MailView) -> frozenset[FolderRole] | None:
    """In a list of one kind of folder an act is about the copies there; in the others about the usual ones."""
    return None if view in (MailView.ALL, MailView.WAITING) else ROLES[view]


def _joined(query: str, said: dict[str, str]) -> str:
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in ("act", "did")]
    return "&".join([*kept, urlencode(said)])
