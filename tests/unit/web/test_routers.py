"""What every route of ours carries, asked of the application itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from core.config import load_settings
from migrated import open_copy
from web.app import create_app
from web.routers import API_PREFIX
from web.services import Services
from web.signed_in import check_csrf

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    settings = load_settings(data_dir=tmp_path)
    store = open_copy(settings)
    app = create_app(Services(store, settings))
    yield app
    app.state.live.close()
    store.close()


def test_every_page_that_changes_something_asks_for_a_token_of_ours(app: FastAPI) -> None:
    changing = [route for route in routes(app) if route.methods & CHANGING and not route.path.startswith(API_PREFIX)]
    assert len(changing) > 100
    assert [route.path for route in changing if check_csrf not in set(calls(route.dependant))] == []


def test_the_schema_tells_of_programs_alone(app: FastAPI) -> None:
    assert {route.path.startswith(API_PREFIX) for route in routes(app) if route.include_in_schema} == {True}


def routes(app: FastAPI) -> Iterator[APIRoute]:
    return (route for route in app.router.routes if isinstance(route, APIRoute))


def calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)
