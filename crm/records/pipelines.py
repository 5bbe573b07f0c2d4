"""The pipeline that every installation begins with, so that the first mail has a stage to stand in."""

from crm.records.repository import writing
from storage.models import Stage, StageKind
from storage.sessions import WriteSession

DEFAULT_NAME = "Sales"
DEFAULT_STAGES = [
    ("New", StageKind.OPEN),
    ("Qualified", StageKind.OPEN),
    ("Proposal", StageKind.OPEN),
    ("Negotiation", StageKind.OPEN),
    ("Won", StageKind.WON),
    ("Lost", StageKind.LOST),
]


def ensure_defaults(session: WriteSession) -> Stage:
    """The stage in which new deals begin; makes the default pipeline where there is none. Again changes nothing."""
    stage = writing.first_open_stage(session)
    if stage is None:
        writing.add_pipeline(session, DEFAULT_NAME, DEFAULT_STAGES)
        stage = writing.first_open_stage(session)
    if stage is None:
        raise AssertionError("The default pipeline has an open stage.")
    return stage
