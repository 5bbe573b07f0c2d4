"""What tests of the pool send, and what became of each."""

from collections.abc import AsyncIterator

from delivery.envelope import Envelope
from delivery.outcome import Outcome, Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from delivery.servers import SmtpServer

MESSAGE = b"From: a@example.org\r\nSubject: hello\r\n\r\nFirst line\r\n.dotted\r\nlast\r\n"


def mail(key: int, message: bytes = MESSAGE, recipients: tuple[str, ...] | None = None) -> PreparedMail:
    return PreparedMail(key, Envelope("a@example.org", recipients or (f"to{key}@example.net",)), message)


async def stream(*mails: PreparedMail) -> AsyncIterator[PreparedMail]:
    for each in mails:
        yield each


async def send(server: SmtpServer, *mails: PreparedMail, connections: int = 1) -> dict[int, Result]:
    results: list[Result] = []
    await SendPool(server, connections).run(stream(*mails), results.append)
    assert sorted(result.key for result in results) == sorted(each.key for each in mails)
    return {result.key: result for result in results}


def outcomes(results: dict[int, Result]) -> list[Outcome]:
    return [results[key].outcome for key in sorted(results)]
