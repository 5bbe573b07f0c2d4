"""What was decided anew for places of stored mail."""

from collections.abc import Sequence

from crm.intake.batch import Item
from crm.intake.repository.tables import update_rows
from storage.models import Place
from storage.sessions import WriteSession


def write_decisions(session: WriteSession, items: Sequence[Item]) -> None:
    """Keep what was decided, in the place of what had been."""
    update_rows(session, Place, [{"key": item.place_id, "decision": tuple(item.decision)} for item in items])
