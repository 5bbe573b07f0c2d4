"""The stages that rows name: found by their names, and by their pipeline's where several have one of that name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crm.records.importing.cells import Wrong
from crm.records.importing.fields import BuiltIn
from crm.records.likeness import name_key
from storage.models import LeadState, StageKind

NO_STAGE = "There is no stage “{}”; there are: {}."
NO_STAGE_THERE = "There is no stage “{}” in the pipeline “{}”; there are: {}."
NO_PIPELINE = "There is no pipeline “{}”; there are: {}."
SHOWN = 12
SEVERAL_STAGES = "{} pipelines have a stage “{}”: add a column with the pipeline."
CONVERTED = "In “{}” are leads that became clients: import them as contacts, companies or deals."
NO_OPEN_STAGE = "The pipeline “{}” has no open stage, where a deal could begin: add a column with the stage."


@dataclass(frozen=True, slots=True)
class KnownStage:
    """A stage; of leads without a pipeline."""

    id: int
    name: str
    kind: StageKind | LeadState
    pipeline_id: int | None = None
    pipeline: str = ""

    @property
    def takes_new(self) -> bool:
        """Whether records begin in such a stage."""
        return self.kind in (StageKind.OPEN, LeadState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Stages:
    """All stages of leads, or of deals, in order."""

    all: Sequence[KnownStage] = ()
    by_id: Mapping[int, KnownStage] = field(default_factory=dict)

    @classmethod
    def of(cls, stages: Sequence[KnownStage]) -> "Stages":
        """These, found by id too."""
        return cls(stages, {stage.id: stage for stage in stages})

    def called(self, name: str, pipeline: str) -> KnownStage:
        """The one stage of that name, in that pipeline unless it is empty. Raises `Wrong`."""
        among = self._in(pipeline)
        found = [stage for stage in among if name_key(stage.name) == name_key(name)]
        if not found:
            there = _told(stage.name for stage in among)
            told = NO_STAGE_THERE.format(name, pipeline, there) if pipeline else NO_STAGE.format(name, there)
            raise Wrong(told, BuiltIn.STAGE)
        if len({stage.pipeline_id for stage in found}) > 1:
            raise Wrong(SEVERAL_STAGES.format(len(found), name), BuiltIn.STAGE)
        if found[0].kind is LeadState.CONVERTED:
            raise Wrong(CONVERTED.format(found[0].name), BuiltIn.STAGE)
        return found[0]

    def first(self, pipeline: str = "") -> KnownStage:
        """Where a new record begins, in that pipeline or the first one. Raises `Wrong`."""
        stage = next((stage for stage in self._in(pipeline) if stage.takes_new), None)
        if stage is None:
            raise Wrong(NO_OPEN_STAGE.format(pipeline), BuiltIn.PIPELINE)
        return stage

    def _in(self, pipeline: str) -> Sequence[KnownStage]:
        if not pipeline:
            return self.all
        found = [stage for stage in self.all if name_key(stage.pipeline) == name_key(pipeline)]
        if not found:
            raise Wrong(NO_PIPELINE.format(pipeline, _told(stage.pipeline for stage in self.all)), BuiltIn.PIPELINE)
        return found


def _told(names: Iterable[str]) -> str:
    """The first of these names, each once."""
    return ", ".join(list(dict.fromkeys(names))[:SHOWN])
