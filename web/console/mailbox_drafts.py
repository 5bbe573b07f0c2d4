"""What the wizard of a new mailbox knows between its pages.

Its servers are fields of the forms. What a test has proven, the password among it, is sealed: encrypted and signed with
the installation's key, for one person and one hour. So nothing is stored of a mailbox that is not connected in the end,
and any process can answer the next page.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from core.clock import utcnow
from core.crypto import KeyRing
from core.errors import Permanent, UsageError
from mailsync.checking.results import Field as LoginField
from mailsync.checking.results import Problem, SeenFolder
from mailsync.discovery.proposals import Endpoint, Proposal, smtp_url
from mailsync.imap.server import Security
from mailsync.logins import LAST_PORT, NewMailbox, split_place
from storage.models import FolderRole

DRAFT, KEPT = "web.new_mailbox.draft", "web.new_mailbox.passwords"
"""Purposes under which what is sealed is encrypted."""
LASTS = timedelta(hours=1)
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
LOGIN = ("email", "password", "imap_host", "imap_port", "imap_security", "username", "smtp_url", "smtp_password")


class LoginFields(BaseModel):
    """The form of servers and passwords, as it is typed. An empty port is the usual one, an empty user the address."""

    email: str = ""
    password: str = Field(default="", repr=False)
    imap_host: str = ""
    imap_port: str = ""
    imap_security: Security = Security.TLS
    username: str = ""
    smtp_host: str = ""
    smtp_port: str = ""
    smtp_security: Security = Security.TLS
    smtp_password: str = Field(default="", repr=False)
    kept: str = Field(default="", repr=False)
    """Sealed passwords of a try before, whose failure was another's: nobody likes to type an app password twice."""

    def login(self) -> NewMailbox | Problem:
        """What is to be tested; or what is missing."""
        if not self.password:
            return Problem("Enter the password.", LoginField.PASSWORD)
        if not self.imap_host.strip():
            return Problem("Give the IMAP host: your provider tells it.", LoginField.IMAP_HOST)
        imap = _place(self.imap_host.strip(), self.imap_port.strip(), LoginField.IMAP_HOST, LoginField.IMAP_PORT)
        smtp = _place(self.smtp_host.strip(), self.smtp_port.strip(), LoginField.SMTP_HOST, LoginField.SMTP_PORT)
        if isinstance(imap, Problem):
            return imap
        if isinstance(smtp, Problem):
            return smtp
        return NewMailbox(
            self.email.strip(),
            self.password,
            imap_host=imap[0],
            imap_port=imap[1],
            imap_security=self.imap_security,
            username=self.username.strip() or None,
            smtp_url=self._smtp_url(*smtp),
            smtp_password=self.smtp_password or None,
        )

    def _smtp_url(self, host: str, port: int | None) -> str | None:
        if not host:
            return None
        return smtp_url(Endpoint(host, port or SMTP_PORTS[self.smtp_security], self.smtp_security))


def _place(host: str, port: str, host_field: LoginField, port_field: LoginField) -> tuple[str, int | None] | Problem:
    """Where a server is; its port may be typed in its own field or behind the host."""
    if port and not _is_port(port):
        return Problem(f"A port is a number from 1 to {LAST_PORT}.", port_field)
    given = int(port) if port else None
    if not host:
        return "", given
    try:
        name, behind = split_place(host)
    except UsageError as error:
        return Problem(str(error), host_field)
    if None not in (given, behind) and given != behind:
        return Problem("The port behind the host is another than the one in its own field: give one.", host_field)
    return name, given or behind


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= LAST_PORT


def fields_of(email: str, proposal: Proposal | None) -> LoginFields:
    """The form as it is filled in by what was found."""
    if proposal is None or proposal.imap is None:
        return LoginFields(email=email)
    imap, smtp = proposal.imap, proposal.smtp
    return LoginFields(
        email=email,
        imap_host=imap.host,
        imap_port=str(imap.port),
        imap_security=imap.security,
        username="" if proposal.username == email else proposal.username,
        smtp_host=smtp.host if smtp else "",
        smtp_port=str(smtp.port) if smtp else "",
        smtp_security=smtp.security if smtp else Security.TLS,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A login that works, and the folders that were seen there."""

    login: NewMailbox
    folders: tuple[SeenFolder, ...]


def seal(keys: KeyRing, user_id: int, draft: Draft) -> str:
    """The draft as text that only we can read, and only `user_id` can give back."""
    login = {name: getattr(draft.login, name) for name in LOGIN}
    return _seal(keys, DRAFT, user_id, {"login": login, "folders": [asdict(folder) for folder in draft.folders]})


def unseal(keys: KeyRing, user_id: int, sealed: str) -> Draft:
    """The draft again. Raises `UsageError` for one that is too old, somebody else's, or not ours."""
    content = _unseal(keys, DRAFT, user_id, sealed)
    login = {**content["login"], "imap_security": Security(content["login"]["imap_security"])}
    folders = [{**folder, "role": FolderRole(folder["role"])} for folder in content["folders"]]
    return Draft(NewMailbox(**login), tuple(SeenFolder(**folder) for folder in folders))


def with_kept(fields: LoginFields, keys: KeyRing, user_id: int) -> LoginFields:
    """The form with the passwords of the try before, where none is typed. Raises as `unseal`."""
    if not fields.kept or fields.password:
        return fields
    content = _unseal(keys, KEPT, user_id, fields.kept)
    smtp_password = fields.smtp_password or content["smtp_password"]
    return fields.model_copy(update={"password": content["password"], "smtp_password": smtp_password})


def keeping(fields: LoginFields, keys: KeyRing, user_id: int, problem: Problem) -> LoginFields:
    """The form to be mended: its passwords are kept sealed, unless one of them is the problem."""
    passwords = {"password": fields.password, "smtp_password": fields.smtp_password}
    about_them = problem.field in (LoginField.PASSWORD, LoginField.SMTP_PASSWORD)
    kept = "" if about_them or not fields.password else _seal(keys, KEPT, user_id, passwords)
    return fields.model_copy(update={"password": "", "smtp_password": "", "kept": kept})


def _seal(keys: KeyRing, purpose: str, user_id: int, content: dict[str, Any]) -> str:
    until = (utcnow() + LASTS).isoformat()
    return keys.encrypt(purpose, json.dumps({**content, "user": user_id, "until": until}))


def _unseal(keys: KeyRing, purpose: str, user_id: int, sealed: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(keys.decrypt(purpose, sealed))
    except Permanent:
        raise UsageError("This page can not be used any more: begin again with the address.") from None
    if content["user"] != user_id or datetime.fromisoformat(content["until"]) < utcnow():
        raise UsageError("This page is too old to go on from: begin again with the address.")
    return content
