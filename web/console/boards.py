"""What the boards of leads and deals share: where one is after a card was moved, and which pipeline is shown."""

from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import PipelineView
from storage.sessions import ReadSession
from web.console.stream import came_from
from web.notices import PARAMETER


def back_to_card(request: Request, board: str, record_id: int, said: str = "") -> str:
    """Where the form was sent from, with the notice that is `said`; a board gives the moved card the focus again."""
    path, _, query = came_from(request, f"{board}/{record_id}").partition("?")
    if path.endswith(("/move", "/stage")):
        path, query = f"{board}/{record_id}", ""
    kept = [(name, value) for name, value in parse_qsl(query) if name not in ("moved", PARAMETER)]
    if said:
        kept.append((PARAMETER, said))
    if path == board:
        kept.append(("moved", str(record_id)))
    return f"{path}?{urlencode(kept)}" if kept else path


def shown_pipeline(session: ReadSession, viewer: Viewer, pipeline_id: int | None) -> int | None:
    """The pipeline of a board or list of deals: the one that is asked for, else the first; None where there is none."""
    opened = opened_of(reading.pipelines(session, viewer), pipeline_id)
    return opened.id if opened else None


def opened_of(pipelines: list[PipelineView], pipeline_id: int | None) -> PipelineView | None:
    """The one with that id, else the first."""
    return next((one for one in pipelines if one.id == pipeline_id), pipelines[0] if pipelines else None)
