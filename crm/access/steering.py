"""Who steers a mailbox: changes what is chosen about it, pauses and removes it, tries what other rules would do."""

from core.errors import Conflict
from crm.access.viewer import Viewer
from storage.models import LEAVING, Mailbox


def require_right(viewer: Viewer, row: Mailbox) -> None:
    """A mailbox is steered by its owner, unless they are a guest, and by administrators. Raises `Forbidden`."""
    viewer.require_write()
    if viewer.is_system or row.owner_id != viewer.user_id:
        viewer.require_administrator()


def require_staying(row: Mailbox) -> None:
    """Asked in the unit of work that writes: what is tried on the network before takes time. Raises `Conflict`."""
    if row.state in LEAVING:
        raise Conflict("This mailbox is being removed: take that back while you can, or connect it again afterwards.")
