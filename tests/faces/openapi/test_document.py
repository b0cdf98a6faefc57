"""The OpenAPI document and its page: made from the endpoints, so that they cannot lie."""

from __future__ import annotations

import re
from html import unescape
from itertools import chain

import msgspec
import pytest

from harness.callers import Caller
from linli.faces.openapi.document import document
from linli.faces.openapi.endpoints import endpoints

DOCUMENT = msgspec.json.decode(document())
OPERATIONS = [op for methods in DOCUMENT["paths"].values() for op in methods.values()]


def refs(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(refs, value.values()))
    return set().union(*map(refs, value)) if isinstance(value, list) else set()


def test_every_endpoint_is_in_the_document_and_nothing_else():
    told = {(path, method.upper()) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert told == {(re.sub(r"<\w+:(\w+)>", r"{\1}", e.address), e.method) for e in endpoints()}


def test_what_is_referred_to_is_there_under_a_name_that_openapi_allows():
    known = DOCUMENT["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in refs(DOCUMENT)} <= known.keys()
    assert [name for name in known if not re.fullmatch(r"[a-zA-Z0-9._-]+", name)] == []


def test_operations_have_ids_of_their_own_and_a_sentence():
    ids = [op["operationId"] for op in OPERATIONS]
    assert len(set(ids)) == len(ids)
    assert [op["operationId"] for op in OPERATIONS if not op["summary"].endswith(".")] == []


def test_an_operation_for_somebody_says_for_whom_and_asks_for_the_token():
    for made in endpoints():
        operation = DOCUMENT["paths"][re.sub(r"<\w+:(\w+)>", r"{\1}", made.address)][made.method.lower()]
        assert ("security" in operation) == bool(made.roles)
        assert all(role.value in operation.get("description", "") for role in made.roles)


def test_every_part_of_an_address_is_a_parameter():
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            parts = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
            assert parts == re.findall(r"{(\w+)}", path)


def test_bodies_refuse_what_they_do_not_know_all_the_way_down():
    schemas = DOCUMENT["components"]["schemas"]
    bodies = [op["requestBody"]["content"]["application/json"]["schema"] for op in OPERATIONS if "requestBody" in op]
    todo, seen = set(chain.from_iterable(map(refs, bodies))), set()
    while todo:
        name = todo.pop()
        seen.add(name)
        todo |= refs(schemas[name.rpartition("/")[2]]) - seen
    objects = [n for n in seen if schemas[n.rpartition("/")[2]].get("type") == "object"]
    assert objects
    assert [n for n in objects if schemas[n.rpartition("/")[2]].get("additionalProperties") is not False] == []


def test_money_is_a_whole_number_of_minor_units():
    assert DOCUMENT["components"]["schemas"]["Money"]["properties"] == {"minor": {"type": "integer"}}


def test_the_document_and_the_page_are_open_to_everybody():
    answer = Caller().get("openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.content == document()


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_page_tells_of_every_operation(locale):
    answer = Caller().get("", accept_language=locale)
    page = unescape(answer.content.decode())
    assert answer.status == 200
    assert [op["summary"] for op in OPERATIONS if op["summary"] not in page] == []
