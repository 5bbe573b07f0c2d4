"""Bounces and complaints: who, why, for good or for now, and about which of our mails."""

from parsers.bounce.status import status_of
from parsers.message import parse_message
from parsers.model import Kind


def test_a_delivery_report_names_each_failed_recipient(message_file):
    parsed = parse_message(message_file("bounce_two_recipients"))

    assert parsed.kind is Kind.BOUNCE
    assert parsed.report is not None
    gone, full = parsed.report.recipients
    assert (gone.address, gone.status, gone.action, gone.reason) == (
        "gone@client.example",
        "5.1.1",
        "failed",
        "userunknown",
    )
    assert gone.permanent
    assert gone.diagnostic == "550 5.1.1 <gone@client.example>: User unknown"
    assert (full.address, full.status, full.action, full.reason) == (
        "full@client.example",
        "4.2.2",
        "delayed",
        "mailboxfull",
    )
    assert not full.permanent
    assert parsed.report.original_message_id == "campaign-7@ours.example"


def test_a_bounce_in_words_is_read_too(message_file):
    parsed = parse_message(message_file("qmail_bounce"))

    assert parsed.kind is Kind.BOUNCE
    assert parsed.report is not None
    assert [(one.address, one.status, one.reason) for one in parsed.report.recipients] == [
        ("nobody@client.example", "5.1.1", "userunknown")
    ]
    assert parsed.report.original_message_id == "offer-3@ours.example"


def test_a_complaint_names_who_complained(message_file):
    parsed = parse_message(message_file("complaint"))

    assert parsed.kind is Kind.COMPLAINT
    assert parsed.report is not None
    assert parsed.report.type == "abuse"
    assert [one.address for one in parsed.report.recipients] == ["ann@client.example"]
    assert parsed.report.original_message_id == "campaign-8@ours.example"


def test_a_report_of_success_is_a_receipt(message_file):
    raw = message_file("bounce_two_recipients").replace(b"Action: failed", b"Action: relayed")
    raw = raw.replace(b"Action: delayed", b"Action: delivered")

    parsed = parse_message(raw)

    assert (parsed.kind, parsed.report) == (Kind.RECEIPT, None)


def test_people_who_write_about_bounces_do_not_bounce(mail):
    parsed = parse_message(
        mail("My mail to ann@a.example was returned: user unknown. Why?", subject="Undeliverable mail")
    )

    assert (parsed.kind, parsed.report) == (Kind.NORMAL, None)


def test_the_better_status_wins():
    assert status_of("5.0.0 (undefined)", "550 5.1.1 no") == "5.1.1"
    assert status_of("5.2.2", "550 5.1.1 no") == "5.1.1"
    assert status_of("5.2.2", "550 5.0.0 no") == "5.2.2"
    assert status_of("", "version 10.5.1.1 at 192.5.1.1") == ""
