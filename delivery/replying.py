"""Whom a reply goes to and how it is tied to what it answers (RFC 5322 §3.6.3, §3.6.4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.addresses import address_key
from delivery.header_text import Mailbox
from delivery.reply_addresses import mailbox_of

KEPT_REFERENCES = 40
"""Of a longer chain the root and the latest are kept, so that the field does not grow for ever."""


@dataclass(frozen=True, slots=True)
class Original:
    """The message that is answered; ids without angle brackets."""

    message_id: str | None
    from_: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyHeaders:
    """Where a reply goes, and the two fields that put it into its thread."""

    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    in_reply_to: str | None
    references: tuple[str, ...]


def reply_headers(original: Original, own: Collection[str], *, to_all: bool) -> ReplyHeaders:
    """The headers of a reply by the owner of the addresses `own`.

    Answering one's own mail goes to those it was sent to. `to_all` adds the others it was sent to; nobody stands in it
    twice, and not the owner, unless there is nobody else.
    """
    mine = {address_key(address) for address in own}
    sent_by_us = bool(original.from_) and all(address_key(mailbox_of(box.address)) in mine for box in original.from_)
    first = original.to if sent_by_us else (original.reply_to or original.from_)
    seen: set[str] = set(mine)
    to = _fresh(first, seen) or _fresh(first, set())
    others = ((*original.to, *original.cc) if to_all else ()) if not sent_by_us else (original.cc if to_all else ())
    return ReplyHeaders(to, _fresh(others, seen), original.message_id, _references(original))


def _references(original: Original) -> tuple[str, ...]:
    chain = original.references or (original.in_reply_to if len(original.in_reply_to) == 1 else ())
    whole = [*chain, *((original.message_id,) if original.message_id else ())]
    unique = list(dict.fromkeys(reversed(whole)))[::-1]
    return tuple(unique if len(unique) <= KEPT_REFERENCES else [unique[0], *unique[1 - KEPT_REFERENCES :]])


def _fresh(boxes: Iterable[Mailbox], seen: set[str]) -> tuple[Mailbox, ...]:
    """Those of `boxes` not seen yet, who are seen from now on."""
    fresh: list[Mailbox] = []
    for box in boxes:
        key = address_key(mailbox_of(box.address))
        if key not in seen:
            seen.add(key)
            fresh.append(box)
    return tuple(fresh)
