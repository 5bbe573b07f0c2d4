"""What may be typed as the address of a mail server, and the sentences for what may not."""

import ipaddress

import pytest

from core.errors import UsageError
from delivery.hosts import is_public, refuse_private
from delivery.servers import Security, SmtpServer, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp+starttls://u@mail.example.org", Security.STARTTLS, 587),
        ("smtps://u@mail.example.org", Security.TLS, 465),
        ("smtps://u@mail.example.org:2465/", Security.TLS, 2465),
        ("SMTP+STARTTLS://u@MAIL.example.org:25", Security.STARTTLS, 25),
    ],
)
def test_addresses_with_password(url, security, port):
    server = parse_smtp_url(url, "secret", allow_private=False)

    assert (server.host, server.port, server.security, server.username) == ("mail.example.org", port, security, "u")
    assert "secret" not in repr(server)


def test_a_user_name_may_be_an_address():
    assert (
        parse_smtp_url("smtps://a%40example.org@mail.example.org", "x", allow_private=False).username == "a@example.org"
    )


@pytest.mark.parametrize(
    ("url", "password", "sentence"),
    [
        ("mail.example.org", None, "begins with"),
        ("http://mail.example.org", None, "begins with"),
        ("smtp://", None, "not the address"),
        ("smtp://host:99999", None, "not the address"),
        ("smtp://host/path", None, "not the address"),
        ("smtps://u:p@host", None, "Leave the password out"),
        ("smtps://host", "p", "no user name"),
        ("smtp://u@mail.example.org", "p", "encrypted connection"),
    ],
)
def test_what_is_refused_and_why(url, password, sentence):
    with pytest.raises(UsageError, match=sentence):
        parse_smtp_url(url, password, allow_private=False)


def test_a_password_in_the_clear_only_to_this_machine():
    assert parse_smtp_url("smtp://u@127.0.0.1:2525", "p", allow_private=True).password == "p"
    with pytest.raises(UsageError):
        SmtpServer("192.0.2.1", 25, Security.NONE, username="u", access_token="t")


@pytest.mark.parametrize(
    "private",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_disguise(private):
    assert not is_public(ipaddress.ip_address(private))
    with pytest.raises(UsageError):
        refuse_private([ipaddress.ip_address("8.8.8.8"), ipaddress.ip_address(private)])


@pytest.mark.parametrize("public", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_pass(public):
    assert is_public(ipaddress.ip_address(public))
