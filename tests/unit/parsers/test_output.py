"""The JSON of `mailsync parse` is a promise: its names and shapes."""

import json

from parsers.message import parse_message
from parsers.output import as_json


def test_the_object_of_a_message(message_file):
    given = as_json("a.eml", parse_message(message_file("invoice_with_picture")))

    assert list(given) == [
        "path", "message_id", "in_reply_to", "references", "date", "from", "sender", "reply_to", "to", "cc", "bcc",
        "subject", "text", "html", "reply", "forwarded", "attachments", "kind", "returns_on", "report", "contact", "cards",
        "invitation", "protection", "defects",
    ]  # fmt: skip
    assert given["from"] == [{"name": "Jürgen Müller", "address": "juergen@kunde.example"}]
    assert given["date"] == "2026-03-02T10:00:00+00:00"
    assert list(given["reply"]) == ["text", "quoted", "signature"]
    assert list(given["attachments"][0]) == ["filename", "content_type", "size", "sha256", "content_id", "inline"]
    assert (given["forwarded"], given["report"]) == (None, None)
    json.dumps(given)


def test_reports_and_forwards_are_objects(message_file, mail):
    report = as_json("b.eml", parse_message(message_file("bounce_two_recipients")))["report"]
    body = "---------- Forwarded message ---------\nFrom: Ann <ann@a.example>\nSubject: Hi\nTo: b@b.example\n\nText"
    forwarded = as_json("c.eml", parse_message(mail(body, subject="Fwd: Hi")))["forwarded"]

    assert report["type"] == "bounce"
    assert list(report["recipients"][0]) == ["address", "status", "action", "reason", "permanent", "diagnostic"]
    assert forwarded["from"] == {"name": "Ann", "address": "ann@a.example"}
    assert (forwarded["subject"], forwarded["text"]) == ("Hi", "Text")
