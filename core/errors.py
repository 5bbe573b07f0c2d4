"""One tree of errors, because the class of an error decides what happens next.

    MailsyncError
    ├── UsageError       the person who typed or sent it can mend it     CLI exit 2, HTTP 400/422
    ├── NotFound         there is no such thing, or not for this viewer  CLI exit 1, HTTP 404
    ├── Forbidden        it exists, and this viewer may not              CLI exit 1, HTTP 403
    ├── Conflict         the state does not allow it now                 CLI exit 1, HTTP 409
    ├── Transient        trying again later may help                     jobs: back off and retry
    │   └── NotYet       its time has not come, and nothing was tried    jobs: put off, no try is counted
    └── Permanent        trying again can not help                       jobs: stop, show the reason

Each message is one plain sentence that tells a person what to do. Never an address, body or secret.
"""


class MailsyncError(Exception):
    """Base of every error that we raise on purpose; `str(error)` may be shown to people."""


class UsageError(MailsyncError):
    """The request is wrong in itself: an unknown setting, a bad value, a missing argument."""


class NotFound(MailsyncError):
    """There is no such record, or none that this viewer may know of."""


class Forbidden(MailsyncError):
    """The viewer knows of the thing and may not do this with it."""


class Conflict(MailsyncError):
    """The thing is in a state that does not allow this, or somebody else was faster."""


class Transient(MailsyncError):
    """It failed for a reason that passes: a lost connection, a 4xx, a lock.

    `retry_after` is the other side's own hint in seconds, where it gave one.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotYet(Transient):
    """It was not tried, because it may only go on in `retry_after` seconds: a provider's day is used up."""

    retry_after: float

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message, retry_after=retry_after)


class Permanent(MailsyncError):
    """It failed for a reason that stays: a 5xx, a wrong password, a broken reference."""
