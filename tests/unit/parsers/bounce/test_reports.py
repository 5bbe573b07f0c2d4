"""Delivery reports made for machines (RFC 3464, 6533), also where they are damaged."""

import base64

import pytest

from parsers.bounce.dsn import failures_of, groups_in, groups_of
from parsers.message import parse_message
from parsers.model import Kind

REPORT = 'multipart/report; report-type=delivery-status; boundary="b"'
WHOLE = """Reporting-MTA: dns; relay.example
Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0100

"""


def framed(status, *, text="Some of your mail was not delivered.", kind="message/delivery-status", more="", head=""):
    return f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n--b\nContent-Type: {kind}\n{head}\n{status}\n{more}--b--\n"


def recipients_of(mail, body, **headers):
    given = {"from": "MAILER-DAEMON@relay.example", "subject": "Undelivered", "content_type": REPORT} | headers
    parsed = parse_message(mail(body, **given))
    assert parsed.kind is Kind.BOUNCE
    assert parsed.report is not None
    return parsed.report.recipients


ADDRESSES = [
    ("the one that was mailed, not an alias's target",
     "Original-Recipient: rfc822; info@client.example\nFinal-Recipient: rfc822; ann@inner.example",
     "info@client.example"),
    ("only the final one", "Final-Recipient: RFC822;ann@client.example", "ann@client.example"),
    ("in brackets", "Final-Recipient: rfc822; <ann@client.example>", "ann@client.example"),
    ("with a comment", "Final-Recipient: rfc822; ann@client.example (Ann)", "ann@client.example"),
    ("xtext", "Original-Recipient: rfc822;ann+2Bnews@client.example", "ann+news@client.example"),
    ("a plus that is no xtext", "Final-Recipient: rfc822;ann+24@client.example", "ann+24@client.example"),
    ("letters of RFC 6533", "Final-Recipient: utf-8; jürgen@client.example", "jürgen@client.example"),
    ("the same for seven bits", "Original-Recipient: utf-8;j\\x{FC}rgen@client.example", "jürgen@client.example"),
    ("domain in its own letters", "Final-Recipient: utf-8; ann@kundin-müller.example", "ann@kundin-müller.example"),
    ("X.400 behind a gateway",
     "Original-Recipient: rfc822; ann@client.example\nFinal-Recipient: X400; C=DE;A= ;P=CLIENT;S=ANN",
     "ann@client.example"),
    ("no address in the original",
     "Original-Recipient: unknown; ann\nFinal-Recipient: rfc822; ann@client.example",
     "ann@client.example"),
    ("Exchange's capsule",
     "Final-Recipient: rfc822; IMCEASMTP-ann+40client+2Eexample@ours.example",
     "ann@client.example"),
    ("a quoted local part", 'Final-Recipient: rfc822; "ann lee"@client.example', '"ann lee"@client.example'),
    ("an apostrophe", "Final-Recipient: rfc822; pat.o'hara@client.example", "pat.o'hara@client.example"),
    ("a sender rewritten by its forwarder",
     "Final-Recipient: rfc822; SRS0=ab/c=XY=client.example=ann@fwd.example",
     "SRS0=ab/c=XY=client.example=ann@fwd.example"),
    ("a Japanese phone", "Final-Recipient: rfc822; ann....lee.@phone.example", "ann....lee.@phone.example"),
    ("sendmail's own field",
     "Final-Recipient: X-LOCAL; ann\nX-Actual-Recipient: rfc822; ann@client.example",
     "ann@client.example"),
    ("an encoded word", "Final-Recipient: rfc822; =?utf-8?q?ann=40client=2Eexample?=", "ann@client.example"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "address"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES])
def test_whose_mail_failed(mail, fields, address):
    (one,) = recipients_of(mail, framed(f"{WHOLE}{fields}\nAction: failed\nStatus: 5.1.1\n"))

    assert (one.address, one.status, one.action, one.permanent) == (address, "5.1.1", "failed", True)


