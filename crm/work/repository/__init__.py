"""Tasks in the database."""

from crm.work.repository.finding import FoundTask, tasks_found
from crm.work.repository.tasks import (
    active_people,
    bind_further,
    counters,
    insert_task,
    records_of_message,
    task,
    task_for_change,
    task_to_restore,
    tasks,
    update_activity,
    update_task,
)

__all__ = [
    "FoundTask",
    "active_people",
    "bind_further",
    "counters",
    "insert_task",
    "records_of_message",
    "task",
    "task_for_change",
    "task_to_restore",
    "tasks",
    "tasks_found",
    "update_activity",
    "update_task",
]
