"""What a test of a mailbox's servers found, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from storage.models import FolderRole


class Step(StrEnum):
    """The steps of a test, in their order."""

    FIND = "find"
    CONNECT = "connect"
    ENCRYPT = "encrypt"
    SIGN_IN = "sign_in"
    FOLDERS = "folders"
    SENDING = "sending"

    @property
    def heading(self) -> str:
        """What is done in this step, for people."""
        return HEADINGS[self]


HEADINGS = {
    Step.FIND: "Find the server",
    Step.CONNECT: "Connect",
    Step.ENCRYPT: "Encrypt",
    Step.SIGN_IN: "Sign in",
    Step.FOLDERS: "Read the folders",
    Step.SENDING: "Prepare to send",
}


class Field(StrEnum):
    """What the person typed that a failure is most likely about."""

    PASSWORD = "password"  # noqa: S105 The name of a field.
    USERNAME = "username"
    IMAP_HOST = "imap_host"
    IMAP_PORT = "imap_port"
    IMAP_SECURITY = "imap_security"
    SMTP_HOST = "smtp_host"
    SMTP_PORT = "smtp_port"
    SMTP_SECURITY = "smtp_security"
    SMTP_PASSWORD = "smtp_password"  # noqa: S105 The name of a field.


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, as one sentence that says what to do. `hint` and `help` are the provider's, where it is known."""

    sentence: str
    field: Field | None = None
    hint: str = ""
    help: str = ""

    @property
    def words(self) -> str:
        """The sentence, with the provider's hint behind it."""
        return f"{self.sentence} {self.hint}".rstrip()


@dataclass(frozen=True, slots=True)
class SeenFolder:
    """A folder of the account that mail can be in. `messages` is None where the server does not tell."""

    name: str
    delimiter: str | None
    role: FolderRole
    messages: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """How one step went: it worked when there is no `problem`. `detail` is a fact for the reader, such as a host."""

    step: Step
    problem: Problem | None = None
    detail: str = ""
    folders: tuple[SeenFolder, ...] = ()

    @property
    def words(self) -> str:
        """How it went, for a line behind the step's title."""
        if self.problem:
            return self.problem.words
        return self.detail or (f"{len(self.folders)} folders" if self.folders else "works")
