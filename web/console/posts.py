"""Messages in the stream: written, with whom they are to and what they are about; edited, deleted, taken back; their files."""

import secrets
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound, UsageError
from crm.conversations.contents import PartContent
from crm.conversations.repository.reach import reach_of
from crm.outgoing.queueing import prepare_files
from crm.posting.addressing import EVERYONE, Field, record_of, users_of
from crm.posting.writing import NewMessage, delete_message, post_message, restore_message
from crm.records.paths import record_path
from crm.stream.feed import repository
from crm.stream.feed.posting import change_post, require_mine
from crm.stream.views import NewPost
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.mail_form import File, uploads
from web.console.message_files import download, in_place, playing
from web.console.picking import Picked, picked
from web.failures import status_of
from web.forms import RowId, row_id, tags
from web.rendering import render_overlay
from web.routers import page_router
from web.shown_files import media_type_shown, shown_in_place, type_by_content, video_type
from web.signed_in import Me, SignedIn, services_of

router = page_router()


@dataclass(frozen=True, slots=True)
class MessageForm:
    """The fields as they were sent."""

    to: Annotated[list[str] | None, Form()] = None
    to_words: Annotated[str, Form()] = ""
    about: Annotated[list[str] | None, Form()] = None
    about_words: Annotated[str, Form()] = ""
    title: Annotated[str, Form()] = ""
    text: Annotated[str, Form()] = ""
    mention: Annotated[str, Form()] = ""
    mailbox: Annotated[str, Form()] = ""
    files: Annotated[list[UploadFile] | None, Form()] = None
    key: Annotated[str, Form(max_length=64)] = ""
    back: Annotated[str, Form()] = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as it is shown."""

    to: Picked
    about: Picked
    title: str = ""
    text: str = ""
    mention: str = ""
    mailbox: str = ""
    key: str = ""
    back: str = ""


@router.get("/stream/new")
def message_form(
    request: Request,
    me: Me,
    to: Annotated[list[str] | None, Query()] = None,
    about: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The form of a message, with the record it is about where it was opened on one."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        recipients = picked(session, me.viewer, Field.TO, to or [])
        records = picked(session, me.viewer, Field.ABOUT, about or [])
    back = records.values[0] if len(records.values) == 1 else ""
    return _show(request, me, Shown(recipients, records, key=secrets.token_urlsafe(16), back=back))


@router.post("/stream/posts")
def new_message(request: Request, me: Me, form: Annotated[MessageForm, Depends()]) -> Response:
    """Post it. What is refused is shown again as it was typed; files have to be attached again then."""
    me.viewer.require_write()
    store = services_of(request).store
    with store.database.reading() as session:
        shown = _understood(session, me, form)
    problem = " ".join(filter(None, (shown.to.problem, shown.about.problem)))
    try:
        if problem:
            raise UsageError(problem)
        files = prepare_files(store.blobs, _by_content(uploads(form.files or [])))
        with store.database.reading() as session:
            post = _post(session, me, form, shown)
        by_mail = tuple(key for value in shown.to.values if (key := record_of(value)) is not None)
        with store.database.unit_of_work(Urgency.PERSON) as session:
            post_id = post_message(session, me.viewer, NewMessage(post, by_mail, row_id(form.mailbox), files))
    except (UsageError, NotFound) as error:
        lost = " Attach the files again." if any(file.filename for file in form.files or ()) else ""
        return _show(request, me, shown, problem=f"{error}{lost}", status=status_of(error))
    key = record_of(form.back)
    return RedirectResponse(f"{record_path(key) if key else '/stream'}?done=posted:{post_id}", 303)


@router.get("/feed/{post_id}/edit")
def edit_form(request: Request, me: Me, post_id: RowId) -> Response:
    """A post, to be edited by its author."""
    with services_of(request).store.database.reading() as session:
        post = repository.post(session, me.viewer, post_id)
    require_mine(me.viewer, post.author.id)
    return render_overlay(request, me, "feed/_edit.html", post=post)


@router.post("/feed/{post_id}/edit")
def edit(
    request: Request,
    me: Me,
    post_id: RowId,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    labels: Annotated[str, Form()] = "",
) -> Response:
    """Save what was edited."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_post(session, me.viewer, post_id, title=title, text=text, tags=tags(labels))
    return RedirectResponse(f"/feed/{post_id}", 303)


