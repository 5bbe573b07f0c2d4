"""The mailboxes and folders that a viewer works in."""

from dataclasses import dataclass

from storage.models import FolderRole, MailboxState


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """A folder of a mailbox that the viewer works in."""

    id: int
    mailbox_id: int
    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class OwnMailbox:
    """A mailbox that the viewer works in: their own, or a shared one."""

    id: int
    name: str
    email: str
    email_key: str
    shared: bool
    state: MailboxState
    signature: str
    can_send: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The mailboxes whose mail a viewer sees as their own."""

    mailboxes: tuple[OwnMailbox, ...]

    @property
    def mailbox_ids(self) -> list[int]:
        """Ids of all of them."""
        return [mailbox.id for mailbox in self.mailboxes]
