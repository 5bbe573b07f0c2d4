"""From a host name to a protocol that has heard the greeting, encrypted as demanded, or to an error a person understands.

STARTTLS is ours, because aioimaplib has none: what was buffered in plaintext is dropped at the switch, and nothing is
ever sent unencrypted when encryption was asked for.
"""

import asyncio
import socket
import ssl

from aioimaplib.aioimaplib import AUTH

from mailsync.imap.errors import ConnectionLost, ConnectionRefused, ImapError, NameNotFound, TlsFailure, Unavailable
from mailsync.imap.protocol import Exchange, HardenedProtocol
from mailsync.imap.server import ImapServer, Security, shared_tls_context

_UNKNOWN_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


async def dial(server: ImapServer) -> HardenedProtocol:
    """Connect, encrypt, hear the greeting. Raises the errors of `mailsync.imap.errors`; nothing stays open then."""
    loop = asyncio.get_running_loop()
    protocol = HardenedProtocol(loop, server.reply_limit)
    try:
        async with asyncio.timeout(server.connect_timeout):
            await _connect(protocol, server)
            await protocol.greeting
            if server.security is Security.STARTTLS:
                await _start_tls(protocol, server)
    except TimeoutError:
        protocol.fail(ConnectionLost())
        raise Unavailable(_silence(server)) from None
    except BaseException:
        protocol.fail(ConnectionLost())
        raise
    return protocol


def _silence(server: ImapServer) -> str:
    hint = "check the port and whether it wants TLS" if server.security is not Security.TLS else "check host and port"
    return f"The IMAP server did not answer within {server.connect_timeout:g} seconds: {hint}."


async def _connect(protocol: HardenedProtocol, server: ImapServer) -> None:
    """Try each address in turn; one that leads into nothing may not use up the time of all.

    Not asyncio's own racing of addresses, because uvloop has none.
    """
    addresses = await _resolve(server)
    for last, address in enumerate(addresses, start=1 - len(addresses)):
        try:
            async with asyncio.timeout(None if last == 0 else server.connect_timeout / len(addresses)):
                await _connect_to(protocol, server, address)
        except (TimeoutError, OSError) as error:
            if last == 0 or isinstance(error, ssl.SSLError):
                raise _unreachable(error, server) from None
        else:
            break
    _keep_alive(protocol)


async def _resolve(server: ImapServer) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            server.address or server.host, server.port, type=socket.SOCK_STREAM
        )
    except socket.gaierror as error:
        raise (NameNotFound() if error.errno in _UNKNOWN_NAME else Unavailable()) from None
    except UnicodeError:  # A host name that no DNS can hold.
        raise NameNotFound from None
    if not found:
        raise NameNotFound
    return list(dict.fromkeys(str(place[4][0]) for place in found))


async def _connect_to(protocol: HardenedProtocol, server: ImapServer, address: str) -> None:
    tls = server.security is Security.TLS
    await asyncio.get_running_loop().create_connection(
        lambda: protocol,
        address,
        server.port,
        ssl=_context(server) if tls else None,
        server_hostname=server.host if tls else None,
        ssl_handshake_timeout=server.connect_timeout if tls else None,
    )


def _unreachable(error: OSError, server: ImapServer) -> ImapError:
    if isinstance(error, ssl.SSLError):
        return TlsFailure(tls_reason(error))
    if isinstance(error, ConnectionResetError | ConnectionAbortedError) and server.security is Security.TLS:
        return TlsFailure("the server closed the connection while encryption was being set up")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionRefused()
    if isinstance(error, TimeoutError):
        return Unavailable(_silence(server))
    return Unavailable("The IMAP server can not be reached from here: check the host and the network.")


async def _start_tls(protocol: HardenedProtocol, server: ImapServer) -> None:
    if protocol.state == AUTH:
        raise TlsFailure("the server logged us in before encryption could begin")
    exchange = Exchange("STARTTLS", protocol.new_tag())
    if protocol.failure is not None:
        raise protocol.failure
    await protocol.execute(exchange)
    if exchange.reply.result != "OK":
        raise TlsFailure("the server does not offer STARTTLS, so choose TLS on port 993")
    try:
        transport = await asyncio.get_running_loop().start_tls(
            protocol.transport, protocol, _context(server), server_hostname=server.host
        )
    except ssl.SSLError as error:
        raise TlsFailure(tls_reason(error)) from None
    except OSError:
        raise TlsFailure("the server closed the connection while encryption was being set up") from None
    if transport is None:
        raise ConnectionLost
    protocol.switched_to(transport)


def tls_reason(error: ssl.SSLError) -> str:
    """What a failed handshake means, in words a person can act on."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_REASONS.get(error.verify_code, "its certificate is not trusted")
    if getattr(error, "reason", "") in ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST"):
        return "the port does not speak TLS, so try STARTTLS or another port"
    if getattr(error, "reason", "") in ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"):
        return "it only speaks a version of TLS that is too old"
    return "the encryption could not be agreed on"


_CERTIFICATE_REASONS = {  # X509_V_ERR_* of OpenSSL.
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate comes from an authority that is not trusted",
    20: "its certificate comes from an authority that is not trusted",
    62: "its certificate is for another host name",
    64: "its certificate is for another address",
}


def _context(server: ImapServer) -> ssl.SSLContext:
    return server.ssl_context or shared_tls_context()


def _keep_alive(protocol: HardenedProtocol) -> None:
    """Let the kernel notice peers that vanished without a word, behind a NAT that forgot us."""
    connected = protocol.transport.get_extra_info("socket")
    if connected is None:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, seconds in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), seconds)
