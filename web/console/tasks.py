"""Tasks: my lists, one task with its comments, setting one (also from a mail), doing it."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from crm.access.repository import people
from crm.conversations.repository.messages import message_view
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.repository import comments
from crm.stream.views import SubjectType
from crm.work import repository
from crm.work.prefilling import task_form
from crm.work.tasks import (
    bind_mail,
    complete_task,
    create_task,
    delete_task,
    may_delete,
    reopen_task,
    restore_task,
    unbind_mail,
)
from crm.work.views import NewTask, Part, TaskFilter
from storage.models import Priority, Purpose
from storage.writer_lock import Urgency
from web.console.picking import Picked, records_picked
from web.console.secret_addresses import secret_address
from web.forms import RowId, moment, record_keys, tags
from web.rendering import render, render_overlay, wants_part
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
PAGE = 60


@router.get("/tasks")
def task_list(
    request: Request,
    me: Me,
    part: Part = Part.RESPONSIBLE,
    done: str = "",
    words: str = "",
    after: RowId | None = None,
) -> Response:
    """Tasks by my part in them: those to be done, or with `done=true` the others. Other words there are notices."""
    are_done = done == "true"
    wanted = TaskFilter(part=part, done=are_done, words=words, after=after, limit=PAGE + 1)
    with services_of(request).store.database.reading() as session:
        rows = repository.tasks(session, me.viewer, wanted)
        counters = repository.counters(session, me.viewer, utcnow())
        secret = secret_address(services_of(request), session, me.viewer, Purpose.TASK)
    return render(
        request,
        me,
        "tasks/index.html",
        rows=rows[:PAGE],
        more_there=len(rows) > PAGE,
        numbers=counters,
        part_chosen=part,
        done=are_done,
        words_asked=words,
        secret=secret,
        now=utcnow(),
    )


@router.get("/tasks/new")
def new_task_form(
    request: Request,
    me: Me,
    message: RowId | None = None,
    record: Annotated[list[str] | None, Query()] = None,
    about: bool = False,
) -> Response:
    """The form of a new task, filled in from a mail where there is one; `about` asks which records it is about."""
    me.viewer.require_write()
    services = services_of(request)
    if message is not None:
        form = task_form(services.store, me.viewer, message)
    else:
        form = NewTask("", me.id, records=record_keys(record or []))
    with services.store.database.reading() as session:
        colleagues = people(session, me.viewer)
    context = {"colleagues": colleagues, "priorities": list(Priority), "about": Picked(()) if about else None}
    return render_overlay(request, me, "tasks/_form.html", form=form, **context)


@router.post("/tasks")
def new_task(
    request: Request,
    me: Me,
    title: Annotated[str, Form()],
    responsible: Annotated[RowId, Form()],
    text: Annotated[str, Form()] = "",
    priority: Annotated[Priority, Form()] = Priority.NORMAL,
    deadline: Annotated[str, Form()] = "",
    labels: Annotated[str, Form()] = "",
    record: Annotated[list[str] | None, Form()] = None,
    message: Annotated[RowId | None, Form()] = None,
    about: Annotated[list[str] | None, Form()] = None,
    about_words: Annotated[str, Form()] = "",
) -> Response:
    """Set a task and show it."""
    services = services_of(request)
    with services.store.database.reading() as session:
        picked = records_picked(session, me.viewer, about or [], about_words)
    made_from = task_form(services.store, me.viewer, message) if message is not None else None
    new = NewTask(
        title,
        responsible,
        text=text,
        priority=priority,
        deadline=moment(deadline, me),
        tags=tags(labels),
        records=tuple(dict.fromkeys((*record_keys(record or []), *picked))),
        message_id=message,
        sender_name=made_from.sender_name if made_from else "",
        sender_address=made_from.sender_address if made_from else "",
    )
    with services.store.database.unit_of_work(Urgency.PERSON) as session:
        task_id = create_task(session, me.viewer, new)
    return RedirectResponse(f"/tasks/{task_id}", 303)


@router.get("/tasks/{task_id}")
def task_page(request: Request, me: Me, task_id: RowId) -> Response:
    """One task with what was said about it and the mail it was made from."""
    with services_of(request).store.database.reading() as session:
        task = repository.task(session, me.viewer, task_id)
        said = comments(session, me.viewer, SubjectType.TASK, task_id)
        mail = message_view(session, me.viewer, task.message_id) if task.message_id else None
    deletable = may_delete(me.viewer, task)
    return render(request, me, "tasks/task.html", task=task, said=said, mail=mail, may_delete=deletable)


@router.get("/mail/messages/{message_id}/task")
def mail_on_task_form(request: Request, me: Me, message_id: RowId) -> Response:
    """Which of one's open tasks a mail belongs to."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        mail = message_view(session, me.viewer, message_id)
        mine = [
            repository.tasks(session, me.viewer, TaskFilter(part=part)) for part in (Part.RESPONSIBLE, Part.SET_BY_ME)
        ]
    free = {task.id: task for tasks in mine for task in tasks if task.message_id is None}
    return render_overlay(request, me, "tasks/_mail_form.html", mail=mail, choices=list(free.values()))


@router.post("/mail/messages/{message_id}/task")
def mail_on_task(request: Request, me: Me, message_id: RowId, task: Annotated[RowId, Form()]) -> Response:
    """Put a mail on a task, with its conversation."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        bind_mail(session, me.viewer, task, message_id)
    return RedirectResponse(f"/tasks/{task}?done=mail-on-task:{task}", 303)


@router.post("/tasks/{task_id}/mail/remove")
def mail_off_task(request: Request, me: Me, task_id: RowId) -> Response:
    """Take the mail off a task."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        unbind_mail(session, me.viewer, task_id)
    return RedirectResponse(f"/tasks/{task_id}", 303)


@router.post("/tasks/{task_id}/complete")
def task_done(request: Request, me: Me, task_id: RowId) -> Response:
    """Say that it is done."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        complete_task(session, me.viewer, task_id)
    return _line(request, me, task_id)


@router.post("/tasks/{task_id}/reopen")
def task_again(request: Request, me: Me, task_id: RowId) -> Response:
    """Take it up again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        reopen_task(session, me.viewer, task_id)
    return _line(request, me, task_id)


@router.post("/tasks/{task_id}/delete")
def delete(request: Request, me: Me, task_id: RowId) -> Response:
    """Take it off all lists, with a button that takes this back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_task(session, me.viewer, task_id)
    return RedirectResponse(f"/tasks?done=task-deleted:{task_id}", 303)


@router.post("/tasks/{task_id}/restore")
def restore(request: Request, me: Me, task_id: RowId) -> Response:
    """Take back that it was deleted."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_task(session, me.viewer, task_id)
    return RedirectResponse(f"/tasks/{task_id}?done=task-restored:{task_id}", 303)


@router.post("/tasks/{task_id}/comments")
def comment_task(request: Request, me: Me, task_id: RowId, text: Annotated[str, Form()]) -> Response:
    """Say something about a task."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        add_comment(session, me.viewer, SubjectType.TASK, task_id, text)
    return RedirectResponse(f"/tasks/{task_id}", 303)


def _line(request: Request, me: SignedIn, task_id: int) -> Response:
    if not wants_part(request):
        return RedirectResponse(f"/tasks/{task_id}", 303)
    with services_of(request).store.database.reading() as session:
        task = repository.task(session, me.viewer, task_id)
    return render(request, me, "tasks/_line.html", part="tasks/_line.html", task=task)
