"""The answer for a record that is not there any more: who deleted it and how it comes back, or the one that it became."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from crm.records.gone import InRecycleBin, Merged
from web.rendering import render, wants_part
from web.signed_in import signed_in

GONE = 410


def answer_gone(request: Request, error: Exception) -> Response | None:
    """For whoever reads the page of such a record; None where the usual answer will do."""
    if request.method not in ("GET", "HEAD"):
        return None
    if isinstance(error, Merged) and (path := _of_survivor(request, error)) != request.url.path:
        return RedirectResponse(path + (f"?{request.url.query}" if request.url.query else ""), 303)
    if isinstance(error, InRecycleBin) and not request.url.path.startswith("/api/") and not wants_part(request):
        return render(request, signed_in(request), "records/deleted.html", status=GONE, deleted=error.deleted)
    return None


def _of_survivor(request: Request, error: Merged) -> str:
    """The same path with the number of the record that has everything now; as it is where the path does not name the other."""
    kind, gone = error.record
    instead = {str(gone): str(error.survivor_id), f"{kind.value}:{gone}": f"{kind.value}:{error.survivor_id}"}
    return "/".join(instead.get(part, part) for part in request.url.path.split("/"))
