"""What a job handler is given: the store, its arguments, and the unit of work that finishes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.config import Settings
from core.interrupting import Interruptible
from storage import outbox
from storage.outbox import Taken
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency


@dataclass(slots=True)
class JobRun:
    """One try of one job. A handler does what takes time first, then everything that lasts inside `completing()`.

    A handler may be called again for the same job, after a crash or a lost lease: then `completing()` raises
    `Conflict` and nothing it wrote is kept. What talks to servers and may be begun anew runs in `talks`: it is given up
    when the process ends.
    """

    store: Store
    settings: Settings
    taken: Taken
    talks: Interruptible = field(default_factory=Interruptible)
    completed: bool = False

    @property
    def args(self) -> Any:
        """The arguments of the job: an instance of its `args` class."""
        return self.taken.args

    @contextmanager
    def completing(self, urgency: Urgency = Urgency.NORMAL) -> Iterator[WriteSession]:
        """The unit of work in which the job's effect and its end are committed together."""
        with self.store.database.unit_of_work(urgency) as session:
            yield session
            outbox.finish(session, self.taken)
        self.completed = True
