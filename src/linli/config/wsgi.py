"""The WSGI application that granian serves: answers shared by many first, then Django."""

from __future__ import annotations

from typing import Any

from django.core.wsgi import get_wsgi_application

from linli.faces.shell.answers_before_sessions import SharedAnswers
from linli.faces.shell.clock import now


def _group_of(environ: dict[str, Any]) -> str | None:
    from linli.faces.shell.neighbours import word_of  # needs Django, which is set up when the first request comes

    return word_of(environ.get("HTTP_COOKIE", ""), at=now())


application = SharedAnswers(get_wsgi_application(), group_of=_group_of)
