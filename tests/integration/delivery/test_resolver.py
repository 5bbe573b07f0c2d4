"""The name system as it answers in the wild, played by a small server on loopback."""

from collections.abc import AsyncIterator

import pytest

from core.errors import Transient, UsageError
from delivery.address_check import check_address
from delivery.dns import MailRoute, Resolver, Service
from servers.name_server import NameServer, name_server

ZONE = {
    ("mail.example.", "MX"): ["20 backup.mailhost.example.", "10 ASPMX.mailhost.example."],
    ("null.example.", "MX"): ["0 ."],
    ("implicit.example.", "A"): ["192.0.2.1"],
    ("six.example.", "AAAA"): ["2001:db8::1"],
    ("empty.example.", "TXT"): ['"nothing"'],
    ("shop.de.", "MX"): ["10 mx.mailhost.example."],
    ("nullmx.de.", "MX"): ["0 ."],
    ("_imaps._tcp.mail.example.", "SRV"): [
        "10 5 993 b.mail.example.",
        "10 9 993 A.mail.example.",
        "0 0 9930 c.mail.example.",
    ],
    ("_imap._tcp.mail.example.", "SRV"): ["0 0 0 ."],
    ("_dmarc.mail.example.", "TXT"): ['"v=DMARC1; " "p=none"'],
}


@pytest.fixture
async def zone() -> AsyncIterator[tuple[NameServer, Resolver]]:
    async with name_server(ZONE) as (server, address):
        yield server, Resolver([address], timeout=0.6)


async def test_where_mail_goes(zone):
    _, resolver = zone

    assert await resolver.mail_route("mail.example") == MailRoute(("aspmx.mailhost.example", "backup.mailhost.example"))
    assert await resolver.mail_route("null.example") == MailRoute(null_mx=True)
    assert await resolver.mail_route("implicit.example") == MailRoute(("implicit.example",), implicit=True)
    assert await resolver.mail_route("six.example") == MailRoute(("six.example",), implicit=True)
    assert await resolver.mail_route("empty.example") == MailRoute()
    assert await resolver.mail_route("nobody.example") == MailRoute(exists=False)
    assert await resolver.mail_route("x" * 70 + ".example") == MailRoute(exists=False)


async def test_the_site_is_who_runs_the_exchanger(zone):
    _, resolver = zone

    assert await resolver.mx_site("mail.example") == "mailhost.example"
    assert await resolver.mx_site("implicit.example") == "implicit.example"


async def test_answers_are_kept(zone):
    server, resolver = zone
    for _ in range(5):
        await resolver.mail_route("mail.example")
    assert server.asked == 1


async def test_silence_and_failure_pass_and_say_nothing_about_the_domain(zone):
    _, resolver = zone
    for domain in ("silent.example", "broken.example"):
        with pytest.raises(Transient, match="do not answer"):
            await resolver.mail_route(domain)


async def test_texts_are_put_together(zone):
    _, resolver = zone
    assert await resolver.texts("_dmarc.mail.example") == ("v=DMARC1; p=none",)
    assert await resolver.texts("nothing.example") == ()


async def test_services_come_best_first_and_none_is_none(zone):
    _, resolver = zone
    assert await resolver.services("_imaps._tcp.mail.example") == (
        Service("c.mail.example", 9930),
        Service("a.mail.example", 993),
        Service("b.mail.example", 993),
    )
    assert await resolver.services("_imap._tcp.mail.example") == ()
    assert await resolver.services("_imap._tcp.nobody.example") == ()
    with pytest.raises(Transient, match="do not answer"):
        await resolver.services("broken.example")


@pytest.mark.parametrize("name", ["x" * 70 + ".example", ".".join(["x" * 60] * 5), "a..example", "☃.example"])
async def test_what_is_no_name_has_nothing(zone, name):
    _, resolver = zone
    assert await resolver.mail_route(name) == MailRoute(exists=False)
    assert await resolver.texts(name) == ()
    assert await resolver.services(name) == ()


async def test_a_domain_that_leaves_no_room_for_a_service(zone):
    _, resolver = zone
    assert await resolver.services("_submissions._tcp." + ".".join(["x" * 60] * 4)) == ()


async def test_addresses_are_checked_against_it(zone):
    _, resolver = zone
    found = {domain: await check_address(f"a@{domain}", resolver) for domain in ("shop.de", "nullmx.de", "nobody.de")}

    assert {domain: verdict.valid for domain, verdict in found.items()} == {
        "shop.de": True,
        "nullmx.de": False,
        "nobody.de": False,
    }


@pytest.mark.parametrize("server", ["dns.example.org", "127.0.0.1:x", "[::1", "1.2.3"])
def test_name_servers_are_given_by_address(server):
    with pytest.raises(UsageError, match="MAILSYNC_DNS_SERVERS"):
        Resolver([server])


def test_forms_of_a_name_server():
    for server in ("192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:53"):
        Resolver([server])
