"""Routers of pages and of the API: what belongs to every route of theirs is given here, where the route is made.

Routers that are included in others are worked out by FastAPI a second time, in each application anew, when somebody first
asks for a page: a second of the processor for all of ours.
"""

from typing import Any

from fastapi import APIRouter, Depends

from web.signed_in import check_csrf

API_PREFIX = "/api/v1"


def page_router(prefix: str = "") -> APIRouter:
    """Pages for people: whatever changes something has to carry the token of a form of ours."""
    return APIRouter(prefix=prefix, dependencies=[Depends(check_csrf)], include_in_schema=False)


def api_router(prefix: str = "", **more: Any) -> APIRouter:
    """Answers for programs, under `API_PREFIX`."""
    return APIRouter(prefix=API_PREFIX + prefix, **more)


def machine_router() -> APIRouter:
    """What is neither: health, live streams, files. Nothing here changes anything."""
    return APIRouter(include_in_schema=False)
