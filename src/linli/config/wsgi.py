"""The WSGI application that granian serves: answers shared by everybody first, then Django."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from linli.faces.shell.answers_before_sessions import SharedAnswers

application = SharedAnswers(get_wsgi_application())
