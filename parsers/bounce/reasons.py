"""Why a recipient was not reached: one reason, and whether the address itself is bad, out of everything that is told.

The evidence is heard in a fixed order (`STEPS`); the first that tells something is believed. Then the point of the dialogue
at which it was said may change what it means (`_at_its_point`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from parsers.bounce.failure import Failure
from parsers.bounce.status import reply_in, status_of
from parsers.bounce.wording import PhraseBook, words_of
from parsers.model import Recipient
from parsers.phrases.certain_refusals import CERTAIN
from parsers.phrases.provider_codes import (
    AFTER_THE_MAIL,
    CODES,
    NOBODY_NAMED,
    ONLY_AT_RECIPIENT,
    REFUSING_DOMAINS,
    SENTENCES,
)
from parsers.phrases.refusals import FAINT, USUAL
from parsers.phrases.refusals_abroad import ABROAD, UNSPACED
from parsers.phrases.status_codes import DELIBERATE, EXACT, GENERAL, PERMANENT, RANGES, REPLIES, TOLD_BY

BEFORE_RECIPIENT = {"MAIL": "rejected", "CONN": "blocked", "HELO": "blocked"}
"""Who is meant by a refusal that came before the recipient was named: the sender, or his host."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is told of one failure by one text and by the codes. `own` to `faint` are reasons by tables of phrases."""

    failure: Failure
    status: str
    text: str = ""
    own: str = ""
    certain: str = ""
    abroad: str = ""
    usual: str = ""
    faint: str = ""

    @property
    def detail(self) -> str:
        """The status without its class: `1.1` of `5.1.1`."""
        return self.status.partition(".")[2]


def judged(failure: Failure) -> Recipient:
    """What became of the recipient, of what the report tells.

    The reason is one of Sisimai's: `onhold` where something is told but nothing known, `undefined` where nothing is told.
    Permanent is what makes the address itself bad: trying it again, with any other mail, can not help. What is delayed,
    or whose status or reply code begins with 4 (RFC 5321 §4.2.1, RFC 3463 §2), is not.
    """
    status = status_of(failure.status, failure.diagnostic, failure.around)
    reason = _reason(failure, status)
    action = "failed" if failure.action == "delayed" and reason != "expired" and not failure.status else failure.action
    told = status or failure.reply_code
    status = status or _told_by(reason, temporary=action == "delayed" or told.startswith("4"))
    permanent = reason in PERMANENT and action != "delayed" and not told.startswith("4")
    return Recipient(failure.address, status, action, reason, permanent, failure.diagnostic)


def _reason(failure: Failure, status: str) -> str:
    unsure = ""
    for evidence in _evidence(failure, status):
        reason, sure = _believed(evidence)
        if sure:
            return reason
        unsure = unsure or reason
    return unsure or REFUSING_DOMAINS.get(_domain(failure), "") or _untold(failure)


def _evidence(failure: Failure, status: str) -> Iterator[Evidence]:
    """By what the refusing server answered, then by all that is said of the recipient, then by the whole report.

    Texts without words are left out; where all are, the codes alone must tell.
    """
    told = False
    for text in (reply_in(failure.diagnostic), failure.diagnostic, failure.around):
        if words := words_of(text.replace(failure.address, "") if failure.address else text):
            told = True
            yield Evidence(failure, status, text, *_book().meanings_in(words))
    if not told:
        yield Evidence(failure, status)


def _believed(evidence: Evidence) -> tuple[str, bool]:
    """The reason that is told, "" for none, and whether nothing else needs to be asked."""
    for step in STEPS:
        if reason := step(evidence):
            return _at_its_point(reason, step, evidence), step not in UNSURE and reason != "expired"
    return "", False


def _untold(failure: Failure) -> str:
    if not words_of(failure.diagnostic.replace(failure.address, "") if failure.address else failure.diagnostic):
        return "undefined"
    return BEFORE_RECIPIENT.get(failure.command, "onhold")


@cache
def _book() -> PhraseBook:
    return PhraseBook((*CODES, *SENTENCES), CERTAIN, ABROAD, USUAL, FAINT)


def _by_own_words(evidence: Evidence) -> str:
    return evidence.own


def _by_deliberate_status(evidence: Evidence) -> str:
    detail = evidence.detail
    if detail in DELIBERATE:
        return DELIBERATE[detail]
    return next((reason for first, last, reason in RANGES if len(detail) == len(first) and first <= detail <= last), "")


def _by_certain_words(evidence: Evidence) -> str:
    return evidence.certain


def _by_words_abroad(evidence: Evidence) -> str:
    if evidence.text.isascii():
        return evidence.abroad
    unspaced = (reason for reason, phrases in UNSPACED if any(phrase in evidence.text for phrase in phrases))
    return next(unspaced, evidence.abroad)


def _by_exact_status(evidence: Evidence) -> str:
    return EXACT.get(evidence.detail, "")


def _by_usual_words(evidence: Evidence) -> str:
    return evidence.usual


def _by_general_status(evidence: Evidence) -> str:
    return GENERAL.get(evidence.detail, "")


def _by_faint_words(evidence: Evidence) -> str:
    return evidence.faint


def _by_reply_code(evidence: Evidence) -> str:
    return REPLIES.get(evidence.failure.reply_code, "")


Step = Callable[[Evidence], str]
STEPS: tuple[Step, ...] = (
    _by_own_words,
    _by_deliberate_status,
    _by_certain_words,
    _by_words_abroad,
    _by_exact_status,
    _by_usual_words,
    _by_general_status,
    _by_faint_words,
    _by_reply_code,
)
UNSURE = (_by_faint_words, _by_reply_code)


def _at_its_point(reason: str, step: Step, evidence: Evidence) -> str:
    """What the reason means at this point of the dialogue.

    Who is unknown only after the whole mail was read was refused by a filter. Before the recipient was named, the
    sender or his host was refused. A name that can not be resolved for now is no unknown host.
    """
    if step is _by_own_words:
        return reason
    if reason == "hostunknown" and evidence.status.startswith("4"):
        return "networkerror"
    if reason == "userunknown" and _by_a_filter(evidence):
        return "filtered"
    if reason in ("userunknown", "hostunknown") or (
        step is not _by_certain_words and reason in ("securityerror", "filtered")
    ):
        return BEFORE_RECIPIENT.get(evidence.failure.command, reason)
    return reason


def _by_a_filter(evidence: Evidence) -> bool:
    """Whether one that is called unknown is known to his server: it had taken him, or its code speaks of something else."""
    failure = evidence.failure
    if evidence.detail.startswith("1."):
        return False
    if failure.command in ("DATA", "BODY") or _domain(failure) in AFTER_THE_MAIL:
        return True
    if any(place in evidence.text[:40].lower() for place in NOBODY_NAMED):
        return True
    if failure.command == "RCPT" or ONLY_AT_RECIPIENT in evidence.text.lower():
        return False
    return evidence.detail.startswith(("2.0", "3.", "7."))


def _domain(failure: Failure) -> str:
    return failure.address.rpartition("@")[2].lower()


def _told_by(reason: str, *, temporary: bool) -> str:
    """The status that says the same; late mail is 4.4.7 also where it was given up (RFC 3463 §3.5)."""
    detail = TOLD_BY.get(reason)
    return f"{4 if temporary or reason == 'expired' else 5}.{detail}" if detail else ""
