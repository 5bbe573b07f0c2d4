"""Mail that no person wrote in this moment: automatic answers (RFC 3834), and what systems send by themselves.

An answer is one where a machine marked it, or where the subject has the machine's own form. Where the mark only says
"generated", or less, the words must say that it answers. Words alone never count: people are out of office, too.
"""

import re
from collections.abc import Sequence

from parsers.bounce.addresses import is_daemon
from parsers.fields.headers import Headers
from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.model import Address, Kind
from parsers.phrases import auto_replies as phrases
from parsers.phrases.mass_mail import CAMPAIGNS, HELPDESK_MAILERS, HELPDESKS

TOP = 700
"""Characters in which a machine has said that it answers."""
HEAD = 2_000
CLOSING = ":：-–—!.)]】|"
OPENING = " [(【*\"'#"
TAG = re.compile(r"\[[^\[\]]{1,60}\]\s{0,3}")
SUPPRESS = "x-auto-response-suppress"
RULES = frozenset({"x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source"})
COMMON = frozenset({"x-mailer", "delivered-to", "precedence"})
"""Too many mails carry these to be looked at for them alone."""
MARKS = phrases.HEADERS | HELPDESKS | RULES | {"auto-submitted", SUPPRESS} | (phrases.VALUES.keys() - COMMON)
MASS = CAMPAIGNS | {"list-id", "list-unsubscribe", "list-post", "mailing-list"}
NO = ("no", "false", "0", "none", "")
NO_REPLY = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "nepasrepondre")
NO_REPLY_BEGIN = frozenset(start[0] for start in NO_REPLY)
SUBJECTS = (*phrases.ANSWERS, *phrases.ABSENCES, *phrases.NOTES)
AWAY = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases.AWAY))})|{'|'.join(map(re.escape, phrases.AWAY_UNSPACED))}"
)


def is_generated(headers: Headers) -> bool:
    """Whether a program sent it by itself (RFC 3834 §5): `Auto-Submitted` with any value but `no`."""
    return "auto-submitted" in headers and _submitted(headers) not in NO


def is_helpdesk(headers: Headers) -> bool:
    """Whether it comes by a ticket system, where people write as well as machines."""
    if headers.has_any(HELPDESKS):
        return True
    mailer = f"{headers.first('x-mailer') or ''} {headers.first('x-powered-by') or ''}".lower()
    return any(name in mailer for name in HELPDESK_MAILERS)


def is_passed_on(headers: Headers, subject: str) -> bool:
    """Whether a rule of the mailbox forwarded or redirected a mail that somebody wrote."""
    return headers.has_any(RULES) and ("resent-from" in headers or has_forward_prefix(subject))


def may_be_unmarked(headers: Headers, subject: str, from_: Sequence[Address]) -> bool:
    """A cheap look for the answers of machines that mark nothing in the head. `subject` is in lower case."""
    if not from_:
        return False
    author = from_[0]
    if _is_from_no_reply(author.address) or (author.name and subject.startswith(author.name.lower())):
        return True
    return (subject[:2] == "re" or "in-reply-to" in headers) and has_empty_return_path(headers)


def answer_of(headers: Headers, subject: str, text: str, from_: Sequence[Address]) -> Kind | None:
    """`AUTO_REPLY` or `OUT_OF_OFFICE` for an automatic answer; None for everything else. `subject` is in lower case."""
    if (headers.has_any(MASS) and not headers.has_any(MARKS)) or is_passed_on(headers, subject):
        return None
    own = text[:HEAD].lower().replace("’", "'")
    is_answer = (
        _declares_answer(headers)
        or _is_answer_by_subject(headers, subject, own, from_)
        or _says_answer(headers, subject, own, from_)
    )
    if not is_answer:
        return None
    return Kind.OUT_OF_OFFICE if _is_away(subject, own) else Kind.AUTO_REPLY


def has_empty_return_path(headers: Headers) -> bool:
    """Whether nobody shall be told if it does not arrive: machines send so (RFC 5321 §4.5.5)."""
    path = headers.raw("return-path") if "return-path" in headers else None
    return path is not None and path in ("<>", "")


def _submitted(headers: Headers) -> str:
    """The keyword of Auto-Submitted, without comment and parameters."""
    value = (headers.first("auto-submitted") or "").lower().partition(";")[0].partition("(")[0]
    return value.strip(" \t\"'")


