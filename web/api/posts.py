"""Posts in feed and stream, to colleagues and by mail, about records; and comments under posts, tasks and entries."""

from base64 import b64decode
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.errors import UsageError
from crm.access.api_tokens import ApiCaller, Scope
from crm.outgoing.queueing import prepare_files
from crm.posting.writing import NewMessage, delete_message, post_message, restore_message
from crm.stream.feed import repository as feed
from crm.stream.feed.commenting import add_comment, change_comment, delete_comment, restore_comment
from crm.stream.feed.posting import change_post
from crm.stream.views import CommentView, NewPost, PostView, SubjectType
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import WorkReader, WorkWriter, caller_of
from web.api.outgoing import IdempotencyKey
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.api.records import Made
from web.api.work import RecordRef
from web.console.mail_form import LARGEST_UPLOAD
from web.console.message_files import download
from web.forms import Place, RowId
from web.routers import api_router
from web.shown_files import type_by_content
from web.signed_in import services_of

router = api_router(tags=["work"])


class FileIn(BaseModel):
    """A file; its bytes in base64."""

    filename: str
    content_type: str = "application/octet-stream"
    content: str


class PostIn(BaseModel):
    """A message to colleagues.

    To `everyone` (where nothing else is said), to some of them, or to whoever may see the records it is `about`. Each contact or
    lead in `by_mail` gets a mail of their own, from `mailbox_id` or the person's first mailbox: that takes the scope `mail:send`,
    too. `in_stream`: it stands there even about no record.
    """

    title: str = ""
    text: str
    tags: list[str] = Field(default_factory=list)
    about: list[RecordRef] = Field(default_factory=list)
    everyone: bool | None = None
    to: list[RowId] = Field(default_factory=list, description="Colleagues, by id.")
    by_mail: list[RecordRef] = Field(default_factory=list)
    mailbox_id: RowId | None = None
    in_stream: bool = False
    files: list[FileIn] = Field(default_factory=list)


class PostEdit(BaseModel):
    """A whole new state of what may be edited of a post."""

    title: str = ""
    text: str
    tags: list[str] = Field(default_factory=list)


class Deleted(BaseModel):
    """What could not be taken back: so many mails of it had left."""

    mails_left: int


class CommentIn(BaseModel):
    """A word under something."""

    text: str


@router.get("/posts")
def posts(
    request: Request, viewer: WorkReader, words: str = "", after: After = None, limit: Limit = 50
) -> Listing[PostView]:
    """The feed, newest first."""
    with services_of(request).store.database.reading() as session:
        rows = feed.posts(session, viewer, before_id=after_id(after), words=words, limit=limit)
    return Listing(items=rows, next=id_behind(rows, limit))


@router.post("/posts", status_code=201)
def new_post(
    request: Request,
    viewer: WorkWriter,
    caller: Annotated[ApiCaller, Depends(caller_of)],
    new: PostIn,
    idempotency_key: IdempotencyKey = None,
) -> Made:
    """Tell colleagues something, and contacts and leads by mail."""
    if new.by_mail:
        caller.require(Scope.MAIL_SEND)
    store = services_of(request).store
    to_some = bool(new.to or new.by_mail or (new.about and new.in_stream))
    post = NewPost(
        new.title,
        new.text,
        tags=tuple(new.tags),
        about=_keys(new.about),
        everyone=not to_some if new.everyone is None else new.everyone,
        readers=tuple(new.to),
        in_stream=new.in_stream or bool(new.by_mail),
        key=idempotency_key,
    )
    message = NewMessage(post, _keys(new.by_mail), new.mailbox_id, prepare_files(store.blobs, _files(new.files)))
    with store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=post_message(session, viewer, message))


@router.get("/posts/{post_id}")
def one_post(request: Request, viewer: WorkReader, post_id: RowId) -> PostView:
    """One post."""
    with services_of(request).store.database.reading() as session:
        return feed.post(session, viewer, post_id)


@router.get("/posts/{post_id}/files/{position}", response_class=Response)
def post_file(request: Request, viewer: WorkReader, post_id: RowId, position: Place) -> Response:
    """The bytes of a file of a post."""
    store = services_of(request).store
    with store.database.reading() as session:
        file = feed.file_of_post(session, viewer, post_id, position)
        return download(store.blobs.read(session, file.blob_id), file.filename)


@router.put("/posts/{post_id}", status_code=204)
def edit_post(request: Request, viewer: WorkWriter, post_id: RowId, edit: PostEdit) -> None:
    """Edit a post of one's own; what went out by mail stays as it was."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_post(session, viewer, post_id, title=edit.title, text=edit.text, tags=tuple(edit.tags))


@router.delete("/posts/{post_id}")
def remove_post(request: Request, viewer: WorkWriter, post_id: RowId) -> Deleted:
    """Take a post of one's own away, and its mails as far as they have not left; answers of others stay."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Deleted(mails_left=delete_message(session, viewer, post_id))


@router.post("/posts/{post_id}/restore", status_code=204)
def bring_post_back(request: Request, viewer: WorkWriter, post_id: RowId) -> None:
    """Take back that it was deleted; mails that were taken back leave now."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_message(session, viewer, post_id)


@router.get("/comments/{subject}/{subject_id}")
def comments(request: Request, viewer: WorkReader, subject: SubjectType, subject_id: RowId) -> Listing[CommentView]:
    """What was said under a task, post or activity, oldest first."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=feed.comments(session, viewer, subject, subject_id))


@router.post("/comments/{subject}/{subject_id}", status_code=201)
def new_comment(request: Request, viewer: WorkWriter, subject: SubjectType, subject_id: RowId, said: CommentIn) -> Made:
    """Say something under a task, post or activity."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=add_comment(session, viewer, subject, subject_id, said.text))


@router.put("/comments/{comment_id}", status_code=204)
def edit_comment(request: Request, viewer: WorkWriter, comment_id: RowId, said: CommentIn) -> None:
    """Edit a comment of one's own."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_comment(session, viewer, comment_id, said.text)


@router.delete("/comments/{comment_id}", status_code=204)
def remove_comment(request: Request, viewer: WorkWriter, comment_id: RowId) -> None:
    """Take a comment of one's own away; a line stays where others have answered it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_comment(session, viewer, comment_id)


@router.put("/comments/{comment_id}/restored", status_code=204)
def bring_comment_back(request: Request, viewer: WorkWriter, comment_id: RowId) -> None:
    """Take back that it was deleted."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_comment(session, viewer, comment_id)


def _keys(records: list[RecordRef]) -> tuple[tuple[RecordType, int], ...]:
    return tuple((record.type, record.id) for record in records)


def _files(files: list[FileIn]) -> list[tuple[str, str, bytes]]:
    try:
        decoded = [(file, b64decode(file.content, validate=True)) for file in files]
        read = [(file.filename, type_by_content(file.content_type, data), data) for file, data in decoded]
    except ValueError:
        raise UsageError("The content of a file is not base64.") from None
    if sum(len(content) for _, _, content in read) > LARGEST_UPLOAD:
        raise UsageError("The attachments are larger than 25 MB together: no mail server would take them.")
    return read
