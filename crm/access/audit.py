"""Who did what, for those who ask later. Written in the unit of work of the act itself, so that neither is without the other."""

from crm.access import repository
from crm.access.viewer import Viewer
from storage.sessions import WriteSession


def record_act(
    session: WriteSession, viewer: Viewer, action: str, **detail: str | int | bool | list[str] | None
) -> None:
    """Note that `viewer` did `action` (`noun.verb`, such as `sender.vouch`). `detail` holds ids and words, no secrets."""
    repository.insert_act(session, viewer.user_id, action, detail)
