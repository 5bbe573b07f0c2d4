"""Whether a mail without a report for machines is a bounce: by its sender, its subject, its words and its parts.

Each of these lies alone: people write about bounces, and servers send statistics. So several must agree, and the fewer
a sender is known to be a mail server, the surer the words must be.
"""

from collections.abc import Sequence

from parsers.body import Body
from parsers.bounce.addresses import is_daemon, is_daemon_name
from parsers.bounce.moved import is_automatic
from parsers.bounce.places import Rank, ranked_places_in, says_reached
from parsers.bounce.returned import COPIES
from parsers.bounce.text import says_failed
from parsers.headers import Headers
from parsers.model import Address
from parsers.phrases.bounces import (
    ASKS_TO_CONFIRM,
    CERTAIN,
    CERTAIN_SUBJECTS,
    LIST_ROBOTS,
    NOT_A_MEMBER,
    PEOPLE_TOO,
    PERSONAL,
    STATISTICS,
    SUBJECTS,
)
from parsers.subjects import has_forward_prefix, has_reply_prefix

FAILED_HEADER = "x-failed-recipients"
ROBOT_HEADERS = frozenset({"x-mlserver", "x-listserver", "x-fmlserver"})
TELLING_HEADERS = ROBOT_HEADERS | {FAILED_HEADER}
FRAMES = frozenset((*COPIES, "message/delivery-status", "message/global-delivery-status"))
FIRST_TWO = frozenset(phrase[:2] for phrase in CERTAIN_SUBJECTS)
LAST_TWO = frozenset(phrase[-2:] for phrase in CERTAIN_SUBJECTS)
TOP, FIRST_WORDS = 700, 160
"""Characters in which a report has said that something failed; and those of its very first words."""
NEAR = 4
"""Lines below such words within which the address stands."""


def may_be_bounce(headers: Headers, subject: str, from_: Sequence[Address]) -> bool:
    """A cheap look at the head: false for nearly all mail, and only then there is nothing more to look at."""
    return (
        headers.has_any(TELLING_HEADERS)
        or _server_signs(headers, from_) > 0
        or _is_certain(subject)
        or _is_robot(from_)
    )


def is_bounce(headers: Headers, body: Body, subject: str, from_: Sequence[Address], explanation: str) -> bool:
    """The whole judgement, for mail that may be one. `subject` is in lower case."""
    if FAILED_HEADER in headers or _is_refused_posting(headers, from_, explanation):
        return True
    top = " ".join(explanation[:TOP].lower().split())
    if any(phrase in top for phrase in ASKS_TO_CONFIRM):
        return False
    signs = _server_signs(headers, from_)
    if not signs:
        return _is_certain(subject) and _says_certainly(headers, subject, explanation)
    if is_automatic(headers) and not any(map(_is_server, from_)) and not _is_named_so(headers, from_):
        return False
    told = any(phrase in subject for phrase in SUBJECTS)
    framed = any(part.content_type in FRAMES for part, _ in body.leaves) or len(explanation) + 1 < len(body.text)
    if signs == 1 and not framed and not _only_reports(subject, from_) and _is_persons_answer(headers, subject, top):
        return False
    failed = says_failed(explanation)
    if any(map(says_reached, explanation[:TOP].lower().split("\n"))) and not _names_recipients(explanation):
        return False
    if (framed and told) or (framed and failed) or (told and failed):
        return True
    if not _names_recipients(explanation):
        return False
    sure = _is_certain(subject) or any(phrase in top for phrase in CERTAIN)
    return sure or (signs == 2 and failed) or _only_reports(subject, from_)


def _server_signs(headers: Headers, from_: Sequence[Address]) -> int:
    """How many of two: a server's own address or name, and an empty return path (RFC 3464 §2)."""
    path = headers.first("return-path")
    empty = path is not None and (not (path := path.strip(" <>")) or is_daemon(path))
    return empty + (any(map(_is_server, from_)) or _is_named_so(headers, from_))


def _is_server(one: Address) -> bool:
    return is_daemon(one.address or one.name)


def _is_named_so(headers: Headers, from_: Sequence[Address]) -> bool:
    """By the name alone, which companies that sell delivery have too; they let people unsubscribe."""
    return any(is_daemon_name(one.name) for one in from_) and "list-unsubscribe" not in headers


def _is_persons_answer(headers: Headers, subject: str, top: str) -> bool:
    """A postmaster is a person too, when he answers as one."""
    return ("in-reply-to" in headers or has_reply_prefix(subject)) and _is_personal(top)


def _is_personal(top: str) -> bool:
    return any(word in f" {top} " for word in PERSONAL)


def _only_reports(subject: str, from_: Sequence[Address]) -> bool:
    """Whether the sender is a mail server under a name that no person writes under, and this is no statistic of it."""
    nobody = any(is_daemon(one.address) and not one.address.lower().startswith(PEOPLE_TOO) for one in from_)
    return nobody and not any(word in subject for word in STATISTICS)


def _is_certain(subject: str) -> bool:
    subject = subject.strip(" *()[]<>.!")
    if subject[:2] not in FIRST_TWO and subject[-2:] not in LAST_TWO:
        return False
    return subject.startswith(CERTAIN_SUBJECTS) or subject.endswith(CERTAIN_SUBJECTS)


def _says_certainly(headers: Headers, subject: str, explanation: str) -> bool:
    """Whether a program wrote, by the words alone: they come first, and a failed address stands alone below them.

    What people write around a bounce that they got, and what companies write about parcels, is not like that.
    """
    first = " ".join(explanation[:FIRST_WORDS].lower().split())
    if "list-unsubscribe" in headers or has_forward_prefix(subject) or not any(phrase in first for phrase in CERTAIN):
        return False
    if _is_personal(" ".join(explanation[:TOP].lower().split())):
        return False
    lines = explanation.split("\n")
    said = next(
        number for number, line in enumerate(lines) if any(phrase in _pair(lines, number) for phrase in CERTAIN)
    )
    alone = ranked_places_in([line for line in lines if not line.startswith(">")], frozenset())[Rank.ALONE]
    return any(said <= number <= said + NEAR for _, number in alone.values())


def _pair(lines: list[str], number: int) -> str:
    """A line with the next one: sentences break anywhere."""
    return " ".join(" ".join(lines[number : number + 2]).lower().split())


def _names_recipients(explanation: str) -> bool:
    ranked = ranked_places_in(explanation.split("\n"), frozenset())
    return bool(ranked[Rank.ALONE] or ranked[Rank.BEHIND])


def _is_refused_posting(headers: Headers, from_: Sequence[Address], explanation: str) -> bool:
    """A list's own program telling that it did not take a posting."""
    if not headers.has_any(ROBOT_HEADERS) and not _is_robot(from_):
        return False
    top = " ".join(explanation[:TOP].lower().split())
    return any(phrase in top for phrase in NOT_A_MEMBER)


def _is_robot(from_: Sequence[Address]) -> bool:
    return any(one.address.lower().partition("@")[0].endswith(LIST_ROBOTS) for one in from_)
