"""One mail to one server, and the test of a server's settings: for single mails, where nothing has to be fast."""

from contextlib import suppress
from dataclasses import dataclass, replace

import aiosmtplib

from delivery.connecting import connect
from delivery.envelope import Envelope, offer_of, opening
from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage, refusal
from delivery.outcome import Opening, Outcome, Result
from delivery.pipelined import QUIT_PATIENCE, ConnectionOver, Pace, PreparedMail, SharedPace, SmtpSession
from delivery.replies import Reply
from delivery.servers import SmtpServer

__all__ = ["Accepted", "Envelope", "ServerReport", "check_server", "send_message"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the mail. `refused` maps recipients it did not take it for to its answer."""

    reply: str
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What a working server said about itself."""

    encrypted: bool
    authenticated: bool
    extensions: tuple[str, ...]
    size_limit: int | None
    """Largest message it takes, in bytes, where it says so."""


async def send_message(server: SmtpServer, envelope: Envelope, message: bytes) -> Accepted:
    """Hand `message` to `server`; at least one recipient was accepted when this returns.

    Raises `SmtpTransient` or `SmtpPermanent`; their `failure` holds stage, code, and whether it is in doubt.
    """
    if not envelope.recipients:
        raise SmtpPermanent("The mail has no recipient.", Failure(Stage.RCPT, enhanced="5.1.3"))
    session = await SmtpSession.open(server, SharedPace(Pace.GROUPED))
    try:
        result = await _transact(session, PreparedMail(0, envelope, message))
    finally:
        await session.close()
    if result.outcome is Outcome.SENT:
        return Accepted(result.text, {address: f"{reply.code} {reply.text}" for address, reply in result.refused})
    raise _error_of(result)


async def check_server(server: SmtpServer, *, sender: str | None = None) -> ServerReport:
    """Connect, encrypt and log in as for sending, then leave. Raises as `send_message`; `failure.stage` says where.

    With `sender` a mail from it to itself is begun, and taken back before there is any text of it.
    """
    client = await connect(server)
    try:
        if sender is not None:
            await _begin(client, sender)
        size = client.esmtp_extensions.get("size", "")
        return ServerReport(
            encrypted=client.get_transport_info("sslcontext") is not None,
            authenticated=server.username is not None and (server.password or server.access_token) is not None,
            extensions=tuple(sorted(client.esmtp_extensions)),
            size_limit=int(size) if size.isascii() and size.isdigit() and int(size) > 0 else None,
        )
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=QUIT_PATIENCE)
        client.close()


async def _begin(client: aiosmtplib.SMTP, sender: str) -> None:
    offer = replace(offer_of([keyword.lower() for keyword in client.esmtp_extensions]), size=False)
    mail, rcpt, _ = opening(Envelope(sender, (sender,)), b"", offer)
    for stage, command in ((Stage.MAIL, mail), (Stage.RCPT, rcpt)):
        try:
            code, text = await client.execute_command(command.rstrip())
        except (aiosmtplib.SMTPException, OSError):
            raise SmtpTransient(
                "The mail server closed the connection before it could take mail.", Failure(stage)
            ) from None
        reply = Reply(code, text)
        if not reply.good:
            raise refusal(stage, reply.code, reply.enhanced, reply.text)
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.rset()


async def _transact(session: SmtpSession, mail: PreparedMail) -> Result:
    try:
        introduced = await session.introduce(mail)
    except ConnectionOver as over:
        raise over.error from None
    if isinstance(introduced, Opening):
        return (await session.deliver(mail, introduced, None)).result
    return introduced


def _error_of(result: Result) -> SmtpTransient | SmtpPermanent:
    failure = Failure(
        result.stage or Stage.DOT, result.code, result.enhanced, result.text, result.outcome is Outcome.IN_DOUBT
    )
    error = SmtpPermanent if result.outcome is Outcome.PERMANENT else SmtpTransient
    return error(result.sentence, failure)
