"""Whether a mail without a report for machines is a bounce: by its sender, its subject, its words and its parts.

Each of these lies alone: people write about bounces, and servers send statistics. So several must agree, and the fewer
a sender is known to be a mail server, the surer the words must be.
"""

from dataclasses import dataclass
from typing import Final

from parsers.bounce.moved import is_automatic
from parsers.bounce.places import Rank, ranked_places_in, says_reached
from parsers.bounce.returned import COPIES
from parsers.bounce.sender import PERSON, Sender
from parsers.bounce.text import explanation_of, says_failed
from parsers.content.body import Body
from parsers.fields.headers import Headers
from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.phrases.bounces import (
    ASKS_TO_CONFIRM,
    CERTAIN,
    CERTAIN_SUBJECTS,
    NOT_A_MEMBER,
    PERSONAL,
    STATISTICS,
    SUBJECTS,
)

FAILED_HEADER = "x-failed-recipients"
FRAMES = frozenset((*COPIES, "message/delivery-status", "message/global-delivery-status"))
FIRST_LETTERS: Final = frozenset(phrase[:3] for phrase in CERTAIN_SUBJECTS)
LAST_LETTERS: Final = frozenset(phrase[-3:] for phrase in CERTAIN_SUBJECTS)
"""Three of each, or two where it has no more."""
TOP, FIRST_WORDS = 700, 160
"""Characters in which a report has said that something failed; and those of its very first words."""
NEAR = 4
"""Lines below such words within which the address stands."""


def may_be_bounce(headers: Headers, subject: str, sender: Sender) -> bool:
    """A look at the head, which ends it for nearly all mail. `subject` is in lower case."""
    return sender is not PERSON or FAILED_HEADER in headers or _is_certain(subject)


def is_bounce(headers: Headers, body: Body, subject: str, sender: Sender) -> bool:
    """The judgement of what may be one. `subject` is in lower case."""
    explanation = explanation_of(body.text)
    notice = _Notice(headers, body, subject, sender, explanation, _in_one_line(explanation[:TOP]))
    if FAILED_HEADER in headers or notice.refuses_a_posting:
        return True
    if notice.asks_to_confirm or notice.is_of_a_person or notice.tells_success:
        return False
    if not sender.signs:
        return notice.speaks_for_itself
    if notice.agreeing >= 2:
        return True
    return notice.names_recipients and notice.is_sure


@dataclass(frozen=True, slots=True)
class _Notice:
    """One mail that may be a bounce, with what is looked for in it, only if asked. `top` is its beginning in one line."""

    headers: Headers
    body: Body
    subject: str
    sender: Sender
    explanation: str
    top: str

    @property
    def is_framed(self) -> bool:
        """Whether the returned mail, or its headers, came along."""
        if len(self.explanation) + 1 < len(self.body.text):
            return True
        return any(part.content_type in FRAMES for part, _ in self.body.leaves)

    @property
    def says_failed(self) -> bool:
        """Whether the words say so."""
        return says_failed(self.explanation)

    @property
    def agreeing(self) -> int:
        """How many of three agree: subject, words and the returned mail."""
        return any(phrase in self.subject for phrase in SUBJECTS) + self.is_framed + self.says_failed

    @property
    def names_recipients(self) -> bool:
        """Whether addresses stand where failed ones do."""
        ranked = ranked_places_in(self.explanation.split("\n"), frozenset())
        return bool(ranked[Rank.ALONE] or ranked[Rank.BEHIND])

    @property
    def says_certainly(self) -> bool:
        """Whether it begins with words that only reports have."""
        return any(phrase in self.top for phrase in CERTAIN)

    @property
    def is_sure(self) -> bool:
        """Whether there is one thing that only reports have."""
        if _is_certain(self.subject) or self.says_certainly:
            return True
        return (self.sender.signs == 2 and self.says_failed) or self.only_reports

    @property
    def only_reports(self) -> bool:
        """Whether the sender writes nothing else, but for statistics."""
        return self.sender.is_nobody and not any(word in self.subject for word in STATISTICS)

    @property
    def tells_success(self) -> bool:
        """Whether it is about those who were reached."""
        lines = self.explanation[:TOP].lower().split("\n")
        return any(map(says_reached, lines)) and not self.names_recipients

    @property
    def asks_to_confirm(self) -> bool:
        """Challenge and response: the mail waits."""
        return any(phrase in self.top for phrase in ASKS_TO_CONFIRM) and not self.only_reports

    @property
    def refuses_a_posting(self) -> bool:
        """Whether a list's own program did not take a posting."""
        return self.sender.is_robot and any(phrase in self.top for phrase in NOT_A_MEMBER)

    @property
    def is_personal(self) -> bool:
        """Whether it has words that people write, and programs do not."""
        return any(word in f" {self.top} " for word in PERSONAL)

    @property
    def is_of_a_person(self) -> bool:
        """Whether a person's program answers, or a person who is postmaster."""
        if is_automatic(self.headers) and not self.sender.is_server:
            return not self.says_certainly
        if self.sender.signs != 1 or self.is_framed or self.only_reports:
            return False
        return ("in-reply-to" in self.headers or has_reply_prefix(self.subject)) and self.is_personal

    @property
    def speaks_for_itself(self) -> bool:
        """Whether a program wrote, by the words alone: they come first, and a failed address stands alone below them.

        What people write around a bounce that they got, and what companies write about parcels, is not like that.
        """
        first = _in_one_line(self.explanation[:FIRST_WORDS])
        if not _is_certain(self.subject) or not any(phrase in first for phrase in CERTAIN):
            return False
        if "list-unsubscribe" in self.headers or has_forward_prefix(self.subject) or self.is_personal:
            return False
        lines = [line for line in self.explanation.split("\n") if not line.startswith(">")]
        said = next(
            (at for at in range(len(lines)) if any(phrase in _pair(lines, at) for phrase in CERTAIN)), len(lines)
        )
        alone = ranked_places_in(lines, frozenset())[Rank.ALONE]
        return any(said <= at <= said + NEAR for _, at in alone.values())


def _is_certain(subject: str) -> bool:
    subject = subject.strip(" *()[]<>.!")
    first, last = subject[:3], subject[-3:]
    if not (first in FIRST_LETTERS or last in LAST_LETTERS or first[:2] in FIRST_LETTERS or last[-2:] in LAST_LETTERS):
        return False
    return subject.startswith(CERTAIN_SUBJECTS) or subject.endswith(CERTAIN_SUBJECTS)


def _pair(lines: list[str], number: int) -> str:
    """A line with the next one: sentences break anywhere."""
    return _in_one_line(" ".join(lines[number : number + 2]))


def _in_one_line(text: str) -> str:
    """In lower case, every stretch of blanks as one."""
    return " ".join(text.lower().split())
