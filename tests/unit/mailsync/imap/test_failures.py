"""The words of real servers, and what they mean for the person."""

import pytest

from core.errors import Permanent, Transient
from mailsync.imap.errors import (
    AppPasswordNeeded,
    AuthenticationFailed,
    BrowserLoginNeeded,
    CommandRefused,
    ConnectionLost,
    DailyLimitReached,
    FolderExists,
    ImapDisabled,
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
from mailsync.imap.failures import farewell, is_throttle_hint, refusal

LOGIN = [
    (b"[AUTHENTICATIONFAILED] Invalid credentials (Failure)", AuthenticationFailed),
    (b"LOGIN failed.", AuthenticationFailed),
    (b"LOGIN invalid credentials or IMAP is disabled", AuthenticationFailed),
    (b"[ALERT] Application-specific password required: https://support.google.com (Failure)", AppPasswordNeeded),
    (b"[AUTHENTICATIONFAILED] Sorry, you need to create an app password to use this service", AppPasswordNeeded),
    (b"[ALERT] Please log in via your web browser: https://support.google.com (Failure)", BrowserLoginNeeded),
    (b"[WEBALERT https://x] Web login required.", BrowserLoginNeeded),
    (b"[ALERT] Your account is not enabled for IMAP use. Please visit your settings.", ImapDisabled),
    (b"[ALERT] You are yet to enable IMAP for your account.", ImapDisabled),
    (b"[UNAVAILABLE] Temporary authentication failure", Unavailable),
    (b"User is authenticated but not connected.", Unavailable),
    (b"[ALERT] Too many simultaneous connections. (Failure)", Throttled),
    (b"[LIMIT] Maximum number of connections exceeded", Throttled),
    (
        b"[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=cYXlpv732Cg1_010534_2",
        AuthenticationFailed,
    ),
    (b"[AUTHENTICATIONFAILED] LOGIN Invalid credentials", AuthenticationFailed),
    (b"[AUTHENTICATIONFAILED] Authentication Failed", AuthenticationFailed),
    (b"Incorrect username or password.", AuthenticationFailed),
    (b"authentication failed", AuthenticationFailed),
    (b"LOGIN Login error or password error", AuthenticationFailed),
    (b"Login failed: authentication failure", AuthenticationFailed),
    (b"LOGIN Login failed.", AuthenticationFailed),
    (b"AUTHENTICATE failed.", AuthenticationFailed),
    (
        b"Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is"
        b" busy. More information at https://help.mail.qq.com",
        AuthenticationFailed,
    ),
    (
        b"[AUTHENTICATIONFAILED] NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external /"
        b" Aplication password is REQUIRED",
        AppPasswordNeeded,
    ),
    (b"[ALERT] Please log in via your web browser: https://support.google.com/mail (Failure)", BrowserLoginNeeded),
    (
        b"LOGIN failed. Account is blocked. Login to your account via a web browser to verify your identity.",
        BrowserLoginNeeded,
    ),
    (b"Basic authentication is disabled.", PasswordsRefused),
    (b"[LIMIT] LOGIN Rate limit hit.", Throttled),
    (b"[LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", Throttled),
    (b"Too many bad login attempts.", Throttled),
    (b"[UNAVAILABLE] LOGIN Server error - Please try again later", Unavailable),
    (b"[UNAVAILABLE] Temporary authentication failure. [mx:2026-11-22 07:00:00]", Unavailable),
    (b"[PRIVACYREQUIRED] Plaintext authentication disallowed", TlsFailure),
]

COMMANDS = [
    ("SELECT", b"[NONEXISTENT] Unknown Mailbox: foo (Failure)", NoSuchFolder),
    ("SELECT", b"Mailbox doesn't exist: foo", NoSuchFolder),
    ("EXAMINE", b"EXAMINE Unsafe Login. Please contact kefu@188.com for help", BrowserLoginNeeded),
    ("APPEND", b"[TRYCREATE] Mailbox does not exist", NoSuchFolder),
    ("APPEND", b"[OVERQUOTA] Quota exceeded (mailbox for user is full)", MailboxFull),
    ("FETCH", b"[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", DailyLimitReached),
    ("STORE", b"[NOPERM] Permission denied", NotPermitted),
    ("CREATE", b"[ALREADYEXISTS] Mailbox already exists", FolderExists),
    ("FETCH", b"[UNAVAILABLE] UID FETCH Server error while fetching messages", Unavailable),
    ("FETCH", b"Some messages could not be FETCHed (Failure)", CommandRefused),
]


@pytest.mark.parametrize(("text", "kind"), LOGIN)
def test_a_refused_login(text, kind):
    assert type(refusal("LOGIN", text)) is kind


@pytest.mark.parametrize(("command", "text", "kind"), COMMANDS)
def test_a_refused_command(command, text, kind):
    assert type(refusal(command, text)) is kind


def test_a_token_is_not_a_password():
    assert type(refusal("AUTHENTICATE", b"AUTHENTICATE failed.", with_token=True)) is TokenRejected
    assert type(refusal("AUTHENTICATE", b"AUTHENTICATE failed.")) is AuthenticationFailed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"Request is throttled. Suggested Backoff Time: 282578 milliseconds", 282.578),
        (b"Request is throttled. Suggested Backoff Time: 20 seconds", 20.0),
        (b"Request is throttled.", None),
    ],
)
def test_the_providers_hint_becomes_seconds(text, seconds):
    error = refusal("FETCH", text)
    assert isinstance(error, Throttled)
    assert error.retry_after == seconds


def test_a_goodbye():
    assert type(farewell(b"Too many simultaneous connections", greeting=True)) is Throttled
    assert type(farewell(b"Server shutting down", greeting=True)) is Unavailable
    assert type(farewell(b"Idle for too long")) is ConnectionLost
    assert is_throttle_hint(b"Success [THROTTLED]")


@pytest.mark.parametrize(
    "text", [b"Session expired, please login again.", b"Session invalidated - AccessTokenExpired", b"token expired"]
)
def test_a_session_that_ends_with_its_token(text: bytes):
    assert type(farewell(text)) is SessionExpired
    assert issubclass(SessionExpired, ConnectionLost)


def test_no_error_shows_an_address_and_each_is_one_sentence_of_the_tree():
    for command, text, _ in [("LOGIN", text, kind) for text, kind in LOGIN] + COMMANDS:
        error = refusal(command, text + b" anna@example.test\r\n")
        assert isinstance(error, Transient | Permanent)
        assert "@" not in str(error)
        assert "@" not in error.detail
        assert "(address)" in error.detail
        assert "\n" not in error.detail
        assert str(error).count(". ") == 0
        assert str(error).endswith(".")
