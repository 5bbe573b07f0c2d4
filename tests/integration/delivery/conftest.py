"""A mail server that misbehaves on demand, for what no honest server does when asked."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from delivery.servers import Security, SmtpServer

DROP = "<drop>"
"""Close the connection instead of answering."""
SILENCE = "<silence>"
"""Never answer, and stop reading."""
SWALLOW = "<swallow>"
"""No answer, but go on."""
EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 1000000", "STARTTLS")
USUAL = {
    "GREETING": "220 scripted ESMTP",
    "MAIL": "250 2.1.0 OK",
    "RCPT": "250 2.1.5 OK",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 kept",
    "RSET": "250 2.0.0 forgotten",
    "QUIT": "221 bye",
    "STARTTLS": "220 ready",
}


@dataclass
class ScriptedSmtp:
    """`say(step, answer, times)` replaces the usual answer of a step: GREETING, EHLO, MAIL, RCPT, DATA, BODY, DOT, …"""

    port: int = 0
    extensions: tuple[str, ...] = EXTENSIONS[:4]
    forget_input_after: tuple[str, ...] = ()
    """Steps after which everything already received is thrown away, as servers do that can not pipeline."""
    generous: bool = False
    """Ask for the message though there is nobody to send it to (RFC 2920 §3.1 allows it)."""
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    _script: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, str] = field(default_factory=dict)

    def say(self, step: str, answer: str, *, times: int | None = None) -> None:
        if times is None:
            self._always[step] = answer
        else:
            self._script[step].extend([answer] * times)

    def server(self, **changes: Any) -> SmtpServer:
        defaults: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": Security.NONE,
            "timeout": 2.0,
            "allow_private": True,
        }
        return SmtpServer(**(defaults | changes))

    def answer(self, step: str) -> str | None:
        if self._script[step]:
            return self._script[step].popleft()
        if step in self._always:
            return self._always[step]
        if step == "EHLO":
            return "\r\n".join(["250-scripted", *(f"250-{word}" for word in self.extensions), "250 HELP"])
        return USUAL.get(step)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if await self._reply(writer, "GREETING"):
                await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, recipients = None, []
        while line := (await reader.readline()).decode():
            self.commands.append(line.strip())
            step = line[:8].strip().split(" ")[0].split(":")[0].upper()
            answer = self.answer(step)
            if step == "MAIL" and sender is not None:
                answer = "503 5.5.1 nested MAIL"
            if (step == "RCPT" and sender is None) or (step == "DATA" and not recipients and not self.generous):
                answer = "503 5.5.1 bad sequence of commands"
            if not await self._send(writer, answer or "500 5.5.2 what?"):
                return
            self._forget(reader, step)
            good = (answer or "5").startswith(("2", "3"))
            if step == "MAIL" and good:
                sender = line
            elif step == "RCPT" and good:
                recipients.append(line.strip())
            elif step in ("RSET", "EHLO"):
                sender, recipients = None, []
            elif step == "DATA" and good:
                if not await self._body(reader, writer, sender or "", recipients):
                    return
                sender, recipients = None, []
            elif step == "QUIT":
                return

    async def _body(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sender: str, recipients: list[str]
    ) -> bool:
        lines: list[bytes] = []
        early = self.answer("BODY")
        if early is not None:
            await reader.readline()
            return await self._send(writer, early)
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line)
        answer = self.answer("DOT") or ""
        if answer.startswith("2") and recipients:
            self.mails.append((sender.strip(), recipients, b"".join(lines)))
        self._forget(reader, "DOT")
        return await self._send(writer, answer if recipients else "554 5.5.1 no valid recipients")

    def _forget(self, reader: asyncio.StreamReader, step: str) -> None:
        if step in self.forget_input_after:
            reader._buffer.clear()  # type: ignore[attr-defined]  # Nothing public forgets what came in.

    async def _reply(self, writer: asyncio.StreamWriter, step: str) -> bool:
        return await self._send(writer, self.answer(step) or "500")

    async def _send(self, writer: asyncio.StreamWriter, answer: str) -> bool:
        if answer == DROP:
            return False
        if answer == SILENCE:
            await asyncio.Event().wait()
        if answer != SWALLOW:
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
        return True


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedSmtp]:
    """A server of the test's own; behaves until told not to."""
    smtp = ScriptedSmtp()
    server = await asyncio.start_server(smtp.serve, "127.0.0.1", 0, limit=1 << 22)
    smtp.port = server.sockets[0].getsockname()[1]
    yield smtp
    server.close()
    tasks = [task for task in asyncio.all_tasks() if "serve" in repr(task.get_coro())]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
