"""`Viewer`: on whose behalf something is read. Every reading repository function takes one.

It is an argument without a default on purpose: a page or route that forgot about rights does not type-check.
"""

from dataclasses import dataclass

from core.errors import Forbidden
from storage.models import Role

WRITERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.SELLER, Role.CONSULTANT})

OVERSEERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, a program with a token of theirs, or the program itself (`user_id` None)."""

    user_id: int | None
    role: Role

    @classmethod
    def system(cls) -> "Viewer":
        """The program itself: jobs, the command line of whoever owns the data directory."""
        return cls(None, Role.ADMINISTRATOR)

    @property
    def is_system(self) -> bool:
        """Whether no person stands behind it."""
        return self.user_id is None

    @property
    def may_administer(self) -> bool:
        """Settings, mailboxes of others, people."""
        return self.role is Role.ADMINISTRATOR

    @property
    def may_write(self) -> bool:
        """Anything but reading."""
        return self.role in WRITERS

    @property
    def may_export(self) -> bool:
        """Taking records away as files: guests read here, and take nothing with them."""
        return self.may_write

    @property
    def may_oversee(self) -> bool:
        """What all colleagues do, such as their imports."""
        return self.role in OVERSEERS

    def require_export(self) -> None:
        """Raises `Forbidden` for guests."""
        if not self.may_export:
            raise Forbidden("Your role may read records here, but not export them.")

    def require_administrator(self, otherwise: str = "Only an administrator may do this.") -> None:
        """Raises `Forbidden` for everybody else, in the words of `otherwise`."""
        if not self.may_administer:
            raise Forbidden(otherwise)

    def require_write(self) -> None:
        """Raises `Forbidden` for guests."""
        if not self.may_write:
            raise Forbidden("Your role may read here, but not change anything.")
