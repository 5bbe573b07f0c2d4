"""Whether a mail without a report for machines is a bounce: by its sender, its subject, its words and its parts.

Each of these lies alone: people write about bounces, and servers send statistics. So several must agree, and the fewer
a sender is known to be a mail server, the surer the words must be.
"""

from collections.abc import Sequence

from parsers.body import Body
from parsers.bounce.addresses import is_daemon, is_daemon_name
from parsers.bounce.places import Rank, ranked_places_in
from parsers.bounce.returned import COPIES
from parsers.bounce.text import says_failed
from parsers.headers import Headers
from parsers.model import Address
from parsers.phrases.bounces import CERTAIN, CERTAIN_SUBJECTS, LIST_ROBOTS, NOT_A_MEMBER, SUBJECTS
from parsers.subjects import has_forward_prefix, has_reply_prefix

FAILED_HEADER = "x-failed-recipients"
ROBOT_HEADERS = frozenset({"x-mlserver", "x-listserver", "x-fmlserver"})
TELLING_HEADERS = ROBOT_HEADERS | {FAILED_HEADER}
FIRST_TWO = frozenset(phrase[:2] for phrase in CERTAIN_SUBJECTS)
LAST_TWO = frozenset(phrase[-2:] for phrase in CERTAIN_SUBJECTS)
TOP, FIRST_WORDS = 700, 120
"""Characters of a report in which it has said that something failed; and those of its very first words."""


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
    if FAILED_HEADER in headers:
        return True
    signs = _server_signs(headers, from_)
    told = any(phrase in subject for phrase in SUBJECTS)
    framed = any(
        part.content_type in COPIES or part.content_type == "message/delivery-status" for part, _ in body.leaves
    )
    if signs + told + framed >= 2 and signs and says_failed(explanation):
        return True
    if signs and told and framed:
        return True
    if _is_refused_posting(headers, from_, explanation):
        return True
    return _is_certain(subject) and _says_certainly(subject, explanation)


def _server_signs(headers: Headers, from_: Sequence[Address]) -> int:
    """How many of two: a server's own address or name, and an empty return path (RFC 3464 §2)."""
    daemon = any(is_daemon(one.address or one.name) or is_daemon_name(one.name) for one in from_)
    path = headers.first("return-path")
    return daemon + (path is not None and (not (path := path.strip(" <>")) or is_daemon(path)))


def _is_certain(subject: str) -> bool:
    subject = subject.strip(" *()[]<>.!")
    if subject[:2] not in FIRST_TWO and subject[-2:] not in LAST_TWO:
        return False
    return subject.startswith(CERTAIN_SUBJECTS) or subject.endswith(CERTAIN_SUBJECTS)


def _says_certainly(subject: str, explanation: str) -> bool:
    """Whether the words are those of a program from the top on. In a reply or forward a person's words come first."""
    answers = has_reply_prefix(subject) or has_forward_prefix(subject)
    top = " ".join(explanation[: FIRST_WORDS if answers else TOP].lower().split())
    if not any(phrase in top for phrase in CERTAIN):
        return False
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
