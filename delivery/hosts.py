"""Names to addresses that we may talk to: the guard against being used to look into a private network (SSRF).

A name is resolved once, every address is judged, and the connection goes to exactly these addresses; a name server
that answers differently the second time (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

from core.errors import Transient, UsageError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# NAT64 and 6to4 carry an IPv4 address inside, which then decides.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
RESOLVE_TIMEOUT = 10.0


def is_public(address: IpAddress) -> bool:
    """Whether `address` is on the public internet: not private, loopback, link-local, multicast or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its very spelling; asks nobody."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def refuse_private(addresses: Sequence[IpAddress]) -> None:
    """Raise `UsageError` if one of the addresses is not on the public internet."""
    if not all(is_public(address) for address in addresses):
        raise UsageError(
            "That host is on a private network; set MAILSYNC_ALLOW_PRIVATE_HOSTS=true if it is meant to be."
        )


async def resolve_host(host: str, *, allow_private: bool) -> list[str]:
    """All addresses of `host`, in the system's order of preference, each judged.

    Raises `UsageError` for a name that does not exist or leads to a private network, `Transient` when the name
    servers do not answer.
    """
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Transient("The name servers do not answer; try again in a minute.") from None
        raise UsageError("There is no host of that name; check its spelling.") from None
    except TimeoutError:
        raise Transient("The name servers do not answer; try again in a minute.") from None
    except UnicodeError:
        raise UsageError("That is not a host name; check its spelling.") from None
    names = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    if not allow_private:
        refuse_private([ipaddress.ip_address(name.partition("%")[0]) for name in names])
    return names


async def guard_host(host: str, *, allow_private: bool) -> None:
    """Refuse a host that leads into a private network, before a setting with it is stored. Raises as `resolve_host`."""
    await resolve_host(host, allow_private=allow_private)
