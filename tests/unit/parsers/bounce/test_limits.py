"""Reports made to harm: nothing raises, all can be stored, and no address is told that mail could not be sent to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.bounce.addresses import address_in, address_of_field
from parsers.bounce.dialogue import host_told, spoken_in
from parsers.bounce.dsn import failures_of, groups_of
from parsers.bounce.text import explanation_of, failures_in_text
from parsers.message import parse_message

HEAD = (
    b"From: MAILER-DAEMON@relay.example\r\nTo: sales@ours.example\r\nSubject: failure notice\r\nReturn-Path: <>\r\n"
    b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n"
)
PIECES = st.sampled_from(
    [
        b"<", b">", b"<ann@client.example>", b"ann@client.example: no\n", b"gon...@client.example\n", b"@", b"a@", b"...",
        b"\n", b" ", b"\t", b"\x00", b"\xff", b"\xed\xa0\x80", b"550 5.1.1 ", b">>> RCPT TO:", b"<<< 550 ", b"DATA\n", b"host ",
        b"[192.0.2.7]", b" said: ", b"(expanded from: <", b"\n--b\nContent-Type: message/delivery-status\n\n", b"\n--b--\n",
        b"Final-Recipient: rfc822; ", b"Action: failed\n", b"Original-Recipient: utf-8; \\x{D800}\\x{0}@x.example\n",
        b"Diagnostic-Code: smtp; ", b"=?utf-7?b?KzJBQS0=?=", b"IMCEASMTP-a+40b+00+2Ec@x.example", b"To: ", b"Message-ID: <",
        b"The following address(es) failed:\n", b"--- Below this line is a copy", "配信できませんでした".encode(),
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_whatever_a_report_says_its_recipients_can_be_written_to(body):
    report = parse_message(HEAD + body).report

    for one in report.recipients if report else ():
        local, _, domain = one.address.rpartition("@")
        assert local, one.address
        assert domain, one.address
        assert "...@" not in one.address.replace("....", "")
        assert not any(blank in domain for blank in " \t\n<>\x00")
        for text in (one.address, one.status, one.action, one.reason, one.diagnostic):
            assert "\x00" not in text
            text.encode()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("a@.<>[]1;:\\x{}+2BDé\u2026'\"/= \n"), max_size=80))
def test_addresses_and_dialogues_of_any_text(text):
    for found in (address_in(text), address_of_field(text)):
        assert not found or "@" in found.strip("@")
    assert spoken_in(text, text).reply_code in ("", *map(str, range(400, 600)))
    assert len(host_told(text)) < 300


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "@",
        "a.",
        "<a@",
        "<ann@client.example>:\n",
        ">>> RCPT TO\n<<< 550 no\n",
        "host a.b.",
        "550 ",
        "To: \n",
        "\t\n",
    ],
)
def test_long_ones_are_cut(piece):
    explanation = explanation_of(f"failed\n{piece * 100_000}")

    assert len(explanation) <= 40_000
    assert len(failures_in_text(explanation, (), frozenset())) <= 100


def test_recipients_are_counted():
    status = b"".join(
        b"Final-Recipient: rfc822; a%d@client.example\nAction: failed\n\n" % number for number in range(3_000)
    )

    assert len(failures_of(groups_of(status), "")) == 1_000
