"""The OpenAPI 3.1 document, made from the endpoints and the shapes they name; nothing is written twice."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from linli.faces.openapi.endpoints import PREFIX, Endpoint, endpoints

_PART = re.compile(r"<(\w+):(\w+)>")
_PROBLEM = {
    "description": "A refusal, with a stable code, the field that has to change and the reason (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Problem(msgspec.Struct, kw_only=True):
    """Why something was refused."""

    type: str
    title: str
    status: int
    code: str
    field: str | None = None
    instance: str | None = None


@cache
def document() -> bytes:
    """This will give the document as JSON, made once per process."""
    made = endpoints()
    shapes: list[Any] = [Problem]
    for one in made:
        shapes += [shape for shape in (one.body, one.query, one.answer) if shape not in (None, type(None))]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    of = dict(zip((repr(s) for s in shapes), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in made:
        address = "/" + PREFIX + _PART.sub(r"{\2}", one.path)
        paths.setdefault(address, {})[one.method.lower()] = _operation(one, of, components)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Linli",
                "version": "1",
                "description": "The same actions and queries that the pages use. Amounts are whole minor units; "
                "instants are RFC 3339. Send `Idempotency-Key` with every change.",
            },
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _operation(one: Endpoint, of: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.handler.__name__,
        "summary": one.says,
        "tags": [one.handler.__module__.rpartition(".")[2]],
        "parameters": [*_parts(one), *_query(one, of, components), *_headers(one)],
        "responses": {str(one.status if one.answer is not type(None) else 204): _success(one, of), "default": _PROBLEM},
    }
    if one.roles:
        operation["security"] = [{"token": []}]
        operation["description"] = "For: " + ", ".join(role.value for role in one.roles) + "."
    if one.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": of[repr(one.body)]}}}
    return operation


def _parts(one: Endpoint) -> list[dict[str, Any]]:
    formats = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
    return [
        {"name": name, "in": "path", "required": True, "schema": formats.get(kind, {"type": "string"})}
        for kind, name in _PART.findall(one.path)
    ]


def _query(one: Endpoint, of: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    shape = components[of[repr(one.query)]["$ref"].rpartition("/")[2]]
    needed = set(shape.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _headers(one: Endpoint) -> list[dict[str, Any]]:
    if one.method == "GET":
        return []
    return [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Minted by the client. A repeated key answers the stored response for 24 hours.",
            "schema": {"type": "string", "maxLength": 128},
        }
    ]


def _success(one: Endpoint, of: dict[str, Any]) -> dict[str, Any]:
    if one.answer is type(None):
        return {"description": "Done."}
    return {"description": "The answer.", "content": {"application/json": {"schema": of[repr(one.answer)]}}}
