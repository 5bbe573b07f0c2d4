"""Every route of the application as a request that could be meant: its parameters are filled in by their names and types."""

import enum
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, get_args, get_origin

from fastapi import FastAPI, UploadFile
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from core.clock import utcnow
from integration.web.rights.values import BODIES, FORMS, PATHS, QUERIES
from integration.web.rights.vault import FINDME, Vault

API = "/api/v1"
SOON = (utcnow() + timedelta(days=20)).strftime("%Y-%m-%dT09:00:00Z")
KIND_OF_PATH = {"contacts": "contact", "companies": "company", "leads": "lead", "deals": "deal"}
WORDS: Mapping[str, Any] = {
    "path": "app.css", "words": FINDME, "kind": "contact", "record_type": "contact", "subject": "task", "form": "csv",
    "name": "contact:{contact_id}", "record": "contact:{contact_id}", "provider": "google", "purpose": "task",
    "index": 0, "position": 0, "which": "free_mail", "lines": [], "subject_id": "{task_id}",
    "email": "nobody", "password": "another long password", "since": "2026-01-01T00:00:00Z",
    "until": SOON, "mailbox": "{mailbox_id}", "message": "{message_id}", "thread": "{thread_id}",
    "stage": "{stage_id}", "id": "{lead_id}", "leads": "{lead_id}", "others": "{twin}", "responsible": "{user_id}",
    "responsible_id": None, "parent_id": None, "company_id": None, "survivor": "{contact_id}", "role": "{role_id}",
    "field": "position", "rights": {}, "changes": {"notes": "taken over"}, "act_name": "x", "deadline": "", "parent": "",
    "contact": "", "company": "", "pipeline_id": "{pipeline_id}", "move_to": None, "zone": "UTC", "person": None,
}  # fmt: skip
"""By the name of a parameter; numbers in braces are those of hidden things."""
HIDDEN: Mapping[str, Any] = {
    "contact": "{contact_id}", "company": "{company_id}", "contact_id": "{contact_id}", "company_id": "{company_id}",
    "deal": "{deal_id}", "deal_id": "{deal_id}", "lead_id": "{lead_id}", "record": "contact:{contact_id}",
    "records": [{"type": "contact", "id": "{contact_id}"}], "about": "contact:{contact_id}", "to": "contact:{contact_id}",
    "message": "{message_id}", "message_id": "{message_id}", "in_reply_to": "{message_id}",
    "in_reply_to_id": "{message_id}", "mailbox": "{mailbox_id}", "mailbox_id": "{mailbox_id}", "draft": "{draft_id}",
    "template": "{template_id}", "pipeline": "{pipeline_id}", "stage": "{stage_id}", "stage_id": "{stage_id}",
    "post": "{private_post}", "thread": "{thread_id}", "opened": "{thread_id}", "responsible": "{user_id}",
}  # fmt: skip
"""By the name of a parameter: what is hidden from sellers."""
OPTIONAL = {"words", "survivor", "record", "deal", "contact_id"}


@dataclass
class Request:
    """One request: a route's name (method and template), and what is sent."""

    route: str
    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def is_api(self) -> bool:
        """Whether a token, not a cookie, says who asks."""
        return self.path.startswith("/api/v1")