def test_a_shortened_address_is_none(mail):
    assert recipients_of(mail, framed(f"{WHOLE}Final-Recipient: rfc822; gon...@client.example\nAction: failed\n")) == ()


MIXED = """Final-Recipient: rfc822; gone@client.example
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; slow@client.example
Action: delayed
Status: 4.4.1

Final-Recipient: rfc822; there@client.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; passed-on@client.example
Action: relayed
Status: 2.0.0

Final-Recipient: rfc822; list@client.example
Action: expanded
Status: 2.0.0
"""
DAMAGE = [
    ("none", lambda report: report),
    ("no blank lines between recipients", lambda report: report.replace("\n\nFinal", "\nFinal")),
    ("no blank line at all", lambda report: report.replace("\n\n", "\n")),
    ("blanks in the blank lines", lambda report: report.replace("\n\n", "\n \t\n")),
    ("two blank lines", lambda report: report.replace("\n\n", "\n\n\n")),
    ("lower case", str.lower),
    ("upper case", lambda report: report.replace("Action", "ACTION").replace("Final-Recipient", "FINAL-RECIPIENT")),
    ("a word behind the action", lambda report: report.replace("Action: failed", "Action: failed (permanent)")),
    ("blanks before the colon", lambda report: report.replace("Action:", "Action :")),
]


