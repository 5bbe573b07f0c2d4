"""Every job that can be enqueued has somebody who does it, and nobody waits for a job that does not exist."""

from storage.jobs import BY_NAME
from workers.bindings import HANDLERS


def test_every_job_is_bound() -> None:
    assert set(HANDLERS) == set(BY_NAME)
