"""Threads by references alone: the plain union of who cites whom (RFC 5322 §3.6.4), in any order of arrival.

The store asks for more before it joins strangers; `mailsync threads` and tests use this plain form.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from parsers.subjects import base_subject, has_reply_prefix

__all__ = ["ThreadInput", "base_subject", "has_reply_prefix", "threads_of"]


@dataclass(frozen=True, slots=True)
class ThreadInput:
    """What threading needs to know of one message. Ids stand without angle brackets."""

    message_id: str | None
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()


def threads_of(messages: Iterable[ThreadInput]) -> list[list[str]]:
    """Ids of the given messages, grouped by thread; threads and ids in order of first sight, each id once.

    Of In-Reply-To only the first id counts (RFC 5256 §3): some programs write more than ids there. Ids that are only
    cited join threads but are not listed; messages without an id are left out.
    """
    parents: dict[str, str] = {}
    present: dict[str, None] = {}
    for message in messages:
        if message.message_id is None:
            continue
        present.setdefault(message.message_id)
        root = _root(parents, message.message_id)
        for cited in (*message.references, *message.in_reply_to[:1]):
            other = _root(parents, cited)
            parents[other] = root
    threads: dict[str, list[str]] = {}
    for identity in present:
        threads.setdefault(_root(parents, identity), []).append(identity)
    return list(threads.values())


def _root(parents: dict[str, str], identity: str) -> str:
    """The name of the set that holds `identity`; paths are halved on the way, so that chains stay short."""
    while (parent := parents.setdefault(identity, identity)) != identity:
        parents[identity] = identity = parents[parent]
    return identity
