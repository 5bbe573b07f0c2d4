"""Threads by references alone: the plain union of who cites whom (RFC 5322 §3.6.4), in any order of arrival.

The store asks for more before it joins strangers; `mailsync threads` and tests use this plain form.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from parsers.content.attachments import normal_line_ends
from parsers.fields.headers import Headers, read_head
from parsers.fields.message_ids import message_id, message_ids
from parsers.fields.subjects import base_subject, has_reply_prefix
from parsers.limits import Limits

__all__ = ["ThreadInput", "base_subject", "cited_ids", "has_reply_prefix", "thread_input", "threads_of"]


@dataclass(frozen=True, slots=True)
class ThreadInput:
    """What threading needs to know of one message. Ids stand without angle brackets."""

    message_id: str | None
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()


def thread_input(raw: bytes, *, limits: Limits = Limits()) -> ThreadInput:
    """The ids of a raw message. Only its header is read, so that a large mailbox is threaded in no time."""
    raw = normal_line_ends(raw)
    fields, _ = read_head(raw, 0, len(raw), limits, root=True)
    headers = Headers(fields)
    return ThreadInput(
        message_id(*headers.all("message-id")),
        message_ids(*headers.all("references")),
        message_ids(*headers.all("in-reply-to")),
    )


def cited_ids(message: ThreadInput, people: Collection[str] = ()) -> tuple[str, ...]:
    """What a message cites, each once: its References, then one id of In-Reply-To. Itself is not among them.

    It is the first id (RFC 5256 §3), because some programs write more than ids there. `people` are addresses in lower
    case that are no ids: MH and exmh wrote `Message from Ann <ann@client.example> of … <id>`.
    """
    answered = (each for each in message.in_reply_to if each.lower() not in people)
    cited = dict.fromkeys((*message.references, *islice(answered, 1)))
    cited.pop(message.message_id or "", None)
    return tuple(cited)


def threads_of(messages: Iterable[ThreadInput]) -> list[list[str]]:
    """Ids of the given messages, grouped by thread; threads and ids in order of first sight, each id once.

    Ids that are only cited, and messages without an id, join threads but are not listed.
    """
    parents: dict[str, str] = {}
    present: dict[str, None] = {}
    for message in messages:
        cited = cited_ids(message)
        first = message.message_id
        if first is not None:
            present.setdefault(first)
        elif cited:
            first = cited[0]
        else:
            continue
        root = _root(parents, first)
        for other in cited:
            parents[_root(parents, other)] = root
    threads: dict[str, list[str]] = {}
    for identity in present:
        threads.setdefault(_root(parents, identity), []).append(identity)
    return list(threads.values())


def _root(parents: dict[str, str], identity: str) -> str:
    """The name of the set that holds `identity`; paths are halved on the way, so that chains stay short."""
    while (parent := parents.setdefault(identity, identity)) != identity:
        parents[identity] = identity = parents[parent]
    return identity
