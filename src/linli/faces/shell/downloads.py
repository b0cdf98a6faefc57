"""Files to take away."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def download(name: str, mime: str, content: bytes) -> HttpResponse:
    """This will answer with a file that the browser keeps and never opens as a page."""
    return HttpResponse(
        content,
        content_type=mime,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
        },
    )
