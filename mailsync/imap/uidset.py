"""Sets of UIDs as IMAP writes them: "1:5,9,20:*", compact in memory and split for the command line.

A million UIDs are usually a handful of ranges. A server may name four billion UIDs in twelve bytes, so nothing here
expands a range unless it is iterated.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

MAX_UID = 2**32 - 1
LINE_BYTES = 7900
"""What a UID set may take of a command line: RFC 2683 §3.2.1.5 promises 8,000 bytes, the rest of the command needs some."""


@dataclass(frozen=True, slots=True)
class UidSet:
    """A set of UIDs (or sequence numbers): ascending, disjoint, inclusive ranges. An end of `MAX_UID` is written `*`."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, uids: Iterable[int]) -> Self:
        """The set of `uids`, in any order, with repeats. Raises `ValueError` for what can not be a UID."""
        return cls._merged((uid, uid) for uid in sorted(set(uids)))

    @classmethod
    def since(cls, uid: int) -> Self:
        """Every UID from `uid` upwards, however large."""
        return cls._merged([(uid, MAX_UID)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a set in IMAP's notation (RFC 9051 `sequence-set`). Raises `ValueError`."""
        return cls._merged(sorted(_range(part) for part in text.split(",")))

    @classmethod
    def _merged(cls, ranges: Iterable[tuple[int, int]]) -> Self:
        merged: list[tuple[int, int]] = []
        for low, high in ranges:
            if not 1 <= low <= high <= MAX_UID:
                raise ValueError("A UID lies between 1 and 4294967295.")
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    def union(self, other: "UidSet") -> "UidSet":
        """The UIDs of both."""
        return UidSet._merged(sorted((*self.ranges, *other.ranges)))

    def without(self, other: "UidSet") -> "UidSet":
        """The UIDs that are not in `other`."""
        left: list[tuple[int, int]] = []
        taken = iter((*other.ranges, (MAX_UID + 1, MAX_UID + 1)))
        gap = next(taken)
        for low, high in self.ranges:
            while gap[1] < low:
                gap = next(taken)
            while gap[0] <= high:
                if low < gap[0]:
                    left.append((low, gap[0] - 1))
                low = gap[1] + 1
                if low > high:
                    break
                gap = next(taken)
            if low <= high:
                left.append((low, high))
        return UidSet(tuple(left))

    def split(self, limit: int = LINE_BYTES) -> Iterator["UidSet"]:
        """The same UIDs in pieces whose text is at most `limit` bytes each; nothing for the empty set."""
        piece: list[tuple[int, int]] = []
        length = 0
        for one in self.ranges:
            size = len(_written(one)) + 1
            if piece and length + size > limit:
                yield UidSet(tuple(piece))
                piece, length = [], 0
            piece.append(one)
            length += size
        if piece:
            yield UidSet(tuple(piece))

    def __contains__(self, uid: object) -> bool:
        if not isinstance(uid, int):
            return False
        at = bisect_right(self.ranges, (uid, MAX_UID)) - 1
        return at >= 0 and self.ranges[at][0] <= uid <= self.ranges[at][1]

    def __iter__(self) -> Iterator[int]:
        for low, high in self.ranges:
            yield from range(low, high + 1)

    def __len__(self) -> int:
        return sum(high - low + 1 for low, high in self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    @property
    def text(self) -> str:
        """The set as IMAP writes it."""
        return ",".join(map(_written, self.ranges))


Uids = UidSet | Iterable[int]
"""What callers may hand in wherever UIDs are asked for."""


def as_uid_set(uids: Uids) -> UidSet:
    """`uids` as a set, whatever form they came in."""
    return uids if isinstance(uids, UidSet) else UidSet.of(uids)


def _range(text: str) -> tuple[int, int]:
    first, colon, last = text.partition(":")
    low = _number(first)
    high = _number(last) if colon else low
    return min(low, high), max(low, high)


def _number(text: str) -> int:
    if text == "*":
        return MAX_UID
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError("That is no set of UIDs.")
    return int(text)


def _written(one: tuple[int, int]) -> str:
    low, high = one
    end = "*" if high == MAX_UID else str(high)
    return end if low == high else f"{low}:{end}"
