"""What the name system says about a domain's mail: where it goes, and what is published about it.

The *site* of a domain is who runs its mail exchangers (`google.com` for a company on Google Workspace): limits are
kept per site, because it is the site that counts our connections.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.SRV import SRV

from core.addresses import organisational_domain
from core.errors import Transient, UsageError

TIMEOUT = 5.0
CACHED = 20_000
LONGEST_CACHE = 3600.0
FAILURE_CACHE = 60.0
_NO_NAME = (dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.IDNAException)
"""What can not be asked for: it is no name at all, so there is nothing of that name."""


@dataclass(frozen=True, slots=True)
class MailRoute:
    """Where mail for a domain goes. `hosts` are its exchangers, best first; none where it takes no mail."""

    hosts: tuple[str, ...] = ()
    null_mx: bool = False
    """The domain says that it takes no mail (RFC 7505)."""
    exists: bool = True
    implicit: bool = False
    """There is no MX, and the domain's own address is used (RFC 5321 §5.1)."""

    @property
    def takes_mail(self) -> bool:
        """Whether there is anything to deliver to."""
        return bool(self.hosts)


@dataclass(frozen=True, slots=True)
class Service:
    """One SRV record: where a service is."""

    host: str
    port: int


@dataclass(slots=True)
class _Cache:
    """Answers until they expire, the oldest leave first."""

    entries: OrderedDict[str, tuple[float, MailRoute]] = field(default_factory=OrderedDict)

    def get(self, domain: str) -> MailRoute | None:
        expires, route = self.entries.get(domain, (0.0, MailRoute()))
        return route if expires > time.monotonic() else None

    def put(self, domain: str, route: MailRoute, seconds: float) -> None:
        self.entries[domain] = (time.monotonic() + min(seconds, LONGEST_CACHE), route)
        while len(self.entries) > CACHED:
            self.entries.popitem(last=False)


class Resolver:
    """Asks `servers` (`host`, `host:port`, `[v6]:port`; addresses, not names), or those of the machine."""

    def __init__(self, servers: Sequence[str] = (), *, timeout: float = TIMEOUT) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=not servers)
        if servers:
            self._resolver.nameservers = [_name_server(server) for server in servers]
        self._resolver.lifetime = timeout
        self._resolver.timeout = timeout / 2
        self._cache = _Cache()

    async def mail_route(self, domain: str) -> MailRoute:
        """Where mail for `domain` (A-label) goes. Raises `Transient` when no name server gives an answer."""
        known = self._cache.get(domain)
        if known is not None:
            return known
        try:
            route, seconds = await self._ask_route(domain)
        except (dns.resolver.NoNameservers, dns.exception.Timeout):
            raise Transient("The name servers do not answer; try again in a minute.") from None
        self._cache.put(domain, route, seconds)
        return route

    async def mx_site(self, domain: str) -> str:
        """Who runs the mail of `domain`: the organisational domain of its best exchanger, else its own."""
        route = await self.mail_route(domain)
        return organisational_domain(route.hosts[0]) if route.hosts else organisational_domain(domain)

    async def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of `name` (SPF, DKIM keys, DMARC), each put together. Raises `Transient`."""
        try:
            answer = await self._resolver.resolve(name, "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, *_NO_NAME):
            return ()
        except (dns.resolver.NoNameservers, dns.exception.Timeout):
            raise Transient("The name servers do not answer; try again in a minute.") from None
        return tuple(
            b"".join(record.strings).decode("utf-8", "replace") for record in answer if isinstance(record, TXT)
        )

    async def services(self, name: str) -> tuple[Service, ...]:
        """The SRV records of `name` (RFC 2782), best first; none where it says that there is no such service.

        Of those with one priority the heaviest comes first: one mailbox spreads no load. Raises `Transient`.
        """
        try:
            answer = await self._resolver.resolve(name, "SRV")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, *_NO_NAME):
            return ()
        except (dns.resolver.NoNameservers, dns.exception.Timeout):
            raise Transient("The name servers do not answer; try again in a minute.") from None
        records = [record for record in answer if isinstance(record, SRV)]
        records.sort(key=lambda record: (record.priority, -record.weight))
        found = [Service(str(record.target).rstrip(".").lower(), record.port) for record in records]
        return tuple(service for service in found if service.host and service.port)

    async def _ask_route(self, domain: str) -> tuple[MailRoute, float]:
        try:
            answer = await self._resolver.resolve(domain, "MX")
        except dns.resolver.NXDOMAIN:
            return MailRoute(exists=False), FAILURE_CACHE
        except dns.resolver.NoAnswer:
            return await self._ask_addresses(domain)
        except _NO_NAME:
            return MailRoute(exists=False), FAILURE_CACHE
        records = sorted((record.preference, str(record.exchange)) for record in answer if isinstance(record, MX))
        hosts = tuple(host.rstrip(".").lower() for _, host in records if host != ".")
        seconds = float(answer.rrset.ttl) if answer.rrset is not None else FAILURE_CACHE
        return MailRoute(hosts, null_mx=not hosts), seconds

    async def _ask_addresses(self, domain: str) -> tuple[MailRoute, float]:
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            try:
                await self._resolver.resolve(domain, kind)
            except dns.resolver.NXDOMAIN:
                return MailRoute(exists=False), FAILURE_CACHE
            except dns.resolver.NoAnswer:
                continue
            return MailRoute((domain,), implicit=True), FAILURE_CACHE
        return MailRoute(), FAILURE_CACHE


def _name_server(text: str) -> dns.nameserver.Nameserver:
    host, port = text, "53"
    if text.startswith("[") and "]" in text:
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        address, number = ipaddress.ip_address(host), int(port)
    except ValueError:
        raise UsageError("MAILSYNC_DNS_SERVERS holds addresses of name servers, such as 192.0.2.53:53.") from None
    return dns.nameserver.Do53Nameserver(str(address), number)
