"""Editing one's own comments, deleting them, and taking that back, wherever they stand."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.stream.feed.commenting import change_comment, delete_comment, restore_comment, subject_path
from crm.stream.feed.repository import is_there, own_comment
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/comments/{comment_id}")


@router.get("/edit")
def comment_form(request: Request, me: Me, comment_id: RowId) -> Response:
    """A comment, to be edited by its author."""
    with services_of(request).store.database.reading() as session:
        comment = own_comment(session, me.viewer, comment_id)
    return render_overlay(request, me, "stream/_comment_form.html", comment=comment)


@router.post("/edit")
def edit(request: Request, me: Me, comment_id: RowId, text: Annotated[str, Form()] = "") -> Response:
    """Save what was edited."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        where = change_comment(session, me.viewer, comment_id, text)
    return RedirectResponse(f"{subject_path(*where)}#comment-{comment_id}", 303)


@router.post("/delete")
def delete(request: Request, me: Me, comment_id: RowId) -> Response:
    """Take it away, with a button that takes this back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        where = delete_comment(session, me.viewer, comment_id)
        stands = is_there(session, me.viewer, *where)
    return RedirectResponse(f"{subject_path(*where) if stands else '/stream'}?done=comment-deleted:{comment_id}", 303)


@router.post("/restore")
def restore(request: Request, me: Me, comment_id: RowId) -> Response:
    """Take back that it was deleted."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        where = restore_comment(session, me.viewer, comment_id)
    return RedirectResponse(f"{subject_path(*where)}?done=comment-restored:{comment_id}", 303)
