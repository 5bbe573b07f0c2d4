"""Feedback reports of providers: who complained, about which mail, however much of it they hide."""

import pytest

from parsers.message import parse_message
from parsers.model import Kind

COPY = "From: news@ours.example\nTo: ann@client.example\nMessage-ID: <c8@ours.example>\nSubject: Spring\n\nHello\n"
HIDDEN = "From: news@ours.example\nTo: undisclosed-recipients:;\nMessage-ID: <c8@ours.example>\n"


def report(
    fields: str, copy: str = COPY, copy_type: str = "message/rfc822", kind: str = "message/feedback-report"
) -> bytes:
    """A report as providers send it."""
    return (
        "From: Feedback <fbl@provider.example>\nTo: abuse@ours.example\nSubject: FW: Spring\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an e-mail abuse report.\n\n"
        f"--b\nContent-Type: {kind}\n\n{fields}\n"
        f"--b\nContent-Type: {copy_type}\n\n{copy}\n--b--\n"
    ).replace("\n", "\r\n").encode()  # fmt: skip


def read(raw: bytes) -> tuple[Kind, str, list[str], str | None]:
    parsed = parse_message(raw)
    assert parsed.report is not None
    found = parsed.report
    return parsed.kind, found.type, [one.address for one in found.recipients], found.original_message_id


@pytest.mark.parametrize(
    ("provider", "fields", "copy", "recipients"),
    [
        ("Yahoo", "Feedback-Type: abuse\nUser-Agent: Y/1\nVersion: 0.1\nOriginal-Rcpt-To: ann@client.example\n", COPY,
         ["ann@client.example"]),
        ("in brackets and folded", "Feedback-Type:\n abuse\nOriginal-Rcpt-To:\n\t<ann@client.example>\n", COPY,
         ["ann@client.example"]),
        ("several recipients", "Feedback-Type: abuse\nOriginal-Rcpt-To: a@x.example\nOriginal-Rcpt-To: b@x.example\n",
         HIDDEN, ["a@x.example", "b@x.example"]),
        ("AOL, hidden in the fields", "Feedback-Type: abuse\nRedacted-Address: redacted\nRedacted-Address: redacted@\n",
         COPY, ["ann@client.example"]),
        ("Comcast, hidden everywhere", "Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@provider.example\n", HIDDEN, []),
        ("hidden by RFC 6590", "Feedback-Type: abuse\nOriginal-Rcpt-To: rZ8cqXWGiKHzhz1MsFRGTysHia4=@provider.example\n",
         HIDDEN, []),
        ("only the copy's To", "Feedback-Type: abuse\n", COPY, ["ann@client.example"]),
        ("two in To: nobody knows who", "Feedback-Type: abuse\n",
         COPY.replace("ann@client.example", "ann@client.example, bob@client.example"), []),
        ("Yahoo's header", "Feedback-Type: abuse\n",
         "X-Apparently-To: ann@client.example; Mon, 02 Mar 2026 11:00:00 +0000\n" + HIDDEN, ["ann@client.example"]),
        ("Delivered-To", "Feedback-Type: abuse\n", "Delivered-To: ann@client.example\n" + HIDDEN, ["ann@client.example"]),
        ("by a link to unsubscribe", "Feedback-Type: abuse\n",
         "List-Unsubscribe: <https://ours.example/u?id=7&email=ann%40client.example>\n" + HIDDEN, ["ann@client.example"]),
        ("by an address to unsubscribe", "Feedback-Type: abuse\n",
         "List-Unsubscribe: <mailto:u+ann=client.example@ours.example>\n" + HIDDEN, ["ann@client.example"]),
        ("by a bounce address of his own", "Feedback-Type: abuse\n",
         "Return-Path: <b+ann=client.example@ours.example>\n" + HIDDEN, ["ann@client.example"]),
        ("a forwarder's return path is nobody's", "Feedback-Type: abuse\n",
         "Return-Path: <SRS0=x1=yz=other.example=ann.b@fwd.example>\n" + HIDDEN, []),
        ("our own address is nobody's", "Feedback-Type: abuse\nOriginal-Rcpt-To: abuse@ours.example\n",
         COPY.replace("ann@client.example", "news@ours.example"), []),
        ("a To that names nobody", "Feedback-Type: abuse\n", HIDDEN.replace("undisclosed-recipients:;", "<Not Told>"), []),
        ("no type", "User-Agent: P/1\nOriginal-Rcpt-To: ann@client.example\n", COPY, ["ann@client.example"]),
    ],
)  # fmt: skip
def test_who_complained(provider, fields, copy, recipients):
    assert read(report(fields, copy)) == (Kind.COMPLAINT, "abuse", recipients, "c8@ours.example")


