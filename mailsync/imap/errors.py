"""What can go wrong with an IMAP server, each as a class, because the class decides what happens to the mailbox.

`Transient` ones are tried again with backoff, `Permanent` ones wait for a person. The server's own words never become
part of a message: they may name addresses. They are kept, masked, in `detail`.
"""

from core.errors import MailsyncError, Permanent, Transient


class ImapError(MailsyncError):
    """Base of all of them, always beside `Transient` or `Permanent`."""

    detail: str = ""
    """What the server said, one line, addresses masked: for whoever debugs, never for the message."""


class NameNotFound(ImapError, Transient):
    """DNS knows no such host."""

    def __init__(self) -> None:
        super().__init__("There is no server of that name: check the spelling of the IMAP host.")


class ConnectionRefused(ImapError, Transient):
    """The host answers, the port does not."""

    def __init__(self) -> None:
        super().__init__("The server takes no connections on that port: check the IMAP port, usually 993 or 143.")


class Unavailable(ImapError, Transient):
    """The server could not be reached, or says itself that it can not work at the moment."""

    def __init__(
        self, message: str = "The IMAP server is not available at the moment: it will be tried again."
    ) -> None:
        super().__init__(message)


class TlsFailure(ImapError, Transient):
    """No trustworthy encryption came about; `reason` says why. Transient, since certificates get renewed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"No safe connection to the IMAP server is possible: {reason}.")
        self.reason = reason


class ConnectionLost(ImapError, Transient):
    """The connection ended or fell silent. What the last command did is unknown."""

    def __init__(self, message: str = "The connection to the IMAP server was lost: it will be opened again.") -> None:
        super().__init__(message)


class SessionExpired(ConnectionLost):
    """The server ended the session because the access token that opened it has ended: log in with a fresh one."""


class ProtocolError(ImapError, Transient):
    """The server's answer is not IMAP, or is without sense. The connection is discarded at once."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The server's answer can not be understood as IMAP ({reason}): check host, port and security."
        )
        self.reason = reason


class Throttled(ImapError, Transient):
    """The provider asks us to slow down, or has too many of our connections; `retry_after` is its hint in seconds."""

    def __init__(self, *, retry_after: float | None = None) -> None:
        super().__init__(
            "The mail provider limits this mailbox for now: it goes on by itself.", retry_after=retry_after
        )


class DailyLimitReached(Throttled):
    """The provider says that what it lets go over IMAP in a day is used up, by us or by another program."""


class CommandRefused(ImapError, Transient):
    """A NO or BAD to which no better class fits."""

    def __init__(self, command: str) -> None:
        super().__init__(f"The IMAP server refused the command {command}: it will be tried again.")
        self.command = command


class AuthenticationFailed(ImapError, Permanent):
    """User name or password are wrong."""

    def __init__(
        self, message: str = "The mail server does not accept this user name and password: enter them again."
    ) -> None:
        super().__init__(message)


class TokenRejected(AuthenticationFailed):
    """The OAuth access token is not accepted: refresh it once, then ask the person."""

    def __init__(self) -> None:
        super().__init__(
            "The mail server does not take our sign-in to this mailbox: sign in again, and see that IMAP is allowed there."
        )


class AppPasswordNeeded(AuthenticationFailed):
    """The provider wants a password made for one program."""

    def __init__(self) -> None:
        super().__init__("This provider needs an app password: make one in its security settings and enter it here.")


class BrowserLoginNeeded(AuthenticationFailed):
    """The provider blocked the login until the person has been seen in a browser."""

    def __init__(self) -> None:
        super().__init__("The provider blocked the login: sign in to the mailbox in a browser once, then try again.")


class PasswordsRefused(AuthenticationFailed):
    """The provider takes no passwords from programs, right or wrong."""

    def __init__(self) -> None:
        super().__init__(
            "This provider takes no passwords from programs any more: sign in through the browser instead."
        )


class NoSuchMechanism(AuthenticationFailed):
    """The server offers no way to log in with these credentials."""

    def __init__(self) -> None:
        super().__init__("The mail server offers no login of this kind: choose the other one, password or sign-in.")


class ImapDisabled(ImapError, Permanent):
    """The mailbox exists, and IMAP is switched off for it."""

    def __init__(self) -> None:
        super().__init__("IMAP is switched off for this mailbox: enable it in the provider's settings.")


class NoSuchFolder(ImapError, Permanent):
    """The folder does not exist, or this user may not see it."""

    def __init__(self) -> None:
        super().__init__("There is no such folder on the server: load the list of folders again.")


class FolderExists(ImapError, Permanent):
    """A folder of that name is already there."""

    def __init__(self) -> None:
        super().__init__("The folder is already on the server: load the list of folders again.")


class NotPermitted(ImapError, Permanent):
    """The user may not do this with the folder."""

    def __init__(self) -> None:
        super().__init__("The mail server does not permit this in that folder: ask its owner for the right to do it.")


class MailboxFull(ImapError, Permanent):
    """The server has no room for the message."""

    def __init__(self) -> None:
        super().__init__("The mailbox is full: delete mail or buy space at the provider.")


class NotOffered(ImapError, Permanent):
    """The server lacks an extension that the command needs."""

    def __init__(self, capability: str) -> None:
        super().__init__(f"The mail server does not offer {capability}: this can not be done there.")
        self.capability = capability


class Unsendable(ImapError, Permanent):
    """A folder name, user name or search text holds characters that no IMAP command can carry."""

    def __init__(self) -> None:
        super().__init__("The text holds a line break or a NUL, which IMAP can not carry: remove it.")
