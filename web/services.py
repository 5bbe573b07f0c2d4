"""What the web needs from outside; `cli` puts it together once and passes it to `create_app`."""

from dataclasses import dataclass, field

from starlette.types import ASGIApp

from core.config import Settings
from crm.access.failures import FailureLimit
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """`tracker` answers `/c`, `/o` and `/u` of tracked mail; without it these paths are unknown."""

    store: Store
    settings: Settings
    tracker: ASGIApp | None = None
    sign_in_failures: FailureLimit = field(default_factory=FailureLimit)
