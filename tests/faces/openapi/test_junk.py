"""Whatever anybody sends to any operation, it never answers 500, and every refusal is a problem."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import a_company, a_home, a_listing, a_person
from harness.callers import Caller
from linli.faces.openapi.document import document
from linli.spine.scope import GUEST, Role, Scope

DOCUMENT = msgspec.json.decode(document())
OPERATIONS = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
EXAMPLES = 12

junk_text = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "\0", "'", '"', "\\", "{0.__class__}", "%s", "%", "NaN", "null", "-1", "𝕏" * 300, "a\u202e"]
    ),
)
junk_number = st.one_of(
    st.integers(), st.sampled_from([0, -1, 2**31, 2**63, 10**30]), st.floats(allow_nan=False, allow_infinity=False)
)
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), junk_number, junk_text),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(junk_text, inner, max_size=4)),
    max_leaves=8,
)
instants = st.sampled_from(
    ["2026-03-02T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02T10:00:00", "x"]
)


@st.composite
def fitting(draw: st.DrawFn, schema: dict[str, Any], known: tuple[str, ...]) -> Any:
    """Something that fits a schema, or nearly: now and then a field is junk, missing, or one too many."""
    if draw(st.integers(0, 15)) == 0:
        return draw(junk)
    if "$ref" in schema:
        return draw(fitting(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], known))
    if "anyOf" in schema:
        return draw(fitting(draw(st.sampled_from(schema["anyOf"])), known))
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    if schema.get("type") == "object" and "properties" in schema:
        names = [n for n in schema["properties"] if draw(st.integers(0, 7)) or n in schema.get("required", ())]
        return {n: draw(fitting(schema["properties"][n], known)) for n in names}
    if schema.get("type") == "array":
        return draw(st.lists(fitting(schema.get("items") or {}, known), max_size=3))
    return draw(plain(schema, known))


def plain(schema: dict[str, Any], known: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Values of a schema without parts."""
    if schema.get("format") == "uuid":
        return st.one_of(st.sampled_from(known), st.uuids().map(str))
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "object": st.dictionaries(st.sampled_from(["zh", "en", "xx"]), junk_text, max_size=3),
        "string": instants if schema.get("format") == "date-time" else junk_text,
        "integer": st.one_of(st.integers(schema.get("minimum", -10), schema.get("maximum", 10)), junk_number),
        "number": junk_number,
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return by_type.get(str(schema.get("type")), junk)


@pytest.fixture
def callers(db, settings) -> list[Caller]:
    settings.API_READS_PER_S = settings.API_WRITES_PER_S = 1e9
    settings.PAYMENT_PROVIDERS = {}
    listing = a_listing(stock=5)
    home = a_home(community=listing.shop.community).with_owner()
    scopes = (
        GUEST,
        home.scope,
        listing.shop.scope,
        Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(home.community.id,)),
        Scope(role=Role.PLATFORM, person=a_person()),
    )
    made = [Caller(scope) for scope in scopes]
    ids = (home.id, home.community.id, home.community.city, listing.id, listing.variant, listing.shop.id)
    for caller in made:
        caller.known = tuple(map(str, ids))  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: value)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_junk_is_refused_as_a_problem_and_never_breaks_anything(callers, method, path, data):
    operation = DOCUMENT["paths"][path][method.lower()]
    caller = data.draw(st.sampled_from(callers))
    known = caller.known
    where = re.sub(
        r"{\w+}",
        lambda _: data.draw(st.one_of(st.sampled_from(known), st.uuids().map(str), st.just("%00"), st.just("1"))),
        path,
    )
    asked = {
        p["name"]: data.draw(fitting(p["schema"], known))
        for p in operation["parameters"]
        if p["in"] == "query" and data.draw(st.booleans())
    }
    body = None
    if "requestBody" in operation:
        body = data.draw(fitting(operation["requestBody"]["content"]["application/json"]["schema"], known))
    try:
        raw = None if body is None and "requestBody" not in operation else msgspec.json.encode(body)
    except (msgspec.MsgspecError, UnicodeEncodeError, OverflowError):
        raw = b'{"broken": '
    key = data.draw(st.sampled_from([None, None, "k1", "two words"]))
    question = "&".join(f"{n}={_quoted(v)}" for n, v in asked.items())
    answer = caller.call(method, where + (f"?{question}" if question else ""), raw, key=key)
    assert answer.status < 500 or answer.status == 503, answer.content
    if answer.status >= 400:
        assert answer.code, answer.content


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode() if _encodes(value) else "x"
    return quote(text.encode("utf-8", "replace"))


def _encodes(value: Any) -> bool:
    try:
        msgspec.json.encode(value)
    except (msgspec.MsgspecError, UnicodeEncodeError, OverflowError):
        return False
    return True
