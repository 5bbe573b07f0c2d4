"""What a page, the API or a job is given about tasks, and what it gives to make or change one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.records.views import Named, Person
from storage.models import Priority, RecordType, TaskStatus

RecordKey = tuple[RecordType, int]


class Part(StrEnum):
    """My part in a task: the lists of the Tasks page. `any` is every task that I may see."""

    RESPONSIBLE = "responsible"
    SET_BY_ME = "set_by_me"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task with all that a page shows of it. `message_id` leads to the mail it was made from; `version` is another one when
    anything of a `TaskChange` is."""

    id: int
    title: str
    text: str
    status: TaskStatus
    priority: Priority
    deadline: datetime | None
    tags: tuple[str, ...]
    creator: Person
    responsible: Person
    message_id: int | None
    sender_name: str
    sender_address: str
    created_at: datetime
    completed_at: datetime | None
    activity_id: int | None
    records: tuple[Named, ...]
    attachments: int
    comments: int
    version: str

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.status is TaskStatus.DONE

    def overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return not self.done and self.deadline is not None and self.deadline < now


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a list shows, and where it begins: behind the task with id `after` of the same list."""

    part: Part = Part.RESPONSIBLE
    done: bool = False
    words: str = ""
    record: RecordKey | None = None
    ids: tuple[int, ...] | None = None
    """Only some of these."""
    after: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TaskCounters:
    """Open tasks of one list, and how many of them are late or due within a day."""

    open: int
    overdue: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be set, also what a prefilled form holds. The first of `records` owns it; none keeps it private."""

    title: str
    responsible_id: int
    text: str = ""
    priority: Priority = Priority.NORMAL
    deadline: datetime | None = None
    tags: tuple[str, ...] = ()
    records: tuple[RecordKey, ...] = ()
    message_id: int | None = None
    sender_name: str = ""
    sender_address: str = ""


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A whole new state of what people may edit of a task."""

    title: str
    text: str
    responsible_id: int
    priority: Priority
    deadline: datetime | None
    tags: tuple[str, ...]