@router.post("/feed/{post_id}/delete")
def delete(request: Request, me: Me, post_id: RowId) -> Response:
    """Take a post away, with a button that takes this back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        left = delete_message(session, me.viewer, post_id)
    return RedirectResponse(f"/stream?done={'post-left' if left else 'post-deleted'}:{post_id}", 303)


@router.post("/feed/{post_id}/restore")
def restore(request: Request, me: Me, post_id: RowId) -> Response:
    """Take back that it was deleted."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_message(session, me.viewer, post_id)
    return RedirectResponse(f"/feed/{post_id}?done=post-restored:{post_id}", 303)


@router.get("/feed/{post_id}/files/{position}")
def post_file(request: Request, me: Me, post_id: RowId, position: RowId, inline: bool = False) -> Response:
    """A file of a post as a download; `inline` shows pictures and PDFs in place, and plays videos."""
    store = services_of(request).store
    with store.database.reading() as session:
        file = repository.file_of_post(session, me.viewer, post_id, position)
        part = PartContent(file.filename, file.content_type, store.blobs.read(session, file.blob_id))
    if inline and (video := video_type(part.data)):
        # Without a validator to compare, a part that goes with what came before can not be promised (`If-Range`).
        return playing(part, video, None if "if-range" in request.headers else request.headers.get("range"))
    shown = media_type_shown(part.content_type, part.filename, part.data) if inline else None
    return in_place(part, shown) if shown else download(part.data, part.filename or "file")


@router.get("/feed/{post_id}/files/{position}/preview")
def post_file_preview(request: Request, me: Me, post_id: RowId, position: RowId) -> Response:
    """A picture or document in the overlay of the page; another kind is a download."""
    with services_of(request).store.database.reading() as session:
        file = repository.file_of_post(session, me.viewer, post_id, position)
    kind, address = shown_in_place(file), f"/feed/{post_id}/files/{position}"
    if kind is None:
        return RedirectResponse(address, 303)
    return render_overlay(request, me, "mail/_preview.html", address=address, attached=file, kind=kind)


def _by_content(files: list[File]) -> list[File]:
    return [(name, type_by_content(content_type, data), data) for name, content_type, data in files]


def _understood(session: ReadSession, me: SignedIn, form: MessageForm) -> Shown:
    return Shown(
        picked(session, me.viewer, Field.TO, form.to or [], form.to_words),
        picked(session, me.viewer, Field.ABOUT, form.about or [], form.about_words),
        form.title,
        form.text,
        form.mention,
        form.mailbox,
        form.key,
        form.back,
    )


def _post(session: ReadSession, me: SignedIn, form: MessageForm, shown: Shown) -> NewPost:
    """Whoever is mentioned in the field stands below the text, as if it had been typed there."""
    named = picked(session, me.viewer, Field.MENTION, [], form.mention)
    if named.problem:
        raise UsageError(named.problem)
    called = " ".join(f"@{one.handle}" for one in named.choices if one.handle)
    about = tuple(key for value in shown.about.values if (key := record_of(value)) is not None)
    return NewPost(
        form.title,
        f"{form.text.rstrip()}\n\n{called}" if called else form.text,
        about=about,
        everyone=EVERYONE in shown.to.values,
        readers=users_of(shown.to.values),
        in_stream=True,
        key=form.key or None,
    )


def _show(request: Request, me: SignedIn, shown: Shown, *, problem: str = "", status: int = 200) -> Response:
    with services_of(request).store.database.reading() as session:
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send]
    form = replace(shown, key=shown.key or secrets.token_urlsafe(16))
    context = {"form": form, "boxes": boxes, "problem": problem}
    return render_overlay(request, me, "stream/_message_form.html", status=status, **context)
