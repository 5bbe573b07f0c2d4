"""One task, for programs: changing and doing it, the records it stands on and the mail it is about."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from crm.work import repository, tasks
from crm.work.views import TaskChange, TaskView
from storage.models import Priority
from storage.writer_lock import Urgency
from web.api.callers import WorkWriter
from web.api.work import RecordRef
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/tasks/{task_id}", tags=["work"])
MOST_RECORDS = 50


class ChangeOfTask(BaseModel):
    """What of a task is to be another one; what is left out stays. `deadline` null: none. With the `version` that was read it
    is refused (409) where somebody else changed the task meanwhile."""

    title: str | None = None
    text: str | None = None
    responsible_id: RowId | None = None
    priority: Priority | None = None
    deadline: datetime | None = None
    tags: list[str] | None = None
    version: str | None = None


class OnRecords(BaseModel):
    """Records that a task is put on."""

    records: Annotated[list[RecordRef], Field(min_length=1, max_length=MOST_RECORDS)]


class AboutMail(BaseModel):
    """The mail that a task is about."""

    message_id: RowId


@router.patch("")
def change(request: Request, viewer: WorkWriter, task_id: RowId, change: ChangeOfTask) -> TaskView:
    """Change a task: who set it, who is responsible for it, and managers may."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        now = repository.task_for_change(session, viewer, task_id)
        tasks.change_task(session, viewer, task_id, _whole(now, change), version=change.version)
        return repository.task(session, viewer, task_id)


@router.delete("", status_code=204)
def delete(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Delete a task: who set it, and managers may. It goes from all lists and records."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.delete_task(session, viewer, task_id)


@router.post("/restore", status_code=204)
def restore(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Take back that it was deleted; one that was not stays as it is."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.restore_task(session, viewer, task_id)


@router.post("/start", status_code=204)
def start(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Say that one is at it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.start_task(session, viewer, task_id)


@router.post("/complete", status_code=204)
def complete(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Say that it is done."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.complete_task(session, viewer, task_id)


@router.post("/reopen", status_code=204)
def reopen(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Take it up again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.reopen_task(session, viewer, task_id)


@router.post("/records", status_code=204)
def put_on_records(request: Request, viewer: WorkWriter, task_id: RowId, on: OnRecords) -> None:
    """Put a task on more records; from then on it stands in their timelines."""
    records = tuple((record.type, record.id) for record in on.records)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.put_on_records(session, viewer, task_id, records)


@router.put("/mail", status_code=204)
def put_mail_on(request: Request, viewer: WorkWriter, task_id: RowId, about: AboutMail) -> None:
    """Let a task be about a mail and its conversation; the people of the task may read it then."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.bind_mail(session, viewer, task_id, about.message_id)


@router.delete("/mail", status_code=204)
def take_mail_off(request: Request, viewer: WorkWriter, task_id: RowId) -> None:
    """Let a task be about no mail any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        tasks.unbind_mail(session, viewer, task_id)


def _whole(now: TaskView, change: ChangeOfTask) -> TaskChange:
    deadline = change.deadline if "deadline" in change.model_fields_set else now.deadline
    return TaskChange(
        title=now.title if change.title is None else change.title,
        text=now.text if change.text is None else change.text,
        responsible_id=change.responsible_id or now.responsible.id,
        priority=change.priority or now.priority,
        deadline=deadline.replace(tzinfo=UTC) if deadline is not None and deadline.tzinfo is None else deadline,
        tags=now.tags if change.tags is None else tuple(change.tags),
    )
