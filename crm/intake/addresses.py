"""Secret addresses of one person: made, shown to their owner, replaced. The token is stored encrypted."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import utcnow
from core.crypto import KeyRing
from crm.access.viewer import Viewer
from crm.intake.repository import intake_addresses as repository
from delivery.tokens import new_intake_token
from storage.models import IntakeAddress, Purpose
from storage.sessions import ReadSession, WriteSession

KEY = "intake"
"""Purpose of the keys that encrypt tokens and find them again."""


@dataclass(frozen=True, slots=True)
class SecretAddressView:
    """An address as its owner sees it."""

    id: int
    purpose: Purpose
    token: str
    created_at: datetime

    def at(self, mailbox_address: str) -> str:
        """The whole address, by way of the mailbox that receives it: `task+token@example.com`."""
        return f"{self.purpose.value}+{self.token}@{mailbox_address.rpartition('@')[2]}"


def create_intake_address(session: WriteSession, keys: KeyRing, user_id: int, purpose: Purpose) -> str:
    """A new secret address; its token, in lower case."""
    token = new_intake_token()
    row = IntakeAddress(
        purpose=purpose,
        user_id=user_id,
        token_lookup=keys.lookup(KEY, token),
        token_encrypted=keys.encrypt(KEY, token),
        created_at=utcnow(),
    )
    repository.add_address(session, row)
    return token


def own_addresses(session: ReadSession, keys: KeyRing, viewer: Viewer) -> list[SecretAddressView]:
    """The viewer's own addresses in force, newest first. Nobody sees another person's, administrators neither."""
    return [
        SecretAddressView(row.id, row.purpose, keys.decrypt(KEY, row.token_encrypted), row.created_at)
        for row in repository.addresses_of(session, viewer)
    ]


def revoke_intake_address(session: WriteSession, viewer: Viewer, address_id: int) -> None:
    """End an address of the viewer's own: mail to it is refused from now on. Raises `NotFound`."""
    repository.revoke_address(session, viewer, address_id, utcnow())