@pytest.mark.parametrize(
    ("written", "kind", "action", "permanent"),
    [
        ("abuse", "abuse", "complained", True),
        ("Abuse (junk button)", "abuse", "complained", True),
        ("fraud", "fraud", "complained", True),
        ("opt-out", "opt-out", "complained", True),
        ("opt-out-list", "opt-out-list", "complained", True),
        ("other", "other", "complained", True),
        ("not-spam", "not-spam", "reported", False),
        ("auth-failure", "auth-failure", "reported", False),
        ("virus", "virus", "reported", False),
        ("bounce", "other", "complained", True),
    ],
)
def test_only_people_complain(written, kind, action, permanent):
    parsed = parse_message(report(f"Feedback-Type: {written}\nOriginal-Rcpt-To: ann@client.example\n"))

    assert parsed.kind is Kind.COMPLAINT
    assert parsed.report is not None
    (one,) = parsed.report.recipients
    assert (parsed.report.type, one.action, one.permanent) == (kind, action, permanent)


def test_a_failure_report_of_dmarc_is_known_by_its_own_field():
    found = read(report("User-Agent: M/1\nAuth-Failure: dkim\nOriginal-Mail-From: news@ours.example\n"))

    assert found[1] == "auth-failure"


@pytest.mark.parametrize("copy_type", ["text/rfc822-headers", "text/rfc822-header", "message/rfc822"])
def test_the_copy_may_be_headers_only(copy_type):
    found = read(report("Feedback-Type: opt-out\nRemoval-Recipient: ann@client.example\n", COPY, copy_type))

    assert found == (Kind.COMPLAINT, "opt-out", ["ann@client.example"], "c8@ours.example")


def test_the_part_for_machines_may_be_called_text():
    fields = "Feedback-Type: abuse\nOriginal-Rcpt-To: ann@client.example\n"

    assert read(report(fields, kind="text/plain"))[:3] == (Kind.COMPLAINT, "abuse", ["ann@client.example"])


MICROSOFT = (
    "From: staff@provider.example\nTo: fbl@ours.example\nSubject: complaint about message from 192.0.2.1\n"
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    "--b\nContent-Type: message/rfc822\n\n{}" + HIDDEN + "\nHello\n--b--\n"
)


def test_microsoft_sends_only_the_mail_itself():
    known = MICROSOFT.format("X-HmXmrOriginalRecipient: ann@client.example\n").encode()

    assert read(known) == (Kind.COMPLAINT, "abuse", ["ann@client.example"], "c8@ours.example")
    assert parse_message(MICROSOFT.format("").encode()).kind is Kind.NORMAL


def test_whatever_stands_in_the_fields_is_survived():
    parsed = parse_message(report("Feedback-Type: \x00\nOriginal-Rcpt-To: @\n:\nRemoval-Recipient: \udc80\n".encode(
        "utf-8", "surrogateescape").decode("latin-1"), "\n"))  # fmt: skip

    assert parsed.kind is Kind.COMPLAINT
    assert parsed.report is not None
    assert parsed.report.recipients == ()
