"""From a server's description to a greeted, encrypted, authenticated connection (by aiosmtplib), failures told apart.

The socket is ours: opened to an address that `hosts` has judged, so that the name can not change its meaning between
the check and the connection.
"""

import asyncio
import socket
import ssl
from functools import lru_cache

import aiosmtplib

from core.errors import Transient, UsageError
from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage, refusal
from delivery.hosts import resolve_host
from delivery.replies import Reply
from delivery.servers import Security, SmtpServer

CONNECT_TIMEOUT = 15.0


@lru_cache(maxsize=1)
def machine_trust() -> ssl.SSLContext:
    """The TLS settings and authorities of this machine; loading them takes 20 ms, so it is done once."""
    return ssl.create_default_context()


async def connect(server: SmtpServer) -> aiosmtplib.SMTP:
    """A client that has said EHLO (twice with STARTTLS) and has logged in. Raises `SmtpTransient`, `SmtpPermanent`."""
    sock = await _open_socket(server)
    client = aiosmtplib.SMTP(
        sock=sock,
        hostname=server.host,
        local_hostname=server.client_name or _own_literal(sock),
        timeout=server.timeout,
        use_tls=server.security is Security.TLS,
        start_tls=False,
        tls_context=server.ssl_context or machine_trust(),
    )
    try:
        await _greet(client, server)
    except BaseException:
        # Closes the socket too, through its transport; behind the transport's back it would tear down whoever is
        # given the same descriptor next.
        client.close()
        raise
    return client


async def _greet(client: aiosmtplib.SMTP, server: SmtpServer) -> None:
    stage = Stage.TLS if server.security is Security.TLS else Stage.CONNECT
    try:
        await client.connect()
        await _hello(client)
        if server.security is Security.STARTTLS:
            stage = Stage.TLS
            await _start_tls(client)
            await _hello(client)
        stage = Stage.AUTH
        await _log_in(client, server)
    except aiosmtplib.SMTPResponseException as error:
        reply = Reply(error.code, error.message)
        with_token = server.access_token is not None
        where = _stage_of(error, stage)
        raise refusal(where, reply.code, reply.enhanced, reply.text, with_token=with_token) from None
    except ssl.SSLCertVerificationError as error:
        raise _untrusted(error) from None
    except ssl.SSLError:
        raise SmtpPermanent(
            "The mail server does not speak TLS there; check the port and the kind of encryption.", Failure(Stage.TLS)
        ) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _interrupted(error, stage) from None


def _stage_of(error: aiosmtplib.SMTPResponseException, stage: Stage) -> Stage:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Stage.AUTH
    early = (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError)
    return Stage.CONNECT if isinstance(error, early) else stage


def _untrusted(error: ssl.SSLCertVerificationError) -> SmtpPermanent:
    return SmtpPermanent(
        f"The mail server's certificate is not trusted ({error.verify_message.rstrip('.') or 'verification failed'}).",
        Failure(Stage.TLS),
    )


def _interrupted(error: Exception, stage: Stage) -> SmtpTransient | SmtpPermanent:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _untrusted(cause)
    if isinstance(cause, ssl.SSLError):
        return SmtpPermanent(
            "The mail server does not speak TLS there; check the port and the kind of encryption.", Failure(Stage.TLS)
        )
    if isinstance(error, TimeoutError):
        return SmtpTransient("The mail server did not answer in time.", Failure(stage))
    return SmtpTransient("The mail server closed the connection before it could take mail.", Failure(stage))


async def _hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


async def _start_tls(client: aiosmtplib.SMTP) -> None:
    if not client.supports_extension("starttls"):
        raise SmtpPermanent(
            "The mail server offers no STARTTLS, and we never send without it; try smtps:// or another port.",
            Failure(Stage.TLS),
        )
    await client.starttls()


async def _log_in(client: aiosmtplib.SMTP, server: SmtpServer) -> None:
    if server.username is None or (server.password is None and server.access_token is None):
        return
    offered = client.server_auth_methods
    wanted = "xoauth2" in offered if server.access_token is not None else bool(client.supported_auth_methods)
    if not wanted:
        raise SmtpPermanent(
            "The mail server offers no way to log in that we know; its administrator may have to switch SMTP AUTH on.",
            Failure(Stage.AUTH),
        )
    if server.access_token is not None:
        await client.auth_xoauth2(server.username, server.access_token)
    else:
        await client.login(server.username, server.password or "")


async def _open_socket(server: SmtpServer) -> socket.socket:
    try:
        addresses = await resolve_host(server.host, allow_private=server.allow_private)
    except Transient as error:
        raise SmtpTransient(str(error), Failure(Stage.RESOLVE)) from None
    except UsageError as error:
        raise SmtpPermanent(str(error), Failure(Stage.RESOLVE)) from None
    last: SmtpTransient | None = None
    for address in addresses:
        try:
            return await _open_to(address, server)
        except SmtpTransient as error:
            last = error
    raise last or SmtpPermanent("There is no host of that name; check its spelling.", Failure(Stage.RESOLVE))


async def _open_to(address: str, server: SmtpServer) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        async with asyncio.timeout(min(CONNECT_TIMEOUT, server.timeout)):
            await asyncio.get_running_loop().sock_connect(sock, (address, server.port))
    except BaseException as error:
        sock.close()
        if isinstance(error, ConnectionRefusedError):
            message = "Nothing listens at that host and port; check the port."
        elif isinstance(error, TimeoutError):
            message = "The mail server can not be reached: no answer in time; check host, port and firewall."
        elif isinstance(error, OSError):
            message = "The mail server can not be reached from here; check host and network."
        else:
            raise
        raise SmtpTransient(message, Failure(Stage.CONNECT)) from None
    return sock


def _own_literal(sock: socket.socket) -> str:
    """Our address as RFC 5321 §4.1.3 wants it from a client without a public name."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
