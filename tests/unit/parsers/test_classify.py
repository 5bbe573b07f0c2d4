"""Kinds of mail, told by what senders declare."""

import pytest

from parsers.message import parse_message
from parsers.model import Kind


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, Kind.NORMAL),
        ({"auto_submitted": "auto-replied"}, Kind.AUTO_REPLY),
        ({"auto_submitted": "auto-replied", "subject": "Out of Office: Offer"}, Kind.OUT_OF_OFFICE),
        ({"subject": "Automatische Antwort: Angebot"}, Kind.AUTO_REPLY),
        ({"subject": "Abwesenheitsnotiz: Angebot"}, Kind.OUT_OF_OFFICE),
        ({"subject": "Re: about the automatic reply"}, Kind.NORMAL),
        ({"x_autoreply": "yes"}, Kind.AUTO_REPLY),
        ({"auto_submitted": "auto-generated"}, Kind.NORMAL),
        ({"list_id": "<news.example>", "list_unsubscribe": "<mailto:x@y.example>"}, Kind.LIST),
        ({"list_unsubscribe": "<mailto:x@y.example>"}, Kind.BULK),
        ({"precedence": "bulk"}, Kind.BULK),
        ({"content_type": "text/calendar; method=REQUEST"}, Kind.CALENDAR),
        ({"content_type": "message/disposition-notification"}, Kind.RECEIPT),
    ],
)
def test_kinds(mail, headers, kind):
    assert parse_message(mail("Hello", **headers)).kind is kind
