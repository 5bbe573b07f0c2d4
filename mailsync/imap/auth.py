"""Logging in, so that a wrong password, a stale token and a switched-off IMAP are told apart, and what follows a login.

Stock aioimaplib never answers the challenge by which a server explains why it refuses a token, so a bad token looks
like a timeout; and it keeps the capabilities of before the login, where Gmail hides CONDSTORE.
"""

import base64

from mailsync.imap.errors import CommandRefused, NoSuchMechanism, ProtocolError, TlsFailure, Unsendable
from mailsync.imap.quoting import quote
from mailsync.imap.replies import Reply, read_code
from mailsync.imap.server import Credentials, OAuthToken, Password
from mailsync.imap.session import Session

_NOTHING = b"\r\n"
_ABORT_OAUTHBEARER = b"AQ==\r\n"  # RFC 7628 §3.2.3: a lone 0x01 ends the exchange.


async def log_in(session: Session, credentials: Credentials, greeting: bytes, *, already: bool) -> None:
    """Authenticate unless the server did it `already` (PREAUTH), learn what it offers, turn CONDSTORE or QRESYNC on."""
    await _learn(session, read_code(greeting))
    if not already:
        if isinstance(credentials, OAuthToken):
            reply = await _with_token(session, credentials)
        else:
            reply = await _with_password(session, credentials)
        await _relearn(session, reply)
    if session.has("ENABLE"):
        await _enable(session)


async def _learn(session: Session, code: tuple[str, str]) -> None:
    name, words = code
    if name == "CAPABILITY":
        session.capabilities = read_capabilities(words)
    else:
        await ask_capabilities(session)


async def _relearn(session: Session, reply: Reply) -> None:
    """After a login the list is another one: in the OK, before it, or to be asked for."""
    if any(reply.of(b"CAPABILITY")):
        session.capabilities = _announced(reply)
        return
    words = reply.code("CAPABILITY")
    await _learn(session, ("CAPABILITY", words) if words else ("", ""))


async def ask_capabilities(session: Session) -> None:
    """Ask for the list, and keep it."""
    session.capabilities = await session.ask(_announced, "CAPABILITY")


def _announced(reply: Reply) -> frozenset[str]:
    answer = next(reply.of(b"CAPABILITY"), None)
    if answer is None:
        raise ProtocolError("CAPABILITY without an answer")
    return read_capabilities(answer.parts[0].decode("ascii", "replace"))


def read_capabilities(words: str) -> frozenset[str]:
    """The list as a set, upper case. Raises `ProtocolError` when the server does not call itself IMAP4."""
    found = frozenset(words.upper().split())
    if not found & {"IMAP4REV1", "IMAP4REV2", "IMAP4"}:
        raise ProtocolError("the server does not call itself IMAP4")
    return found


async def _enable(session: Session) -> None:
    """QRESYNC includes CONDSTORE, and makes the server name deleted messages by UID (RFC 7162 §3.2.3)."""
    wanted = next((name for name in ("QRESYNC", "CONDSTORE") if session.has(name)), None)
    if wanted is None:
        return
    try:
        reply = await session.run("ENABLE", wanted)
    except CommandRefused:  # A plain NO: announced, and not meant. What needs it is done without.
        return
    words = [answer.parts[0].decode("ascii", "replace").upper().split() for answer in reply.of(b"ENABLED")]
    session.enabled = frozenset(word for line in words for word in line)


async def _with_password(session: Session, credentials: Password) -> Reply:
    username, password = credentials.username, credentials.password
    for text in (username, password):
        quote(text)  # Raises for what no form of login can carry.
    plain = session.has("AUTH=PLAIN")
    if session.has("LOGINDISABLED") and not plain:
        raise TlsFailure("the server wants encryption before it takes a password, so choose TLS or STARTTLS")
    if username.isascii() and password.isascii() and not session.has("LOGINDISABLED"):
        return await session.run("LOGIN", quote(username), quote(password))
    if plain:
        return await _authenticate(session, "PLAIN", f"\0{username}\0{password}".encode(), _NOTHING)
    return await _login_by_literals(session, username.encode(), password.encode())


async def _login_by_literals(session: Session, username: bytes, password: bytes) -> Reply:
    """LOGIN for letters beyond ASCII, which a quoted string may not hold."""
    answers = (b"%b {%d}\r\n" % (username, len(password)), password + b"\r\n")
    return await session.run("LOGIN", f"{{{len(username)}}}", answers=answers)


async def _with_token(session: Session, credentials: OAuthToken) -> Reply:
    username, token = credentials.username, credentials.access_token
    if "\1" in username or "\1" in token or not token.isascii():
        raise Unsendable
    if session.has("AUTH=XOAUTH2"):
        said = f"user={username}\1auth=Bearer {token}\1\1".encode()
        return await _authenticate(session, "XOAUTH2", said, _NOTHING, with_token=True)
    if session.has("AUTH=OAUTHBEARER"):
        name = username.replace("=", "=3D").replace(",", "=2C")
        said = f"n,a={name},\1auth=Bearer {token}\1\1".encode()
        return await _authenticate(session, "OAUTHBEARER", said, _ABORT_OAUTHBEARER, with_token=True)
    raise NoSuchMechanism


async def _authenticate(
    session: Session, mechanism: str, said: bytes, last_answer: bytes, *, with_token: bool = False
) -> Reply:
    """One SASL exchange; a server that explains its refusal first gets `last_answer`, and then says NO."""
    encoded = base64.b64encode(said).decode("ascii")
    if session.has("SASL-IR"):
        return await session.run("AUTHENTICATE", mechanism, encoded, last_answer=last_answer, with_token=with_token)
    answers = (encoded.encode() + b"\r\n",)
    return await session.run("AUTHENTICATE", mechanism, answers=answers, last_answer=last_answer, with_token=with_token)
