"""For whoever watches: is the process alive, can it work, and numbers for Prometheus. No addresses, no names."""

from collections.abc import Iterable
from ipaddress import ip_address

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry
from typing_extensions import override

from core.errors import Forbidden, Transient
from crm.access.api_tokens import Scope, authenticate
from crm.conversations.repository.mailboxes import mailbox_states
from storage import outbox
from storage.store import Store
from web.routers import machine_router
from web.signed_in import services_of

router = machine_router()


class StoreNumbers(Collector):
    """Jobs and mailboxes by state, counted when Prometheus asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @override
    def collect(self) -> Iterable[GaugeMetricFamily]:
        """See prometheus_client."""
        with self._store.database.reading() as session:
            jobs, boxes = outbox.counts(session), mailbox_states(session)
        yield _by_state("mailsync_jobs", "Jobs by state.", jobs)
        yield _by_state("mailsync_mailboxes", "Mailboxes by state.", boxes)
        waiting = self._store.database.writer_lock.waiting
        yield GaugeMetricFamily("mailsync_writers_waiting", "Units of work in line for the database.", value=waiting)


def _by_state(name: str, help_: str, numbers: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=["state"])
    for state, number in numbers.items():
        family.add_metric([state], number)
    return family


@router.get("/healthz", response_class=PlainTextResponse)
async def alive() -> str:
    """The process answers."""
    return "ok\n"


@router.get("/readyz", response_class=PlainTextResponse)
def ready(request: Request) -> str:
    """The database answers too; 503 otherwise."""
    try:
        with services_of(request).store.database.reading() as session:
            outbox.unfinished(session)
    except OSError:
        raise Transient("The database does not answer.") from None
    return "ready\n"


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Numbers in Prometheus' format, for this machine and for tokens with `settings:read`."""
    if not _from_here(request) and not _may_read_settings(request):
        raise Forbidden("Metrics are for this machine, or for an API token with the scope settings:read.")
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _from_here(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _may_read_settings(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    with services_of(request).store.database.reading() as session:
        caller = authenticate(session, token.strip())
    return caller is not None and Scope.SETTINGS_READ in caller.scopes
