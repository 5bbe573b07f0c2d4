"""Which use case does which job: the only place that knows both names.

Every name of `storage.jobs` must be bound; a test holds it.
"""

from collections.abc import Callable, Mapping

from storage.running import JobRun

Handler = Callable[[JobRun], None]

HANDLERS: Mapping[str, Handler] = {}