def routes_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Every route by method and template: what a browser or program can ask for."""
    for context in iter_route_contexts(app.routes):
        assert isinstance(context.route, APIRoute), f"{context.path}: what kind of route is that?"
        for method in sorted(context.methods or ()):
            yield f"{method} {context.path_format}", context.route


def request_of(name: str, route: APIRoute, vault: Vault, noted: Mapping[str, Any]) -> Request:
    """A request to that route about what is hidden, and what was `noted` before."""
    method, _, template = name.partition(" ")
    numbers: dict[str, Any] = {"record_id": vault.ids[f"{_kind_of(template)}_id"], **vault.ids}
    numbers |= {"id": vault.ids["contact_id"], "soon": SOON, "day": SOON[:10], "findme": FINDME}
    numbers |= {**vault.words, **_filled(PATHS.get(name, {}), numbers), **noted}
    asked = Request(name, method, template)
    for kind, parameters in parameters_of(route.dependant).items():
        for parameter in parameters:
            alias, annotation = parameter.alias, parameter.field_info.annotation
            required = parameter.field_info.is_required()
            if kind == "path":
                value = numbers.get(alias, _filled(_word(name, alias, annotation), numbers))
                asked.path = asked.path.replace(f"{{{alias}}}", str(value))
            elif kind == "query" and (required or alias in OPTIONAL):
                asked.query[alias] = numbers.get(alias, _filled(_word(name, alias, annotation), numbers))
            elif kind == "body":
                _put_body(asked, name, alias, annotation, numbers, required=required, embed=_is_form(parameter))
    asked.query |= _filled(QUERIES.get(name, {}), numbers)
    if name in FORMS:
        asked.form = _filled(FORMS[name], numbers)
    if name in BODIES:
        asked.body = _filled(BODIES[name], numbers)
    return asked


def naming_what_is_hidden(name: str, route: APIRoute, vault: Vault) -> Iterator[Request]:
    """The same request once for each reference that could be given too, with what is hidden in it."""
    for kind, parameters in parameters_of(route.dependant).items():
        for parameter in parameters:
            if parameter.alias in HIDDEN and kind != "path":
                request = request_of(name, route, vault, {})
                place = request.query if kind == "query" else request.form
                place[parameter.alias] = _filled(HIDDEN[parameter.alias], vault.ids)
                yield request
            elif isinstance(model := parameter.field_info.annotation, type) and issubclass(model, BaseModel):
                for key in HIDDEN.keys() & model.model_fields.keys():
                    request = request_of(name, route, vault, {})
                    place = request.form if request.body is None else request.body
                    place[key] = _filled(HIDDEN[key], vault.ids)
                    yield request


def _put_body(
    asked: Request,
    name: str,
    alias: str,
    annotation: Any,
    numbers: Mapping[str, Any],
    *,
    required: bool,
    embed: bool,
) -> None:
    if annotation is UploadFile or (alias == "files" and name.endswith("/files")):
        asked.files[alias] = ("people.csv", b"Name,E-mail\nNew,new@people.example\n", "text/csv")
    elif embed and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        asked.form |= _plain(_model(name, annotation, numbers))
    elif embed:
        if required or alias in OPTIONAL:
            asked.form[alias] = numbers.get(alias, _filled(_word(name, alias, annotation), numbers))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        asked.body = _model(name, annotation, numbers)
    elif alias == "changes":
        asked.body = WORDS["changes"]
    else:
        asked.body = {**(asked.body or {}), alias: numbers.get(alias, _filled(_word(name, alias, annotation), numbers))}


def _is_form(parameter: Any) -> bool:
    return type(parameter.field_info).__name__ in ("Form", "File")


def parameters_of(dependant: Any) -> dict[str, list[Any]]:
    """The parameters of a route and of what it depends on, by where they stand: path, query, body."""
    found: dict[str, list[Any]] = {"path": [], "query": [], "body": []}
    for inner in dependant.dependencies:
        for kind, parameters in parameters_of(inner).items():
            found[kind] += parameters
    found["path"] += dependant.path_params
    found["query"] += dependant.query_params
    found["body"] += dependant.body_params
    return found


def _model(name: str, model: type[BaseModel], numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: numbers.get(key, _filled(_word(name, key, one.annotation), numbers))
        for key, one in model.model_fields.items()
        if one.is_required()
    }


def _word(name: str, alias: str, annotation: Any) -> Any:
    """What stands in a parameter of that name and type."""
    if get_origin(annotation) is list:
        return [_word(name, alias, get_args(annotation)[0])]
    if get_origin(annotation) in (types.UnionType, typing.Union, typing.Annotated):
        return _word(name, alias, get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        there = {str(each.value) for each in annotation}
        return WORDS[alias] if WORDS.get(alias) in there else next(iter(annotation)).value
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {
            key: _word(name, key, one.annotation) for key, one in annotation.model_fields.items() if one.is_required()
        }
    if alias in WORDS:
        return WORDS[alias]
    if annotation is bool:
        return False
    if annotation in (int, float):
        return 1
    if annotation is date:
        return SOON[:10]
    if annotation is datetime:
        return SOON
    return {} if annotation is dict or get_origin(annotation) is dict else "something"


def _filled(value: Any, numbers: Mapping[str, Any]) -> Any:
    """The value with numbers of hidden things in it; what is a number alone becomes one."""
    if isinstance(value, dict):
        return {key: _filled(one, numbers) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, numbers) for one in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}") and value[1:-1] in numbers:
        return numbers[value[1:-1]]
    if isinstance(value, str):
        for key, number in numbers.items():
            value = value.replace(f"{{{key}}}", str(number))
    return value


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _kind_of(template: str) -> str:
    return next((kind for plural, kind in KIND_OF_PATH.items() if f"/{plural}/" in template), "contact")
