"""Every address that the documentation names is one of the app's, with the method that is named with it."""

import re
from collections.abc import Iterator
from pathlib import Path

from fastapi.routing import APIRoute
from starlette.routing import Route

from web.app import API, PAGES
from web.app import __file__ as app_file

ROOT = Path(app_file).parents[1]
METHODS = r"(?P<methods>(?:GET|POST|PUT|PATCH|DELETE)(?:/(?:GET|POST|PUT|PATCH|DELETE))*)? ?"
NAMED = (
    re.compile(rf"`{METHODS}(?P<path>/[a-z][^` ]*)[^`]*`"),
    re.compile(rf"{METHODS}(?:https?://[\w.:-]+)?(?P<path>/api/v1/[^`\s\"',;)]*)"),
)
"""Between backticks, also without `/api/v1`; and in examples of commands."""
OF_OTHERS = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/docs",
    "/api/openapi.json",
    "/api/v1",
    "/c/",
    "/u/",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
}
"""Of the process as such, of the tracking that stands in front of the app, and of the machine."""
A_NAME = re.compile(r"\{[^}]*\}|\b(?:ID|NUMBER)\b|…")


def test_every_path_in_the_docs_is_a_route_of_the_app() -> None:
    routes = [
        route for module in (*PAGES, *API) for route in module.router.routes if isinstance(route, APIRoute | Route)
    ]
    named = [found for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] for found in _named(page)]
    assert len(named) > 60
    unknown = [
        f"{page}: {method} {path}"
        for page, method, path in named
        if not any(_leads(one, method, path) for one in routes)
    ]
    assert unknown == []


def _named(page: Path) -> Iterator[tuple[str, str, str]]:
    text = page.read_text()
    for pattern in NAMED:
        for found in pattern.finditer(text):
            path = A_NAME.sub("9", re.split(r"[?#\[]", found["path"])[0])
            if path not in OF_OTHERS:
                for method in (found["methods"] or "").split("/"):
                    yield str(page.relative_to(ROOT)), method, path


def _leads(route: APIRoute | Route, method: str, path: str) -> bool:
    """Whether a request goes there; a path that stands for more than one (it ends with a stroke) may be longer."""
    if method and method not in (route.methods or ()):
        return False
    pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route.path))
    return any(
        pattern.fullmatch(each) for each in (path, f"/api/v1{path}", path.rstrip("./"), f"/api/v1{path}".rstrip("."))
    )
