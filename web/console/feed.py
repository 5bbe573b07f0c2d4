"""The feed: what colleagues tell each other, comments, and the secret address that posts by mail."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from crm.conversations.contents import read_content
from crm.conversations.repository.messages import message_view
from crm.stream.feed import repository
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post
from crm.stream.views import NewPost, SubjectType
from storage.models import Purpose
from storage.writer_lock import Urgency
from web.console.secret_addresses import secret_address
from web.forms import RowId, record_keys, tags
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
PAGE = 20


@router.get("/feed")
def feed_page(request: Request, me: Me, words: str = "", before: RowId | None = None) -> Response:
    """Posts, newest first, with what was said under them."""
    services = services_of(request)
    with services.store.database.reading() as session:
        posts = repository.posts(session, me.viewer, before_id=before, words=words, limit=PAGE + 1)
        secret = secret_address(services, session, me.viewer, Purpose.FEED)
    return render(
        request,
        me,
        "feed/index.html",
        posts=posts[:PAGE],
        more_there=len(posts) > PAGE,
        words_asked=words,
        secret=secret,
    )


@router.get("/feed/new")
def post_form(request: Request, me: Me, message: RowId | None = None) -> Response:
    """The form of a post, filled in from a mail where there is one."""
    me.viewer.require_write()
    title = text = ""
    store = services_of(request).store
    if message is not None:
        with store.database.reading() as session:
            title = message_view(session, me.viewer, message).subject
            text = read_content(store, session, me.viewer, message).text
    return render_overlay(request, me, "feed/_form.html", title=title, text=text, message=message)


@router.post("/feed")
def new_post(
    request: Request,
    me: Me,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    labels: Annotated[str, Form()] = "",
    message: Annotated[RowId | None, Form()] = None,
    about: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Tell colleagues something."""
    store = services_of(request).store
    if message is not None:
        with store.database.reading() as session:
            message_view(session, me.viewer, message)
    post = NewPost(title, text, tags=tags(labels), message_id=message, about=record_keys(about or []))
    with store.database.unit_of_work(Urgency.PERSON) as session:
        create_post(session, me.viewer, post)
    return RedirectResponse("/feed", 303)


@router.get("/feed/{post_id}")
def post_page(request: Request, me: Me, post_id: RowId) -> Response:
    """One post with all comments."""
    with services_of(request).store.database.reading() as session:
        post = repository.post(session, me.viewer, post_id)
        said = repository.comments(session, me.viewer, SubjectType.POST, post_id)
    may_change = me.viewer.may_write and (post.author.id == me.id or me.viewer.may_oversee)
    return render(request, me, "feed/post.html", post=post, said=said, may_change=may_change)


@router.post("/feed/{post_id}/comments")
def comment_post(request: Request, me: Me, post_id: RowId, text: Annotated[str, Form()]) -> Response:
    """Say something under a post."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        add_comment(session, me.viewer, SubjectType.POST, post_id, text)
    return RedirectResponse(f"/feed/{post_id}#comments", 303)
