"""The commands before a message, and the message on the wire."""

import pytest

from delivery.envelope import Envelope, Offer, dotted, opening
from delivery.errors import SmtpPermanent

ALL = Offer(pipelining=True, eight_bit=True, utf8=True, size=True)


def test_plain_commands_carry_no_options_that_are_not_offered():
    commands = opening(Envelope("a@example.org", ("b@example.net", "c@example.net")), b"A: b\r\n\r\nx\r\n", Offer())

    assert commands == [
        b"MAIL FROM:<a@example.org>\r\n",
        b"RCPT TO:<b@example.net>\r\n",
        b"RCPT TO:<c@example.net>\r\n",
        b"DATA\r\n",
    ]


def test_options_follow_what_the_mail_needs():
    eight = "A: b\r\n\r\nü\r\n".encode()
    in_header = "A: ü\r\n\r\nx\r\n".encode()

    assert opening(Envelope("", ("b@example.net",)), eight, ALL)[0] == b"MAIL FROM:<> SIZE=12 BODY=8BITMIME\r\n"
    assert opening(Envelope("", ("b@example.net",)), in_header, ALL)[0].endswith(b"BODY=8BITMIME SMTPUTF8\r\n")
    assert b"SMTPUTF8" in opening(Envelope("", ("ü@example.net",)), b"\r\n", ALL)[0]
    with pytest.raises(SmtpPermanent, match="international"):
        opening(Envelope("", ("ü@example.net",)), b"\r\n", Offer())


def test_an_international_domain_travels_as_a_label():
    assert opening(Envelope("", ("b@bücher.example",)), b"\r\n", Offer())[1] == b"RCPT TO:<b@xn--bcher-kva.example>\r\n"


@pytest.mark.parametrize(
    "address",
    ["a@b>\r\nRSET", "a b@example.org", "<a@example.org>", "a@", "@b", "a", "a\x00@b", "x" * 250 + "@example.org"],
)
def test_no_way_out_of_the_angle_brackets(address):
    with pytest.raises(SmtpPermanent):
        opening(Envelope("", (address,)), b"\r\n", ALL)


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        # The smuggler's line ends: all of them become CRLF, so that no dot stands alone.
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\n.\r\nMAIL FROM:<x>", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"\n.\r\n", b"\r\n..\r\n.\r\n"),
    ],
)
def test_the_final_dot_stands_alone_only_once(message, wire):
    assert dotted(message) == wire
    assert wire.count(b"\r\n.\r\n") == 1 or wire == b".\r\n"
