"""The broker that carries job ids: in memory for one process, Redis for many.

dramatiq's own retries, delays, results and time limits are off: backoff, waiting for days and giving up are columns of
the outbox, where a person can see them and a restart does not forget them.
"""

import logging
from collections.abc import Sequence
from typing import Any

import dramatiq
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware, ShutdownNotifications
from typing_extensions import override

from storage.models import Queue

ACTOR = "run_job"
REDIS_SECONDS = 10.0
"""A Redis that is silent for so long is away."""


class _Forgotten(list[MessageProxy]):
    """A list that stays empty."""

    @override
    def append(self, message: MessageProxy, /) -> None:
        return


class MemoryBroker(StubBroker):
    """dramatiq's in-memory broker, except that it keeps no failed messages: nothing would ever take them out."""

    def __init__(self, middleware: Sequence[Middleware]) -> None:
        super().__init__(list(middleware))
        for queue in Queue:
            self.dead_letters_by_queue[queue.value] = _Forgotten()


def make_broker(redis_url: str | None) -> dramatiq.Broker:
    """A broker with our three queues declared. Redis is not contacted before the first message."""
    middleware: list[Middleware] = [ShutdownNotifications(notify_shutdown=False)]
    broker: dramatiq.Broker
    if redis_url is None:
        broker = MemoryBroker(middleware)
    else:
        broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped.
            url=redis_url, middleware=middleware, namespace="mailsync", socket_timeout=REDIS_SECONDS
        )
    for queue in Queue:
        broker.declare_queue(queue.value)
    # Two workers share the broker on purpose (people's jobs have threads of their own); it would warn at every start.
    logging.getLogger("dramatiq.broker").setLevel(logging.ERROR)
    return broker


def job_message(job_id: int, queue: Queue) -> dramatiq.Message[Any]:
    """The message that carries one job."""
    return dramatiq.Message(
        queue_name=queue.value, actor_name=f"{ACTOR}.{queue}", args=(job_id,), kwargs={}, options={}
    )
