"""Servers found from an address alone: a name server, web servers and Dovecot on loopback, each saying its part."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from core.config import load_settings
from core.errors import UsageError
from delivery.dns import Resolver
from delivery.http import WebClient
from mailsync.discovery import finding
from mailsync.discovery.finding import Finder, Found, find_servers
from mailsync.discovery.guessing import Guesser
from mailsync.discovery.proposals import Endpoint, Source
from mailsync.imap.server import Security
from mailsync.presets import Auth
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher
from servers.name_server import name_server
from servers.tls import LoopbackTls

ZONE = {
    ("own.example.", "MX"): ["10 mx.own.example."],
    ("srv.example.", "MX"): ["10 mx.srv.example."],
    ("_imaps._tcp.srv.example.", "SRV"): ["0 1 993 imap.srv.example."],
    ("_imap._tcp.srv.example.", "SRV"): ["0 1 143 imap.srv.example."],
    ("_submissions._tcp.srv.example.", "SRV"): ["0 0 0 ."],
    ("_submission._tcp.srv.example.", "SRV"): ["0 1 587 smtp.srv.example."],
    ("_imaps._tcp.lured.example.", "SRV"): ["0 1 993 imap.thief.example."],
    ("lured.example.", "MX"): ["10 mx.thief.example."],
    ("company.example.", "MX"): ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."],
    ("guessed.example.", "MX"): ["10 mx.guessed.example."],
    ("nowhere.example.", "MX"): ["10 mx.nowhere.example."],
    ("null.example.", "MX"): ["0 ."],
}
CONFIG = """<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="own.example">
<displayName>Own House</displayName><incomingServer type="imap"><hostname>{host}</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
</incomingServer></emailProvider></clientConfig>"""


@dataclass
class Site:
    """A web server that answers by path; `asked` is what it was asked for."""

    port: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        self.asked.append(path)
        page = self.pages.get(path.partition("?")[0])
        if page == "silence":
            return
        if page is not None and page.startswith("http"):
            head = f"HTTP/1.1 302 Found\r\nLocation: {page}\r\nContent-Length: 0\r\n\r\n"
        else:
            status = "404 Not Found" if page is None else "200 OK"
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(page or '')}\r\nConnection: close\r\n\r\n{page or ''}"
        writer.write(head.encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site(context: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    one = Site()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0, ssl=context)
    one.port = server.sockets[0].getsockname()[1]
    yield one
    server.close()


@dataclass
class World:
    """What there is to be found, and a finder that asks it."""

    secure: Site
    plain: Site
    finder: Finder

    async def find(self, email: str) -> Found:
        return await self.finder.find(email)


@pytest.fixture
def tls(tmp_path: Path) -> LoopbackTls:
    return LoopbackTls(tmp_path)


@pytest.fixture
async def world(tls: LoopbackTls) -> AsyncIterator[World]:
    async with site(tls.server_context) as secure, site() as plain, name_server(ZONE) as (_, address):
        web = WebClient(allow_private=True, timeout=5, trust=tls.client_context)
        files = (
            f"https://localhost:{secure.port}/{{domain}}.xml?emailaddress={{address}}",
            f"http://localhost:{plain.port}/{{domain}}.xml",
        )
        guesser = Guesser(allow_private=True, imap=(), smtp=())
        database = f"https://localhost:{secure.port}/database/"
        yield World(secure, plain, Finder(Resolver([address], timeout=2), web, guesser, database, files))
        await web.close()


async def test_a_known_provider_needs_nobody(world: World) -> None:
    found = (await world.find(" Ann@GMail.com ")).proposal
    assert found is not None
    assert (found.source, found.imap, found.username) == (
        Source.PRESET,
        Endpoint("imap.gmail.com", 993, Security.TLS),
        "Ann@GMail.com",
    )
    assert found.auth == (Auth.GOOGLE, Auth.APP_PASSWORD)
    assert not world.secure.asked


async def test_the_domains_own_file_comes_first(world: World) -> None:
    world.secure.pages = {
        "/srv.example.xml": CONFIG.format(host="mail.srv.example"),
        "/database/srv.example": CONFIG.format(host="mail.database.example"),
    }
    found = (await world.find("ann@srv.example")).proposal
    assert found is not None
    assert (found.source, found.imap, found.cautions) == (
        Source.AUTOCONFIG,
        Endpoint("mail.srv.example", 993, Security.TLS),
        (),
    )
    assert "/srv.example.xml?emailaddress=ann%40srv.example" in world.secure.asked
    assert world.plain.asked == ["/srv.example.xml"], "the address does not travel where anybody can read it"


async def test_a_file_that_came_in_plain_text_is_told_as_such(world: World) -> None:
    world.plain.pages = {"/own.example.xml": CONFIG.format(host="imap.thief.example")}
    found = (await world.find("ann@own.example")).proposal
    assert found is not None
    assert found.imap == Endpoint("imap.thief.example", 993, Security.TLS)
    assert (found.provider, found.help) == ("imap.thief.example", ""), (
        "a stranger chooses no name and no link to follow"
    )
    first, second = found.cautions
    assert "without encryption" in first
    assert "imap.thief.example belongs to another domain" in second


async def test_a_redirect_to_plain_text_is_no_better(world: World) -> None:
    world.secure.pages = {"/own.example.xml": f"http://localhost:{world.plain.port}/elsewhere.xml"}
    world.plain.pages = {"/elsewhere.xml": CONFIG.format(host="imap.own.example")}
    found = (await world.find("ann@own.example")).proposal
    assert found is not None
    assert "without encryption" in found.cautions[0]


async def test_the_database_is_asked_for_the_domain_alone_and_can_be_left_out(world: World) -> None:
    world.secure.pages = {"/database/own.example": CONFIG.format(host="imap.own.example")}
    found = (await world.find("ann@own.example")).proposal
    assert found is not None
    assert found.source is Source.DATABASE
    assert "/database/own.example" in world.secure.asked

    world.secure.asked.clear()
    world.finder = replace(world.finder, database=None)
    assert (await world.find("ann@own.example")).proposal is None
    assert not [path for path in world.secure.asked if "database" in path]


async def test_srv_records(world: World) -> None:
    found = (await world.find("ann@srv.example")).proposal
    assert found is not None
    assert (found.source, found.imap, found.smtp, found.cautions) == (
        Source.SRV,
        Endpoint("imap.srv.example", 993, Security.TLS),
        Endpoint("smtp.srv.example", 587, Security.STARTTLS),
        (),
    )


async def test_srv_records_that_lead_elsewhere_are_told(world: World) -> None:
    found = (await world.find("ann@lured.example")).proposal
    assert found is not None
    assert "imap.thief.example belongs to another domain" in found.cautions[0]


async def test_a_companys_own_domain_at_a_known_provider(world: World) -> None:
    found = (await world.find("ann@company.example")).proposal
    assert found is not None
    assert (found.source, found.provider, found.username) == (Source.MX, "Google Workspace", "ann@company.example")
    assert found.imap == Endpoint("imap.gmail.com", 993, Security.TLS)
    assert found.note


async def test_a_file_that_names_a_known_providers_servers_brings_what_is_known_of_it(world: World) -> None:
    world.secure.pages = {"/own.example.xml": CONFIG.format(host="imap.gmail.com")}
    found = (await world.find("ann@own.example")).proposal
    assert found is not None
    assert (found.source, found.auth) == (Source.AUTOCONFIG, (Auth.GOOGLE, Auth.APP_PASSWORD))
    assert "app password" in found.note


async def test_usual_names_are_tried_by_connecting(world: World, dovecot: Dovecot, unused_tcp_port: int) -> None:
    """Given a port where nobody listens, one that speaks no TLS, and Dovecot, Dovecot is found; then with STARTTLS only."""
    closed = Endpoint("localhost", unused_tcp_port, Security.TLS)
    plain = Endpoint("localhost", dovecot.port, Security.TLS)
    right = Endpoint("localhost", dovecot.tls_port, Security.TLS)
    starttls = Endpoint("localhost", dovecot.port, Security.STARTTLS)

    def guessing(*imap: Endpoint, trust: ssl.SSLContext) -> Finder:
        return replace(world.finder, guesser=Guesser(allow_private=True, trust=trust, imap=imap, smtp=()))

    for guesses, best in (((closed, plain, right, starttls), right), ((closed, plain, starttls), starttls)):
        found = (await guessing(*guesses, trust=dovecot.ssl_context).find("ann@guessed.example")).proposal
        assert found is not None
        assert (found.source, found.imap, found.smtp) == (Source.GUESS, best, None)

    distrustful = guessing(closed, plain, right, starttls, trust=ssl.create_default_context())
    assert (await distrustful.find("ann@guessed.example")).proposal is None, "its certificate is trusted by nobody"


async def test_an_outgoing_server_is_guessed_too(
    world: World, dovecot: Dovecot, smtp_catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp = Endpoint(smtp_catcher.host, smtp_catcher.port, Security.NONE)
    imap = Endpoint("localhost", dovecot.tls_port, Security.TLS)
    guesser = Guesser(allow_private=True, trust=dovecot.ssl_context, imap=(imap,), smtp=(smtp,))
    found = (await replace(world.finder, guesser=guesser).find("ann@guessed.example")).proposal
    assert found is not None
    assert found.smtp == smtp


async def test_who_does_not_answer_holds_nobody_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PATIENCE_SECONDS", 0.2)
    world.secure.pages = {"/srv.example.xml": "silence", "/database/srv.example": "silence"}
    began = asyncio.get_running_loop().time()
    found = (await world.find("ann@srv.example")).proposal
    assert found is not None
    assert found.source is Source.SRV
    assert asyncio.get_running_loop().time() - began < 3


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("ann@nobody.example", "There is no domain of that name"),
        ("ann@null.example", "takes no mail"),
        ("ann@nowhere.example", "are not known"),
        ("ann@silent.example", "name servers do not answer"),
    ],
)
async def test_nothing_is_found_for_a_reason(world: World, email: str, says: str) -> None:
    found = await world.find(email)
    assert found.proposal is None
    assert says in found.reason


@pytest.mark.parametrize("email", ["ann", "@x.example", "ann@", "ann@localhost", ""])
async def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    with pytest.raises(UsageError, match="not an e-mail address"):
        await world.find(email)


async def test_nobody_is_sent_into_a_private_network(world: World, dovecot: Dovecot) -> None:
    """A domain whose file and servers are on loopback: a guarded finder asks nobody there."""
    world.secure.pages = {"/own.example.xml": CONFIG.format(host="imap.own.example")}
    guarded = WebClient(allow_private=False, timeout=2)
    imap = Endpoint("localhost", dovecot.tls_port, Security.TLS)
    guesser = Guesser(allow_private=False, trust=dovecot.ssl_context, imap=(imap,), smtp=(imap,))
    finder = replace(world.finder, web=guarded, guesser=guesser)
    try:
        assert (await finder.find("ann@own.example")).proposal is None
    finally:
        await guarded.close()
    assert not world.secure.asked


async def test_by_the_settings(tmp_path: Path) -> None:
    """The name server of the settings is asked, and the database is left out where it is off."""
    async with name_server(ZONE) as (_, address):
        settings = load_settings(data_dir=tmp_path, dns_servers=(address,), autoconfig_database="off")
        assert settings.autoconfig_database is None
        found = (await find_servers("ann@company.example", settings)).proposal
    assert found is not None
    assert found.source is Source.MX
