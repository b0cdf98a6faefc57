"""Reading what was sent: a JSON body and a query string, typed, or refused with the path of the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest

from linli.faces.shell.answers import TooLarge
from linli.kernel.refusals import Invalid, Refusal
from linli.spine import decoding

BODY_MOST = 1024 * 1024
KEY_MOST = 128
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_AT = re.compile(r"^(?P<reason>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_NAMED = re.compile(r"(?:missing required|contains unknown) field `(?P<name>[^`]*)`")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class WrongContentType(Refusal):
    """The body is not JSON."""

    says = "Send the body as application/json."
    status = 415


def key_of(http: HttpRequest) -> str | None:
    """This will give the caller's idempotency key, or refuse one that no header should carry."""
    key = http.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid("Idempotency-Key", "Use 1 to {most} printable characters without spaces.", most=KEY_MOST)
    return key


def body_of(http: HttpRequest, shape: type) -> Any:
    """This will decode the body, or refuse it by the field that has to change."""
    if http.content_type != "application/json":
        raise WrongContentType(field="Content-Type")
    if int(http.META.get("CONTENT_LENGTH") or 0) > BODY_MOST:
        raise TooLarge(field="body")
    sent = http.body
    if _NUL.search(sent):
        raise Invalid("body", "The character NUL cannot be kept.")
    try:
        return decoding.decode(sent, shape)
    except msgspec.ValidationError as error:
        raise _invalid(error, "body") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("body", "The body is not valid JSON.") from error


def query_of(http: HttpRequest, shape: type) -> Any:
    """This will read the query string; a name that is not known or comes twice is refused."""
    for name, values in http.GET.lists():
        if len(values) > 1:
            raise Invalid(_plain(name), "This may be given once only.")
        if "\0" in values[0]:
            raise Invalid(_plain(name), "The character NUL cannot be kept.")
    given: Mapping[str, object] = http.GET.dict()
    try:
        return decoding.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error, "query") from error


def _invalid(error: msgspec.ValidationError, where: str) -> Invalid:
    found = _AT.match(str(error))
    reason, place = (found["reason"], found["path"] or "") if found else (str(error), "")
    named = _NAMED.search(reason)
    path = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", place) + (f".{named['name']}" if named else "")
    return Invalid(_plain(path.strip(".")) or where, _plain(reason))


def _plain(text: str) -> str:
    """Words of the caller's own come back in the answer: no braces, which are places for values, and no flood."""
    return text.replace("{", "(").replace("}", ")")[:200]
