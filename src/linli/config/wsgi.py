"""The WSGI application that granian serves: answers shared by many first, then the programs' desk, then Django.

Around them all, whoever sends a body is heard to its end, and pages leave packed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from linli.faces.shell.answers_before_sessions import SharedAnswers
from linli.faces.shell.clock import now
from linli.faces.shell.hearing_out import HearsOut
from linli.faces.shell.packing import Packs


def _group_of(environ: dict[str, Any]) -> str | None:
    from linli.faces.shell.neighbours import word_of  # needs Django, which is set up below

    return word_of(environ.get("HTTP_COOKIE", ""), at=now())


_django = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # everything, before the first thread starts (spine.decoding says why)
_desk = import_module("linli.faces.openapi.desk")
_pages = import_module("linli.faces.shell.threshold").Threshold(_django)
application = HearsOut(Packs(SharedAnswers(_desk.Desk(_pages), group_of=_group_of)), most=settings.BODY_MOST)
