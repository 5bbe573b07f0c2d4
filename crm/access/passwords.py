"""Passwords as argon2id hashes. Hashing takes tens of milliseconds on purpose: never call it inside a unit of work."""

from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.errors import UsageError

SHORTEST = 10
LONGEST = 1024
"""Longer ones only make the server work; a sentence fits."""

_HASHER = PasswordHash((Argon2Hasher(),))


def hash_password(password: str) -> str:
    """The hash to store. Raises `UsageError` when the password is too short or absurdly long."""
    if len(password) < SHORTEST:
        raise UsageError(f"The password is too short: use at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise UsageError(f"The password is too long: use at most {LONGEST} characters.")
    return _HASHER.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash. Takes as long for somebody who does not exist (`stored` None)."""
    if len(password) > LONGEST:
        return False
    fits = _HASHER.verify(password, stored or _nobodys_hash())
    return fits and stored is not None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash("the password of nobody at all")
