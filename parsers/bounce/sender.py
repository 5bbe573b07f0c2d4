"""Who writes: how much shows that a mail server did, and not a person, by the head of a mail alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parsers.bounce.addresses import is_daemon, is_daemon_name
from parsers.fields.headers import Headers
from parsers.model import Address
from parsers.phrases.bounces import LIST_ROBOTS, PEOPLE_TOO

ROBOTS_END: Final = frozenset(name[-2:] for name in LIST_ROBOTS)
ROBOT_HEADERS: Final = frozenset({"x-mlserver", "x-listserver", "x-fmlserver"})


@dataclass(frozen=True, slots=True)
class Sender:
    """The signs of one mail."""

    is_server: bool
    """It comes from an address, or under a name, of mail servers."""
    is_nobody: bool
    """Of mail servers only: no person writes as `mailer-daemon`, but some do as `postmaster`."""
    has_no_path: bool
    """Nobody shall get a report about this mail (RFC 5321 §4.5.5): the return path is empty, or a server's own."""
    is_robot: bool
    """It comes from the program that runs a mailing list."""

    @property
    def signs(self) -> int:
        """How many of two signs of a mail server there are."""
        return self.is_server + self.has_no_path


PERSON: Final = Sender(is_server=False, is_nobody=False, has_no_path=False, is_robot=False)
"""No sign at all, as with nearly all mail."""


def sender_of(headers: Headers, from_: Sequence[Address]) -> Sender:
    """The signs by From and Return-Path; `PERSON` itself where there is none."""
    daemons = [one.address for one in from_ if is_daemon(one.address or one.name)]
    is_server = bool(daemons) or _is_named_so(headers, from_)
    has_no_path = _has_no_path(headers)
    is_robot = _is_robot(headers, from_)
    if not (is_server or has_no_path or is_robot):
        return PERSON
    is_nobody = any(address and not address.lower().startswith(PEOPLE_TOO) for address in daemons)
    return Sender(is_server, is_nobody, has_no_path, is_robot)


def _has_no_path(headers: Headers) -> bool:
    path = headers.raw("return-path")
    return path is not None and (not (path := path.strip(" <>")) or is_daemon(path))


def _is_named_so(headers: Headers, from_: Sequence[Address]) -> bool:
    """By the name alone, which companies that sell delivery have too; they let people unsubscribe."""
    return any(is_daemon_name(one.name) for one in from_) and "list-unsubscribe" not in headers


def _is_robot(headers: Headers, from_: Sequence[Address]) -> bool:
    for one in from_:
        local = one.address.partition("@")[0].lower()
        if local[-2:] in ROBOTS_END and local.endswith(LIST_ROBOTS):
            return True
    return headers.has_any(ROBOT_HEADERS)
