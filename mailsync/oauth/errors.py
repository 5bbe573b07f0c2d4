"""What can go wrong between us and a provider's sign-in, each as a class, because the class decides who has to act.

A person signs in again (`GrantEnded`), an administrator mends the registration (`ClientRefused`, `NotSetUp`), or it
passes by itself (`SignInUnavailable`, `SignInLimited`). None of them names an address or repeats a provider's words.
"""

from core.errors import Permanent, Transient, UsageError


class GrantEnded(Permanent):
    """The refresh token is worth nothing any more: revoked, expired, or the password was changed (`invalid_grant`)."""

    def __init__(self, provider: str) -> None:
        super().__init__(f"{provider} has ended our access to this mailbox: sign in again.")


class SignInUnavailable(Transient):
    """The token endpoint can not be reached, fails, or answers what nobody understands."""

    def __init__(self, provider: str, *, retry_after: float | None = None) -> None:
        super().__init__(
            f"The sign-in service of {provider} does not answer properly: it is tried again by itself.",
            retry_after=retry_after,
        )


class SignInLimited(Transient):
    """The token endpoint wants to be asked less often (429)."""

    def __init__(self, provider: str, *, retry_after: float | None = None) -> None:
        super().__init__(
            f"The sign-in service of {provider} asks us to slow down: it goes on by itself.", retry_after=retry_after
        )


class SignInResting(Transient):
    """It failed a short while ago and is not asked again before its time; `trouble` is what it failed with."""

    def __init__(self, trouble: str, *, retry_after: float) -> None:
        super().__init__(trouble, retry_after=retry_after)


class ClientRefused(UsageError):
    """The provider knows our client id or secret no more, or forbids us to ask in this way. Mended by an administrator."""

    def __init__(self, provider: str) -> None:
        super().__init__(
            f"{provider} does not accept how Mailsync is registered there: an administrator has to check the client id "
            "and secret (docs/connecting-oauth.md)."
        )


class NotSetUp(UsageError):
    """There is no client id for this provider."""

    def __init__(self, provider: str, variable: str) -> None:
        super().__init__(
            f"Signing in with {provider} is not set up: an administrator has to register Mailsync there and set "
            f"{variable} (docs/connecting-oauth.md)."
        )


class SignInFailed(UsageError):
    """This sign-in came to nothing, and the person can do something about it; the message says what."""
