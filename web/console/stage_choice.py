"""The stages that somebody chooses from for new records, and for many together: of deals all, of leads those of active ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.bulk.acts import NO_STAGES
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import LeadStageView, StageView
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Choices:
    """Stages in their order, under the name of their pipeline."""

    name: str
    stages: Sequence[StageView | LeadStageView]


def stages_to_choose(session: ReadSession, viewer: Viewer, kind: RecordType) -> list[Choices]:
    """Pipeline by pipeline. Raises `UsageError` for contacts and companies."""
    if kind is RecordType.DEAL:
        return [Choices(each.name, each.stages) for each in reading.pipelines(session, viewer)]
    if kind is not RecordType.LEAD:
        raise UsageError(NO_STAGES)
    return [Choices("Leads", [each for each in lead_stages(session, viewer) if each.kind is LeadState.ACTIVE])]
