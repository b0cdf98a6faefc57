"""Two questions of whoever keeps the program running: is the process alive, and does it reach its database."""

from __future__ import annotations

from django.db import Error
from django.http import HttpRequest, HttpResponse

from linli.spine import sql


def alive(http: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """This will answer as long as the process can."""
    return HttpResponse("ok", content_type="text/plain")


def ready(http: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """This will answer 503 while the database does not."""
    try:
        sql.fetch("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
