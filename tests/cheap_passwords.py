"""Passwords of the suite are hashed in no time: what makes a hash good is that it takes long."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from crm.access import passwords


def hash_in_no_time() -> None:
    """From now on, in this process. What the program itself does is asked of one that was started (test_people)."""
    passwords._HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
