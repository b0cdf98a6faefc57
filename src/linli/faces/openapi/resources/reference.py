"""What can be called: as an OpenAPI document for programs, as a page for people."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse

from linli.faces.openapi.document import ABOUT, described, document
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.shell.requests import PublicRequest


@endpoint("GET", "openapi.json", shared_s=60, summary="This document.")
def show_document(request: ApiRequest) -> HttpResponse:
    return HttpResponse(document(), content_type="application/json")


@endpoint("GET", "", shared_s=60, summary="The same as a page to read.")
def show_reference(request: ApiRequest) -> HttpResponse:
    told, schemas = described()
    by_noun = groupby(sorted(told, key=lambda one: (one.tag, one.address)), key=lambda one: one.tag)
    page = PublicRequest(http=request.http, scope=request.scope, at=request.at)
    return page.render(
        "openapi/reference.jinja",
        about=ABOUT,
        nouns=[(noun, list(those)) for noun, those in by_noun],
        schemas=schemas,
    )
