"""Thunderbird's files as domains write them, and as somebody writes them who means harm."""

import pytest

from mailsync.discovery.autoconfig import DEEPEST, MOST_BYTES, NotConfig, read_config
from mailsync.discovery.proposals import Endpoint, Source
from mailsync.imap.server import Security
from mailsync.presets import Auth

EMAIL = "Ann@ourhouse.example"
USUAL = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="ourhouse.example">
    <domain>ourhouse.example</domain>
    <displayName>Our House &amp; Sons</displayName>
    <incomingServer type="pop3"><hostname>pop.ourhouse.example</hostname><port>995</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="imap"><hostname>plain.ourhouse.example</hostname><port>143</port><socketType>plain</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="imap"><hostname>mail.ourhouse.example</hostname><port>143</port><socketType>STARTTLS</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="imap"><hostname>mail.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username><authentication>password-encrypted</authentication></incomingServer>
    <outgoingServer type="smtp"><hostname>mail.ourhouse.example</hostname><port>587</port><socketType>STARTTLS</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
    <documentation url="javascript:alert(1)"/><documentation url="https://ourhouse.example/help"/>
  </emailProvider>
  <webMail><loginPageInfo url="https://x"><username>nobody</username></loginPageInfo></webMail>
</clientConfig>"""


def incoming(**values: str) -> bytes:
    """A file with one IMAP server, of which `values` differ."""
    all_values = {
        "hostname": "mail.ourhouse.example",
        "port": "993",
        "socketType": "SSL",
        "authentication": "password-cleartext",
        **values,
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in all_values.items() if value != "-")
    server = f'<incomingServer type="imap">{inside}</incomingServer>'
    return f'<clientConfig><emailProvider id="x">{server}</emailProvider></clientConfig>'.encode()


def test_the_best_encrypted_server_of_each_kind_is_taken() -> None:
    found = read_config(USUAL.encode(), EMAIL, Source.AUTOCONFIG)

    assert found.imap == Endpoint("mail.ourhouse.example", 993, Security.TLS)
    assert found.smtp == Endpoint("mail.ourhouse.example", 587, Security.STARTTLS)
    assert found.smtp_url == "smtp+starttls://mail.ourhouse.example:587"
    assert found.username == "Ann"
    assert found.provider == "Our House & Sons"
    assert found.help == "https://ourhouse.example/help"


@pytest.mark.parametrize(
    ("values", "imap"),
    [
        ({"port": "-"}, Endpoint("mail.ourhouse.example", 993, Security.TLS)),
        ({"port": "-", "socketType": "STARTTLS"}, Endpoint("mail.ourhouse.example", 143, Security.STARTTLS)),
        ({"hostname": " MAIL.ourhouse.example. "}, Endpoint("mail.ourhouse.example", 993, Security.TLS)),
        ({"authentication": "-"}, Endpoint("mail.ourhouse.example", 993, Security.TLS)),
        ({"hostname": "xn--hser-loa.example"}, Endpoint("xn--hser-loa.example", 993, Security.TLS)),
    ],
)
def test_what_is_left_out_is_as_usual(values: dict[str, str], imap: Endpoint) -> None:
    assert read_config(incoming(**values), EMAIL, Source.AUTOCONFIG).imap == imap


def test_signing_in_by_browser_is_known_where_we_can() -> None:
    both = incoming(
        hostname="imap.gmail.com", authentication="OAuth2</authentication><authentication>password-cleartext"
    )
    assert read_config(both, EMAIL, Source.DATABASE).auth == (Auth.GOOGLE, Auth.PASSWORD)


@pytest.mark.parametrize(
    "data",
    [
        incoming(socketType="plain"),
        incoming(socketType="-"),
        incoming(port="0"),
        incoming(port="65536"),
        incoming(port="٩٩٣"),
        incoming(port="9" * 5000),
        b'<?xml version="1.0" encoding="gbk"?>' + incoming(),
        b'<?xml version="1.0" encoding="hex"?>' + incoming(),
        b'<?xml version="1.0" encoding="nobody-knows-it"?>' + incoming(),
        b'<?xml version="1.0" encoding="punycode"?>' + incoming(),
        incoming(hostname="-"),
        incoming(hostname="mail.ourhouse.example/../x"),
        incoming(hostname="user@mail.ourhouse.example"),
        incoming(hostname="mail .example"),
        incoming(hostname="a" * 300 + ".example"),
        incoming(authentication="OAuth2"),
        incoming(authentication="client-IP-address"),
        incoming().replace(b'"imap"', b'"pop3"'),
        incoming()[:-20],
        b"",
        b"<!doctype html><html><body>Not found</body></html>",
        b"\xff\xfe\x00",
        b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1),
        b" " * MOST_BYTES + incoming(),
        b'<!DOCTYPE c [<!ENTITY h "mail.ourhouse.example">]>' + incoming(hostname="&h;"),
        b'<!DOCTYPE c [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>' + incoming(hostname="&b;"),
        b'<!DOCTYPE c SYSTEM "http://169.254.169.254/x">' + incoming(),
    ],
)
def test_what_can_not_be_used_is_nothing(data: bytes) -> None:
    with pytest.raises(NotConfig):
        read_config(data, EMAIL, Source.AUTOCONFIG)
