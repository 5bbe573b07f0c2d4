"""An SMTP server that keeps every mail and its envelope, and can be told whom to refuse and how.

It speaks through aiosmtpd in a thread of its own, so that a test may drive it from any loop or process.
"""

import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override

from servers.process import START_SECONDS, free_port
from servers.server import Server
from servers.tls import LoopbackTls

SIZE_LIMIT = 100 * 1024 * 1024


@dataclass(frozen=True)
class CaughtMail:
    """One accepted mail: raw bytes as they came over the wire, with CRLF."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    raw: bytes
    at: float

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


class MailCatcher(Server):
    """Listens on `port`; `mails` are those accepted so far.

    `security` is "none", "starttls" (required before MAIL) or "tls". With `login`, a user name and a password must
    be given before MAIL. `refuse` maps an address to the reply its RCPT gets; `answer_data` may refuse at the dot.
    """

    name = "catcher"

    def __init__(
        self,
        *,
        security: Literal["none", "starttls", "tls"] = "none",
        login: tuple[str, str] | None = None,
        answer_data: Callable[[CaughtMail], str] | None = None,
    ) -> None:
        self.port = free_port()
        self.mails: list[CaughtMail] = []
        self.refuse: dict[str, str] = {}
        self.connections = 0
        self.security = security
        self._login = login
        self._answer_data = answer_data
        self._changed = threading.Condition()

    @override
    def _open(self, undo: ExitStack) -> None:
        self.tls = LoopbackTls(self.directory)
        controller = Controller(self, self.host, self.port, ready_timeout=START_SECONDS, **self._options())
        controller.start()
        undo.callback(controller.stop)

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """A client's context that trusts this server and nothing else."""
        return self.tls.client_context

    def wait_for(self, count: int, *, seconds: float = 20.0) -> list[CaughtMail]:
        """The mails, as soon as there are `count` of them; raises TimeoutError when they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.mails) >= count, seconds):
                raise TimeoutError(f"{len(self.mails)} of {count} mails came within {seconds} seconds")
            return list(self.mails)

    # --- what aiosmtpd calls

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = CaughtMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content, time.time())
        answer = self._answer_data(mail) if self._answer_data else "250 2.0.0 Kept"
        if answer.startswith("2"):
            with self._changed:
                self.mails.append(mail)
                self._changed.notify_all()
        return answer

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._login, handled=False)

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "data_size_limit": SIZE_LIMIT,
            "enable_SMTPUTF8": True,
            "server_hostname": "localhost",
        }
        if self.security == "tls":
            options["ssl_context"] = self.tls.server_context
        if self.security == "starttls":
            options |= {"tls_context": self.tls.server_context, "require_starttls": True}
        if self._login is not None:
            options |= {"authenticator": self._authenticate, "auth_require_tls": self.security == "starttls"}
        return options
