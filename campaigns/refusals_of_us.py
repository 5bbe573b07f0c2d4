"""Refusals that are about us, whichever command they answer: providers' words and codes, as data.

A mailbox that has sent all it may today, or may not write as this address, is told so at RCPT, DATA or behind the mail,
where every other refusal is about the recipient. Nobody else would be written to either, so nobody is given up for it.
"""

from dataclasses import dataclass

from delivery.outcome import Outcome, Result


@dataclass(frozen=True, slots=True)
class RefusalOfUs:
    """One way of a provider to refuse us: its enhanced status codes (RFC 3463), or its words in lower case."""

    sentence: str
    """What to tell a person."""
    statuses: frozenset[str]
    words: tuple[str, ...]


REFUSALS_OF_US = (
    RefusalOfUs(
        "The provider takes no more mail from this mailbox for now, its sending limit is reached: resume the campaign a "
        "day later, or give the sender an SMTP server that is made for many readers.",
        # Gmail; Exchange Online: too many recipients a day, and too many mails of the whole organisation.
        frozenset({"5.4.5", "5.1.90", "5.7.705", "5.7.233"}),
        (
            "daily user sending limit exceeded",
            "daily user sending quota exceeded",
            "daily smtp relay limit exceeded",
            "daily smtp relay sending limit exceeded",
            "reached your daily limit for message recipients",
            "submissionquotaexceeded",
            "submission quota was exceeded",
        ),
    ),
    RefusalOfUs(
        "The mail server does not let this mailbox write as the sender's address: allow it there, or choose another "
        "sender, then resume the campaign.",
        frozenset({"5.2.252", "5.7.60"}),
        (
            "sendasdenied",
            "does not have permissions to send as this sender",
            "not allowed to send as",
            "not owned by user",  # Postfix, reject_sender_login_mismatch: said at RCPT.
        ),
    ),
    RefusalOfUs(
        "The provider has blocked this mailbox from sending, as it does with one that seems to send spam: its "
        "administrator has to free it, then resume the campaign.",
        frozenset({"5.1.8", "5.7.501", "5.7.502", "5.7.503"}),
        ("bad outbound sender",),
    ),
)


def refusal_of_us(result: Result) -> RefusalOfUs | None:
    """What the server's final refusal tells of us, at whatever stage; None where it is none, or says nothing of the kind."""
    if result.outcome is not Outcome.PERMANENT or result.code is None:
        return None
    said = " ".join(result.text.lower().split())
    return next((kind for kind in REFUSALS_OF_US if result.enhanced in kind.statuses or _says(said, kind)), None)


def _says(said: str, kind: RefusalOfUs) -> bool:
    return any(words in said for words in kind.words)
