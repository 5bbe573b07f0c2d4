"""What the boards of leads and deals share: where one is after a card was moved."""

from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from web.console.stream import came_from


def back_to_card(request: Request, board: str, record_id: int) -> str:
    """Where the form was sent from; a board gives the moved card the focus again."""
    path, _, query = came_from(request, f"{board}/{record_id}").partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != "moved"]
    if path == board:
        kept.append(("moved", str(record_id)))
    return f"{path}?{urlencode(kept)}" if kept else path