@pytest.mark.parametrize("damage", [row[1] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_only_who_was_not_reached_is_reported(mail, damage):
    found = recipients_of(mail, framed(damage(WHOLE + MIXED)))

    assert [(one.address, one.action, one.permanent) for one in found] == [
        ("gone@client.example", "failed", True),
        ("slow@client.example", "delayed", False),
    ]


def test_what_one_recipient_is_told_is_not_told_of_another():
    first, second = failures_of(
        groups_in(WHOLE + MIXED.replace("5.1.1\n", "5.1.1\nDiagnostic-Code: smtp; 550 No\n")), ""
    )

    assert (first.reply_code, first.reporting_mta, second.reply_code) == ("550", "relay.example", "")


@pytest.mark.parametrize(
    ("kind", "head", "change"),
    [
        ("message/global-delivery-status", "", lambda report: report),
        ("message/delivery-status; charset=utf-8", "", lambda report: report),
        (
            "message/delivery-status",
            "Content-Transfer-Encoding: base64\n",
            lambda text: base64.b64encode(text.encode()).decode(),
        ),
        (
            "text/plain; name=details.txt",
            "Content-Disposition: attachment; filename=details.txt\n",
            lambda report: report,
        ),
        ("application/octet-stream; name=ATT00001", "Content-Disposition: attachment\n", lambda report: report),
    ],
)
def test_the_report_is_found_whatever_it_comes_as(mail, kind, head, change):
    text = "This is a notice. Delivery failed."

    found = recipients_of(mail, framed(change(WHOLE + MIXED), kind=kind, head=head, text=text))

    assert [one.address for one in found] == ["gone@client.example", "slow@client.example"]


def test_a_report_that_names_nobody_is_read_by_its_words(mail):
    text = "The following recipients did not receive this message:\n\n  <gone@client.example>\n"

    (one,) = recipients_of(mail, framed(WHOLE, text=text))

    assert one.address == "gone@client.example"


def test_and_at_last_by_the_mail_that_came_back(mail):
    more = "--b\nContent-Type: message/rfc822\n\nTo: Ann <gone@client.example>\nMessage-ID: <offer-9@ours.example>\n\nHello\n"
    body = framed(WHOLE, text="Your message could not be delivered.", more=more)

    (one,) = recipients_of(mail, body)
    to_two = recipients_of(mail, body.replace("To: Ann", "Cc: b@client.example\nTo: Ann"))

    assert one.address == "gone@client.example"
    assert to_two == ()


@pytest.mark.parametrize(
    "copy",
    [
        "--b\nContent-Type: message/rfc822\n\n{}",
        "--b\nContent-Type: text/rfc822-headers\n\n{}",
        "--b\nContent-Type: message/partial\n\n{}",
        "--b\nContent-Type: text/plain; name=headers.txt\nContent-Disposition: attachment; filename=headers.txt\n\n{}",
        "--b1\nContent-Type: message/rfc822\n\n{}",
        "--b\nContent-Type: text/plain\n\n> {}",
    ],
    ids=["whole", "headers", "partial", "as a file", "under a wrong boundary", "quoted"],
)
def test_which_mail_it_was(mail, copy):
    more = copy.format("Message-ID: <offer-9@ours.example>\n")

    parsed = parse_message(mail(framed(WHOLE + MIXED, more=more), subject="Undelivered", content_type=REPORT))

    assert parsed.report is not None
    assert parsed.report.original_message_id == "offer-9@ours.example"


FORWARDED = """See below, his address is wrong.

Begin forwarded message:

> From: Mail Delivery Subsystem <MAILER-DAEMON@relay.example>
> Subject: Returned mail: see transcript for details
>
>    ----- The following addresses had permanent fatal errors -----
> <gone@client.example>
>
> Reporting-MTA: dns; relay.example
>
> Final-Recipient: RFC822; gone@client.example
> Action: failed
> Status: 5.1.1
> Return-Path: <sales@ours.example>
"""


def test_a_bounce_that_a_person_forwards_reports_only_with_its_fields(mail):
    subject = "Fwd: Returned mail: see transcript for details"

    whole = parse_message(mail(FORWARDED, subject=subject))
    in_words = parse_message(mail(FORWARDED.partition("> Reporting")[0], subject=subject))
    on_a_list = parse_message(mail(FORWARDED, subject=subject, list_id="<exim-users.exim.example>"))
    in_an_answer = parse_message(mail(FORWARDED, subject=subject.replace("Fwd", "Re")))

    assert whole.report is not None
    assert [(one.address, one.status) for one in whole.report.recipients] == [("gone@client.example", "5.1.1")]
    assert in_words.report is on_a_list.report is in_an_answer.report is None


def test_words_of_the_server_are_joined_however_they_are_folded():
    (group,) = groups_in(
        "Final-Recipient: rfc822; ann@client.example\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The account\n"
        "550-5.1.1 does not exist: see\n"
        "http://client.example/help\n"
        "\tfor more\n"
        "Diagnostic-Code: smtp; 550 5.1.1 bye\n"
    )

    assert group["diagnostic-code"] == (
        "smtp; 550-5.1.1 The account 550-5.1.1 does not exist: see http://client.example/help for more smtp; 550 5.1.1 bye"
    )


def test_japanese_without_a_charset_is_read():
    (group,) = groups_of("Diagnostic-Code: X-Notes; 宛先不明\n".encode("iso-2022-jp"))

    assert group == {"diagnostic-code": "X-Notes; 宛先不明"}


def test_all_that_is_told_is_kept():
    status = f"""{WHOLE}Final-Recipient: rfc822; ann@client.example
Action: failed
Status: 5.0.0 (undefined)
Remote-MTA: dns; mx.client.example (192.0.2.7)
Diagnostic-Code: smtp; 550 5.7.1 No thanks
"""
    explanation = (
        "<ann@client.example>: host mx.client.example[192.0.2.7] said: 550 5.7.1 No (in reply to end of DATA command)"
    )

    (one,) = failures_of(groups_in(status), explanation)

    assert (one.address, one.action, one.status) == ("ann@client.example", "failed", "5.0.0 (undefined)")
    assert (one.reply_code, one.command, one.diagnostic) == ("550", "BODY", "550 5.7.1 No thanks")
    assert (one.remote_mta, one.reporting_mta) == ("mx.client.example", "relay.example")
    assert one.around == explanation


def test_a_temporary_status_without_action_is_a_delay():
    (one,) = failures_of(groups_in("Final-Recipient: rfc822; ann@client.example\nStatus: 4.4.1\n"), "")

    assert one.action == "delayed"
