"""Why mail was refused: the words of providers, programs and gateways in many languages, and what they come to."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bounce.dialogue import reply_code_in
from parsers.bounce.failure import Failure
from parsers.bounce.reasons import judged
from parsers.bounce.wording import PhraseBook, variants, words_of
from parsers.phrases.certain_refusals import CERTAIN
from parsers.phrases.provider_codes import CODES, SENTENCES
from parsers.phrases.refusals import FAINT, USUAL
from parsers.phrases.refusals_abroad import ABROAD, UNSPACED
from parsers.phrases.status_codes import DELIBERATE, EXACT, GENERAL, RANGES, REPLIES

TABLES = Path(__file__).parent / "refusals"
REASONS = frozenset(
    (
        "authfailure", "badreputation", "blocked", "contenterror", "exceedlimit", "expired", "failedstarttls",
        "filtered", "hasmoved", "hostunknown", "mailboxfull", "mailererror", "mesgtoobig", "networkerror",
        "norelaying", "notaccept", "notcompliantrfc", "onhold", "policyviolation", "rejected", "requireptr",
        "securityerror", "spamdetected", "speeding", "suppressed", "suspend", "syntaxerror", "systemerror",
        "systemfull", "toomanyconn", "undefined", "userunknown", "virusdetected",
    )
)  # fmt: skip


def rows() -> Iterator[object]:
    for table in sorted(TABLES.glob("*.txt")):
        blocks = table.read_text("utf-8").split("\n\n")[1:]
        for block in blocks:
            head, words = block.split("\n", 1)
            who, command, meaning = head.split(" | ")
            yield pytest.param(command.strip("-"), " ".join(words.split()), meaning, id=f"{table.stem}: {who}")


def failure(words: str, **more: str) -> Failure:
    return Failure("ann@customer.example", **{"diagnostic": words, "reply_code": reply_code_in(words), **more})


@pytest.mark.parametrize(("command", "words", "meaning"), list(rows()))
def test_refusals(command, words, meaning):
    found = judged(failure(words, command=command))

    hardness = "hard" if found.permanent else "soft"
    assert " ".join(filter(None, (found.status, found.reason, hardness))) == meaning


def test_there_are_many_of_them():
    assert len(list(rows())) >= 300


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        ("5.1.1", "552 5.1.1 mailbox full", "mailboxfull"),
        ("5.1.1", "550 5.1.1 Message rejected as spam by content filter", "spamdetected"),
        ("5.7.1", "550 5.7.1 Over quota", "mailboxfull"),
        ("5.0.0", "550 5.0.0 User unknown", "userunknown"),
        ("5.7.1", "550 5.7.1 No such user!", "userunknown"),
        ("5.1.6", "550 5.1.6 no such user here any more", "hasmoved"),
        ("5.7.25", "550 5.7.25 refused", "requireptr"),
        ("5.2.2", "550 5.2.2 not delivered", "mailboxfull"),
        ("5.7.1", "550 5.7.1 no", "securityerror"),
        ("5.6.0", "550 5.6.0 no", "contenterror"),
        ("", "552 no", "mailboxfull"),
        ("", "550 no", "onhold"),
        ("", "", "undefined"),
        ("5.1.2", "", "hostunknown"),
        ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "blocked"),
        ("5.7.26", "550-5.7.26 This mail is unauthenticated", "authfailure"),
        ("5.7.1", "550 5.7.1 Relaying denied", "norelaying"),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "mesgtoobig"),
        ("4.4.7", "delivery temporarily suspended: Connection timed out", "expired"),
        ("5.4.4", "Host or domain name not found. Name service error for name=nope.example type=A", "hostunknown"),
    ],
)
def test_clear_words_outweigh_codes_and_codes_outweigh_general_words(status, words, reason):
    assert judged(failure(words, status=status, command="RCPT")).reason == reason


@pytest.mark.parametrize(
    ("command", "words", "reason"),
    [
        ("RCPT", "550 no such user", "userunknown"),
        ("BODY", "550 no such user", "filtered"),
        ("BODY", "550 5.1.1 no such user", "userunknown"),
        ("MAIL", "550 no such user", "rejected"),
        ("CONN", "554 no such host", "blocked"),
        ("HELO", "550 5.7.1 Access denied", "blocked"),
        ("MAIL", "550 5.7.1 Access denied", "rejected"),
        ("RCPT", "550 5.7.1 Access denied", "securityerror"),
        ("BODY", "552 mailbox full", "mailboxfull"),
        ("MAIL", "552 message size exceeds fixed maximum message size", "mesgtoobig"),
        ("MAIL", "450 go on", "rejected"),
    ],
)
def test_the_command_that_was_answered_decides_who_is_meant(command, words, reason):
    assert judged(failure(words, command=command)).reason == reason


def test_only_an_address_that_stays_bad_is_permanent():
    assert judged(failure("550 5.1.1 user unknown")).permanent
    assert not judged(failure("450 4.1.1 user unknown")).permanent
    assert not judged(failure("450 user unknown")).permanent
    assert not judged(failure("550 5.1.1 user unknown", action="delayed", status="5.1.1")).permanent
    assert not judged(failure("552 5.2.2 mailbox full")).permanent
    assert not judged(failure("550 5.7.1 Client host blocked using zen.spamhaus.org")).permanent


def test_a_name_that_can_not_be_resolved_for_now_is_no_unknown_host():
    assert judged(failure("450 4.4.3 Host lookup failed")).reason == "networkerror"
    assert judged(failure("550 5.4.4 Host lookup failed")).reason == "hostunknown"


def test_what_the_server_answered_counts_more_than_the_report_around_it():
    around = "Your mailbox may be full, or the server may have blocked your address as spam. Please try again later."

    assert judged(failure("550 5.1.1 no such user", around=around)).reason == "userunknown"
    assert judged(failure("it failed", around="ann@customer.example: user unknown")).reason == "userunknown"
    assert judged(failure("ann@customer.example", around="It could not be delivered.")).reason == "undefined"


def test_words_of_an_address_or_a_page_are_no_words_of_the_server():
    assert judged(failure("550 5.1.1 <no-spam@virus.example> user unknown")).reason == "userunknown"
    assert judged(failure("550 user unknown, see https://help.example/spf-dkim")).reason == "userunknown"


def test_tables_name_known_reasons_and_no_phrase_is_empty_or_a_mere_particle():
    tables = (CODES, SENTENCES, CERTAIN, ABROAD, USUAL, FAINT)
    particles = {"not", "no", "for", "from", "to", "by", "user", "mail", "message", "server", "host"}
    phrases = [phrase for table in tables for _, written in table for phrase in written]
    pieces = [piece.strip() for phrase in phrases for variant in variants(phrase) for piece in variant]
    alone = [variant[0].strip() for phrase in phrases for variant in variants(phrase) if len(variant) == 1]

    assert all(pieces)
    assert not particles & set(alone)
    named = {reason for table in (*tables, UNSPACED) for reason, _ in table}
    named |= {
        *DELIBERATE.values(),
        *EXACT.values(),
        *GENERAL.values(),
        *REPLIES.values(),
        *(each for *_, each in RANGES),
    }
    assert named <= REASONS


def test_phrases_find_words_in_other_forms_with_gaps_and_alternatives():
    book = PhraseBook((("full", ("mailbox/account (size) is full",)), ("late", ("gave_up/stopped * after days",))))

    def told(text):
        return book.meanings_in(words_of(text))

    assert told("Your MAILBOX was full!") == ("full",)
    assert told("account size: full") == ("full",)
    assert told("the mailbox (5 of 5) is full") == ("",)
    assert told("We gave up on it after 5 days") == ("late",)
    assert told("We gave up" + " and up" * 30 + " after 5 days") == ("",)
    assert told("We stopped" + " for lunch" * 30 + " and stopped for good after 5 days") == ("late",)
    assert told("after 5 days we stopped") == ("",)
    assert told("") == ("",)


@given(st.text(), st.text(), st.sampled_from(("", "CONN", "HELO", "MAIL", "RCPT", "DATA", "BODY")))
def test_any_words_come_to_a_known_reason(words, around, command):
    found = judged(Failure("ann@customer.example", diagnostic=words, around=around, command=command))

    assert found.reason in REASONS
    assert found.status == "" or found.status[0] in "245"


def test_long_words_take_little_time():
    walls = (
        "550 5.1.1 " * 30_000,
        "a-" * 150_000,
        "x@" * 150_000,
        "5.1.0 - " + "A " * 150_000,
        "'" * 300_000,
        "=" * 300_000,
    )

    started = perf_counter()
    for wall in walls:
        judged(Failure("ann@customer.example", diagnostic=wall, around=wall))

    assert perf_counter() - started < 1


@pytest.mark.parametrize(
    "words",
    [
        "550 5.7.1 Message moved to quarantine",
        "550 We do not accept any attachments of this type",
        "550 5.7.1 This system does not accept mail from dynamic addresses",
        "550 The user is not authorized to receive mail from outside",
        "550 No valid MX found for sender domain",
        "550 Requested action not taken: mailbox unavailable. Reject due to policy restrictions",
        "550 Sender address rejected: Domain not found",
        "554 Your host name could not be found",
        "550 DKIM key not found",
        "550 The attachment was replaced by a warning",
        "554 5.7.1 Recipient not in our whitelist, and your IP address is unknown to us",
        "550 Message contains an invalid header: Message-ID does not exist",
        "450 4.1.1 user unknown",
    ],
)
def test_a_refusal_that_is_not_about_the_address_bars_nobody(words):
    assert not judged(failure(words, command="RCPT")).permanent
