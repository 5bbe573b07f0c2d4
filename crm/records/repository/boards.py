"""What stands in the lanes of a board: counts and sums over all of it, whatever a page shows."""

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from crm.access.viewer import Viewer
from crm.records.repository.filtering import matching
from crm.records.views import Order, RecordFilter
from storage.models import Deal, RecordType
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class LaneSums:
    """How many deals stand in a stage, and what they come to by currency, in its smallest unit."""

    count: int
    sums: tuple[tuple[str, int], ...]


def deal_sums(session: ReadSession, viewer: Viewer, wanted: RecordFilter) -> dict[int, LaneSums]:
    """Of all deals that match, by stage, wherever a list of them begins; stages without any are left out."""
    conditions = matching(session, viewer, Deal, replace(wanted, order=Order.NEWEST))
    counted = select(Deal.stage_id, Deal.currency, func.count(), func.sum(Deal.amount)).where(*conditions)
    shows_sums = not viewer.hides(RecordType.DEAL, "amount")
    by_stage: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for stage_id, currency, count, amount in session.execute(counted.group_by(Deal.stage_id, Deal.currency)):
        by_stage[stage_id].append((currency, count, int(amount)))
    return {
        stage_id: LaneSums(
            sum(count for _, count, _ in rows),
            tuple(sorted((currency, amount) for currency, _, amount in rows if amount and shows_sums)),
        )
        for stage_id, rows in by_stage.items()
    }