def _declares_answer(headers: Headers) -> bool:
    """Whether the head says that it is an answer, in the standard's words or in a vendor's."""
    submitted = _submitted(headers)
    if "repl" in submitted or "vacation" in submitted:
        return True
    if headers.has_any(phrases.HEADERS):
        names = [name for name in phrases.HEADERS if name in headers]
        if any((headers.first(name) or "yes").strip().lower() not in NO for name in names):
            return True
    for name, values in phrases.VALUES.items():
        if name in headers and any(value.strip().lower().startswith(values) for value in headers.all(name)):
            return True
    return headers.has_any(RULES) and _suppressed(headers) == "all"


def _suppressed(headers: Headers) -> str:
    """What other machines shall not answer with. It says nothing of how this mail came about, except beside other signs."""
    return (headers.first(SUPPRESS) or "").strip().lower()


def _is_answer_by_subject(headers: Headers, subject: str, own: str, from_: Sequence[Address]) -> bool:
    """Whether the subject has a machine's own form. In mass mail, and from a mail server, it proves nothing."""
    if headers.has_any(MASS) or any(is_daemon(address.address) for address in from_):
        return False
    bare = subject.lstrip(OPENING)
    tagged = TAG.sub("", subject, count=1) if subject.startswith("[") else bare
    for start in (bare, tagged):
        if _begins(start, phrases.ANSWERS):
            return True
        closed = _begins(start, phrases.ABSENCES)
        if closed and (_has_sign(headers) or (closed in ":：" and AWAY.search(own))):
            return True
        if _begins(start, phrases.NOTES) == ":" and AWAY.search(f"{start} {own}"):
            return True
    name = from_[0].name.lower().strip() if from_ else ""
    return bool(name) and subject.startswith(name) and subject[len(name) :].strip().startswith(phrases.IS_AWAY)


def _begins(subject: str, starts: tuple[str, ...]) -> str:
    """What closes the phrase that the subject begins with; empty where it goes on, or begins with none."""
    if not subject.startswith(starts):
        return ""
    for start in starts:
        if subject.startswith(start):
            rest = subject[len(start) :].lstrip()
            if not rest or rest[0] in CLOSING:
                return rest[:1] or "."
            if has_reply_prefix(rest):
                return ":"
    return ""


def _has_sign(headers: Headers) -> bool:
    """Whether anything else makes a machine likely: it answers something, or wants no answer."""
    return "in-reply-to" in headers or "references" in headers or SUPPRESS in headers or _is_unanswerable(headers)


def _is_unanswerable(headers: Headers) -> bool:
    return has_empty_return_path(headers) or is_generated(headers)


def _is_no_reply(from_: Sequence[Address]) -> bool:
    return any(_is_from_no_reply(one.address) for one in from_)


def _is_from_no_reply(address: str) -> bool:
    return address[:1].lower() in NO_REPLY_BEGIN and address.lower().startswith(NO_REPLY)


def _says_answer(headers: Headers, subject: str, own: str, from_: Sequence[Address]) -> bool:
    """Whether something marked as generated, or barely marked, answers by its words: an acknowledgement or a challenge."""
    if headers.has_any(MASS):
        return False
    if any(address.address.lower().rpartition("@")[2] in phrases.CHALLENGERS for address in from_):
        return True
    answers = "in-reply-to" in headers or "references" in headers or has_reply_prefix(subject)
    by_helpdesk = is_helpdesk(headers)
    if not (by_helpdesk or _is_unanswerable(headers) or _is_no_reply(from_) or _is_junk(headers)):
        return False
    top = own[:TOP]
    if any(phrase in top for phrase in phrases.CHALLENGES):
        return True
    if by_helpdesk:
        return any(phrase in top for phrase in phrases.RECEIVED)
    return answers and (
        AWAY.search(top) is not None or any(phrase in top for phrase in (*phrases.RECEIVED, *phrases.THANKS))
    )


def _is_junk(headers: Headers) -> bool:
    """As old vacation programs call their answers; `bulk` was also every list's word."""
    return (headers.first("precedence") or "").strip().lower() == "junk"


def _is_away(subject: str, own: str) -> bool:
    """Whether the author comes back: not one who left for good, nor a machine that only acknowledges."""
    if any(phrase in own for phrase in phrases.LEFT):
        return False
    return AWAY.search(f"{subject} {own}") is not None
