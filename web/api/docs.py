"""The API described: OpenAPI as JSON, and the same as a page that needs no script."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from web.rendering import render_plain
from web.routers import machine_router

router = machine_router()
METHODS = ("get", "post", "patch", "put", "delete")


@router.get("/api/openapi.json")
def openapi(request: Request) -> Response:
    """OpenAPI 3.1."""
    return JSONResponse(_schema(request))


@router.get("/api/docs")
def docs(request: Request) -> Response:
    """All calls by topic."""
    topics: dict[str, list[dict[str, Any]]] = {}
    for path, operations in _schema(request)["paths"].items():
        for method in METHODS:
            if method in operations:
                call = operations[method]
                topic = (call.get("tags") or ["other"])[-1]
                topics.setdefault(topic, []).append({"method": method.upper(), "path": path, **_call(call)})
    return render_plain(request, "api_docs.html", topics=topics)


def _schema(request: Request) -> dict[str, Any]:
    schema: dict[str, Any] = request.app.openapi()
    return schema


def _call(call: dict[str, Any]) -> dict[str, Any]:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    parameters = [
        {"name": one["name"], "where": one["in"], "required": one.get("required", False), "type": _type(one["schema"])}
        for one in call.get("parameters", [])
    ]
    return {"words": call.get("description", ""), "parameters": parameters, "body": _type(body) if body else ""}


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    return str(schema.get("type", "any"))
