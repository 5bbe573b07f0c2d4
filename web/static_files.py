"""Style sheet, script, icons: served under a name that changes with the content, so that browsers keep them for ever."""

import hashlib
import mimetypes
from functools import lru_cache
from importlib import resources
from pathlib import Path

from fastapi import Request, Response

from core.errors import NotFound
from web.routers import machine_router

router = machine_router()
FOR_EVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"


@lru_cache(maxsize=256)
def _read(path: str) -> tuple[bytes, str]:
    """Bytes and hash of one asset. Raises `NotFound` for anything outside the folder."""
    root = Path(str(resources.files("web"))) / "static"
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        raise NotFound("There is no such file.")
    content = file.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def static_url(path: str) -> str:
    """The address of an asset, with its hash."""
    return f"/static/{path}?v={_read(path)[1]}"


@router.get("/static/{path:path}", include_in_schema=False)
def static_file(request: Request, path: str) -> Response:
    """One asset."""
    content, version = _read(path)
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    kept = FOR_EVER if request.query_params.get("v") == version else SHORT
    return Response(content, media_type=media_type, headers={"cache-control": kept, "etag": f'"{version}"'})
