"""Tasks in the database."""

from crm.work.repository.finding import tasks_found
from crm.work.repository.tasks import (
    active_people,
    bind_further,
    counters,
    insert_task,
    records_of_message,
    task,
    tasks,
    update_activity,
    update_task,
)

__all__ = [
    "active_people",
    "bind_further",
    "counters",
    "insert_task",
    "records_of_message",
    "task",
    "tasks",
    "tasks_found",
    "update_activity",
    "update_task",
]
