"""Every address of the house; each face brings its own by `@page`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.faces.openapi import desk, payment_callbacks
from linli.faces.openapi.endpoints import PREFIX as PROGRAMS
from linli.faces.shell import assets, health, pages, pictures

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("a/<str:name>", assets.serve, name="asset"),
    path("pictures/<uuid:file>", pictures.serve, name="picture"),
    path("pictures/<uuid:file>/<str:size>", pictures.serve, name="picture"),
    *payment_callbacks.addresses(),
    path(PROGRAMS, desk.through_django, {"rest": ""}),
    path(PROGRAMS + "<path:rest>", desk.through_django),
    *pages.addresses(),
]

handler400 = "linli.faces.shell.answers.unreadable"
handler404 = "linli.faces.shell.answers.no_page"
handler500 = "linli.faces.shell.answers.defect"
