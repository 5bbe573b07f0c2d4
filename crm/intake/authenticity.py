"""Whether a trusted server says that a mail really comes from its From (design §5): a small pure judgement.

Only the header of the mailbox's own server counts (its authserv-id, RFC 8601 §2.2), the topmost one of it, and only above
the first Received line that another server wrote: whatever stands below, its sender may have typed himself.
"""

import re
from dataclasses import dataclass

from core.addresses import domain_of, organisational_domain
from crm.intake.mail import Mail

BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
DMARC = re.compile(r";\s*dmarc\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
HEADER_FROM = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
COMMENT = re.compile(r"\([^()]{0,500}\)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passed` is None where nobody whom we believe said anything; `reason` tells a person why."""

    passed: bool | None
    reason: str


def judge(mail: Mail, authserv_id: str | None) -> Verdict:
    """The DMARC verdict for From by the server called `authserv_id`."""
    authors = [person for person in mail.people if person.role == "from"]
    if len(authors) != 1:
        return Verdict(False if authors else None, "A mail with several senders proves none of them.")
    if authserv_id is None:
        return Verdict(None, "No server is set for this mailbox whose word on senders counts.")
    said = _word_of(mail.trace, authserv_id.lower())
    if said is None:
        return Verdict(None, "The mailbox's server says nothing about the sender.")
    result = DMARC.search(COMMENT.sub(" ", said))
    if result is None:
        return Verdict(None, "The mailbox's server did not check DMARC.")
    if result.group(1).lower() != "pass":
        failed = result.group(1).lower() == "fail"
        return Verdict(False if failed else None, f"DMARC: {result.group(1).lower()}.")
    named = HEADER_FROM.search(result.group(2))
    if named and not _aligned(named.group(1), domain_of(authors[0].key)):
        return Verdict(False, "DMARC passed for another domain than that of From.")
    return Verdict(True, "DMARC: pass.")


def verdict_of_copies(known: bool | None, copy: bool | None, *, is_ours: bool, is_same_body: bool) -> bool | None:
    """The verdict of a message of which a further copy has come: `known` until now, `copy` what that copy's server says.

    Whoever forges a client's mail sends it to a mailbox whose server says nothing as well: a copy that failed counts,
    whichever came first. Nothing makes it good: what is stored are the words and people of the first copy, and a later one
    that passes vouches for its own. Where the first one passed, its domain has vouched for these words: they fail elsewhere
    because somebody passed them on. Mail of ours keeps its verdict (`is_ours`): who got one could send it back, and so part
    us from its conversation.
    """
    if copy is not False or is_ours or (known is True and is_same_body):
        return known
    return False


def _word_of(trace: tuple[tuple[str, str], ...], authserv_id: str) -> str | None:
    """The topmost Authentication-Results of our server, unless a foreign Received stands above it."""
    for name, value in trace:
        if name == "received" and not _is_written_by(value, authserv_id):
            return None
        if name == "authentication-results":
            words = COMMENT.sub(" ", value.partition(";")[0]).split()
            if words and words[0].lower() == authserv_id:
                return value
    return None


def _is_written_by(received: str, authserv_id: str) -> bool:
    """Whether the host in `by` is of the same organisation, or has no domain (a hop inside one machine)."""
    by = BY.search(received)
    host = by.group(1).strip("[]").rstrip(".").lower() if by else ""
    if "." not in host or host.replace(".", "").isdigit():
        return True
    return _aligned(host, authserv_id)


def _aligned(domain: str, other: str) -> bool:
    return organisational_domain(domain.lower()) == organisational_domain(other.lower())
