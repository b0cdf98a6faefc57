"""The OpenAPI 3.1 document, made from the endpoints and the shapes they name; nothing is written twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.http import HttpResponse

from linli.faces.openapi.endpoints import PREFIX, Endpoint, endpoints

_PART = re.compile(r"<(\w+):(\w+)>")
_FORMATS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
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


ABOUT = """The same actions and queries that the pages use. An amount is `{"minor": 1280}`, a whole number of the
smallest unit of the city's currency (fen); instants are RFC 3339; names are `{"zh": ..., "en": ...}`. Every refusal is
`application/problem+json` with a stable `code`. Send `Idempotency-Key` with every change: repeated within 24 hours it
answers the same and changes nothing."""


@dataclass(frozen=True)
class Described:
    """An endpoint with what the document says of it; the reference page is made from the same."""

    endpoint: Endpoint
    address: str
    tag: str
    operation: dict[str, Any]


@cache
def described() -> tuple[tuple[Described, ...], dict[str, Any]]:
    """This will describe every endpoint, and give the schemas that the descriptions refer to."""
    made = endpoints()
    shapes: list[Any] = [Problem]
    for one in made:
        shapes += [shape for shape in (one.body, one.query, one.answer) if _is_shape(shape) and shape not in shapes]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    of = dict(zip((repr(s) for s in shapes), schemas, strict=True))
    return tuple(
        Described(one, "/" + PREFIX + _PART.sub(r"{\2}", one.path), _tag(one), _operation(one, of, components))
        for one in made
    ), components


@cache
def document() -> bytes:
    """This will give the document as JSON, made once per process."""
    told, components = described()
    paths: dict[str, dict[str, Any]] = {}
    for one in told:
        paths.setdefault(one.address, {})[one.endpoint.method.lower()] = one.operation
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Linli", "version": "1", "description": ABOUT},
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _is_shape(shape: Any) -> bool:
    return shape not in (None, type(None), HttpResponse)


def _tag(one: Endpoint) -> str:
    return one.handler.__module__.rpartition(".")[2].replace("_", " ")


def _operation(one: Endpoint, of: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    success = "204" if one.answer is type(None) else str(one.status)
    operation: dict[str, Any] = {
        "operationId": one.handler.__name__,
        "summary": one.summary,
        "tags": [_tag(one)],
        "parameters": [*_parts(one), *_query(one, of, components), *_headers(one)],
        "responses": {success: _success(one, of), "default": _PROBLEM},
    }
    if one.roles:
        operation["security"] = [{"token": []}]
        operation["description"] = "For: " + ", ".join(role.value for role in one.roles) + "."
    if one.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": of[repr(one.body)]}}}
    return operation


def _parts(one: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _FORMATS.get(kind, {"type": "string"})}
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
    if one.method == "GET" or not one.roles:
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
    if one.answer is HttpResponse:
        return {"description": "A document."}
    return {"description": "The answer.", "content": {"application/json": {"schema": of[repr(one.answer)]}}}
