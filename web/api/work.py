"""Tasks, and the person's own secret addresses."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field

from crm.intake.addresses import SecretAddressView, own_addresses
from crm.work import repository, tasks
from crm.work.prefilling import task_form
from crm.work.views import NewTask, Part, TaskFilter, TaskView
from storage.models import Priority, RecordType
from storage.writer_lock import Urgency
from web.api.callers import WorkReader, WorkWriter
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.api.records import Made
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["work"])


class RecordRef(BaseModel):
    """A record by type and id."""

    type: RecordType
    id: RowId


class TaskIn(BaseModel):
    """A task to be set; without `responsible_id` by the token's person for themselves. `message_id`: the mail it is about."""

    title: str
    text: str = ""
    responsible_id: RowId | None = None
    priority: Priority = Priority.NORMAL
    deadline: datetime | None = None
    tags: list[str] = Field(default_factory=list)
    records: list[RecordRef] = Field(default_factory=list)
    message_id: RowId | None = None


@router.get("/tasks")
def task_list(
    request: Request,
    viewer: WorkReader,
    part: Part = Part.RESPONSIBLE,
    done: bool = False,
    words: str = "",
    after: After = None,
    limit: Limit = 50,
) -> Listing[TaskView]:
    """Tasks by the person's part in them."""
    wanted = TaskFilter(part=part, done=done, words=words, after=after_id(after), limit=limit)
    with services_of(request).store.database.reading() as session:
        rows = repository.tasks(session, viewer, wanted)
    return Listing(items=rows, next=id_behind(rows, limit))


@router.post("/tasks", status_code=201)
def new_task(request: Request, viewer: WorkWriter, new: TaskIn) -> Made:
    """Set a task."""
    services = services_of(request)
    mail = task_form(services.store, viewer, new.message_id) if new.message_id is not None else None
    task = NewTask(
        new.title,
        new.responsible_id or viewer.user_id or 0,
        text=new.text,
        priority=new.priority,
        deadline=new.deadline,
        tags=tuple(new.tags),
        records=tuple((record.type, record.id) for record in new.records),
        message_id=new.message_id,
        sender_name=mail.sender_name if mail else "",
        sender_address=mail.sender_address if mail else "",
    )
    with services.store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=tasks.create_task(session, viewer, task))


@router.get("/tasks/{task_id}")
def one_task(request: Request, viewer: WorkReader, task_id: RowId) -> TaskView:
    """One task."""
    with services_of(request).store.database.reading() as session:
        return repository.task(session, viewer, task_id)


@router.get("/intake-addresses")
def intake_addresses(request: Request, viewer: WorkReader) -> Listing[SecretAddressView]:
    """The person's own secret addresses."""
    services = services_of(request)
    with services.store.database.reading() as session:
        return Listing(items=own_addresses(session, services.store.keys, viewer))
