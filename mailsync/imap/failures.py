"""Turns a server's refusal into an error that says what to do: by response code (RFC 5530), else by known wording.

The wordings are those of Gmail, Microsoft, Yahoo, Yandex, Mail.ru, Zoho, GMX, Fastmail, iCloud and others, matched in
lower case. What is not recognised stays general: a wrong guess would send the person the wrong way.
"""

import re

from mailsync.imap.errors import (
    AppPasswordNeeded,
    AuthenticationFailed,
    BrowserLoginNeeded,
    CommandRefused,
    ConnectionLost,
    DailyLimitReached,
    FolderExists,
    ImapDisabled,
    ImapError,
    MailboxFull,
    NoSuchFolder,
    NotPermitted,
    PasswordsRefused,
    SessionExpired,
    Throttled,
    TlsFailure,
    TokenRejected,
    Unavailable,
)
from mailsync.imap.replies import read_code

_BACKOFF = re.compile(r"suggested backoff time: (\d{1,9})\s*(milliseconds|ms|seconds|s)?")
_ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")
_LONGEST_BACKOFF = 24 * 3600.0

_THROTTLED = (
    "throttled", "too many", "rate limit", "bandwidth limit", "command or bandwidth", "maximum number of connections",
    "connection limit", "try again later, too", "temporarily blocked", "exceeded the login", "suggested backoff",
)  # fmt: skip
_DAY_USED_UP = ("bandwidth limit", "command or bandwidth")
_APP_PASSWORD = (
    "application-specific password", "app password", "application password", "app-specific password",
    "authorization code", "parol prilozheniya", "password for external applications",
)  # fmt: skip
_NO_PASSWORDS = ("basic authentication is disabled", "basic auth is disabled", "basicauthblocked")
_BROWSER = ("web browser", "webalert", "login from a browser", "unsafe login", "account is locked")
_DISABLED = (
    "not enabled for imap", "imap is disabled", "imap access is disabled", "imap disabled", "imap is not enabled",
    "yet to enable imap", "imap4 disabled", "imap access is not enabled", "imap service is not", "imap not enabled",
    "disabled for imap", "imap access disabled", "protocol disabled",
)  # fmt: skip
_NO_FOLDER = (
    "doesn't exist", "does not exist", "unknown mailbox", "no such mailbox", "mailbox not found", "folder not found",
    "non-existent", "nonexistent", "not exist", "no mailbox",
)  # fmt: skip
_SESSION_OVER = ("session expired", "session invalidated", "accesstokenexpired", "token expired", "token has expired")
_BUSY = ("authenticated but not connected", "server busy", "temporar", "unavailable", "internal error", "server error")

LOGIN_COMMANDS = frozenset({"LOGIN", "AUTHENTICATE"})
STORING_COMMANDS = frozenset({"APPEND", "COPY", "MOVE", "CREATE"})


def refusal(command: str, text: bytes, *, with_token: bool = False) -> ImapError:
    """The error for a NO or BAD to `command`. `with_token` tells that an OAuth token was tried."""
    code, _ = read_code(text)
    words = text.decode("utf-8", "replace").lower()
    error = _slowed(command, code, words)
    if error is None and command in LOGIN_COMMANDS:
        error = _login_refused(code, words, with_token=with_token)
    return _with_detail(error or _command_refused(command, code, words), text)


def farewell(text: bytes, *, greeting: bool = False) -> ImapError:
    """The error for a BYE, as the greeting or in the middle of a session."""
    code, _ = read_code(text)
    words = text.decode("utf-8", "replace").lower()
    fallback = Unavailable() if greeting else ConnectionLost()
    if not greeting and any(sign in words for sign in _SESSION_OVER):
        fallback = SessionExpired()
    return _with_detail(_slowed("", code, words) or fallback, text)


def is_throttle_hint(text: bytes) -> bool:
    """Whether an OK carries Gmail's remark that it is already slowing us down."""
    return b"[THROTTLED]" in text.upper()


def _slowed(command: str, code: str, words: str) -> ImapError | None:
    hint = _BACKOFF.search(words)
    quota = code == "OVERQUOTA" and command not in STORING_COMMANDS
    if not (hint or quota or code in ("THROTTLED", "LIMIT") or any(sign in words for sign in _THROTTLED)):
        return None
    kind = DailyLimitReached if quota or any(sign in words for sign in _DAY_USED_UP) else Throttled
    return kind(retry_after=_seconds(hint) if hint else None)


def _seconds(hint: re.Match[str]) -> float:
    amount = float(hint[1])
    return min(amount if (hint[2] or "ms").startswith("s") else amount / 1000, _LONGEST_BACKOFF)


def _login_refused(code: str, words: str, *, with_token: bool) -> ImapError:
    if any(sign in words for sign in _NO_PASSWORDS):
        return PasswordsRefused()
    if any(sign in words for sign in _APP_PASSWORD):
        return AppPasswordNeeded()
    if any(sign in words for sign in _DISABLED) and "invalid credentials" not in words:
        return ImapDisabled()
    if code == "WEBALERT" or any(sign in words for sign in _BROWSER):
        return BrowserLoginNeeded()
    if code == "PRIVACYREQUIRED":
        return TlsFailure("the server wants encryption before it takes a password, so choose TLS or STARTTLS")
    if code in ("UNAVAILABLE", "INUSE", "SERVERBUG") or _is_busy(code, words):
        return Unavailable()
    return TokenRejected() if with_token else AuthenticationFailed()


def _is_busy(code: str, words: str) -> bool:
    return code not in ("AUTHENTICATIONFAILED", "EXPIRED") and any(sign in words for sign in _BUSY)


def _command_refused(command: str, code: str, words: str) -> ImapError:
    if "unsafe login" in words:  # NetEase says it when a folder is opened, not when it lets us in.
        return BrowserLoginNeeded()
    if code in ("NONEXISTENT", "TRYCREATE") or (not code and any(sign in words for sign in _NO_FOLDER)):
        return NoSuchFolder()
    if code == "ALREADYEXISTS" or (command == "CREATE" and "exists" in words):
        return FolderExists()
    if code == "OVERQUOTA" or (command in STORING_COMMANDS and "quota" in words):
        return MailboxFull()
    if code in ("NOPERM", "CANNOT", "NOSELECT"):
        return NotPermitted()
    if code in ("UNAVAILABLE", "INUSE", "SERVERBUG", "EXPUNGEISSUED") or _is_busy(code, words):
        return Unavailable()
    return CommandRefused(command)


def _with_detail(error: ImapError, text: bytes) -> ImapError:
    """Keep the server's own words as a note for whoever debugs: addresses masked, one line, clipped."""
    said = _ADDRESS.sub("(address)", text[:300].decode("utf-8", "replace"))
    error.detail = "".join(letter if letter.isprintable() else " " for letter in said)
    return error
