"""What the boards of leads and deals share: where one is after a card was moved."""

from urllib.parse import parse_qsl, urlencode

from fastapi import Request

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
