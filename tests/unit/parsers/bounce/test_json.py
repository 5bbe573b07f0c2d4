"""Amazon SES tells bounces and complaints in JSON, by mails of SNS (Simple Notification Service)."""

import json

import pytest

from parsers.message import parse_message
from parsers.model import Kind


def notification(kind, **told):
    mail = {"messageId": "0101", "commonHeaders": {"messageId": "<offer-9@ours.example>", "to": ["ann@client.example"]}}
    return {"notificationType": kind, "mail": mail, **told}


BOUNCED = notification(
    "Bounce",
    bounce={
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "reportingMTA": "dsn; a1.smtp-out.example",
        "bouncedRecipients": [
            {
                "emailAddress": "gone@client.example",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 unknown",
            },
            {"emailAddress": "Full <full@client.example>", "status": "5.2.2"},
        ],
    },
)
SNS = {
    "from": "AWS Notifications <no-reply@sns.example>",
    "subject": "AWS Notification Message",
    "x_amz_sns_message_id": "1",
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOUNCED),
        json.dumps({"Type": "Notification", "Message": json.dumps(BOUNCED)}, indent=2),
        json.dumps(
            {"Type": "Notification", "Message": json.dumps(BOUNCED).replace('"action"', '!\n "action"')}
        ).replace("\\n", "\n"),
        f"{json.dumps(BOUNCED)}\n\n--\nIf you wish to stop receiving notifications from this topic, please visit:\nhttps://sns.example\n",
        json.dumps(BOUNCED).replace("notificationType", "eventType"),
    ],
    ids=["raw", "in an envelope", "broken by sendmail", "with a footer", "by event publishing"],
)
def test_amazon_tells_bounces_in_json(mail, text):
    parsed = parse_message(mail(text, **SNS))

    assert parsed.kind is Kind.BOUNCE
    assert parsed.report is not None
    assert [(one.address, one.status) for one in parsed.report.recipients] == [
        ("gone@client.example", "5.1.1"),
        ("full@client.example", "5.2.2"),
    ]
    assert parsed.report.original_message_id == "offer-9@ours.example"


def test_amazon_tells_complaints_and_successes_too(mail):
    complaint = notification("Complaint", complaint={"complainedRecipients": [{"emailAddress": "ann@client.example"}]})

    complained = parse_message(mail(json.dumps(complaint), **SNS))
    delivered = parse_message(mail(json.dumps(notification("Delivery", delivery={})), **SNS))

    assert complained.kind is Kind.COMPLAINT
    assert complained.report is not None
    assert [one.address for one in complained.report.recipients] == ["ann@client.example"]
    assert delivered.report is None


@pytest.mark.parametrize(
    "text",
    [
        '{"notificationType": "Bounce"',
        '{"notificationType": ' + "[" * 100_000,
        '{"notificationType": 7, "bounce": []}',
        '{"notificationType": "Bounce", "bounce": {"bouncedRecipients": [3, {"emailAddress": "a\\u0000\\ud800@b.example"}]}}',
        '{"Message": "notificationType"}',
    ],
)
def test_damaged_json_harms_nobody(mail, text):
    parsed = parse_message(mail(text, **SNS))

    for one in parsed.report.recipients if parsed.report else ():
        assert "\x00" not in one.address
        one.address.encode()
