"""Files to take away."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from linli.ground.files.queries import StoredFile


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


def shown_file(file: StoredFile) -> HttpResponse:
    """This will show a picture in the browser with nothing in it able to run; other papers are taken away."""
    answer = download(file.name, file.mime, file.content)
    if file.mime.startswith("image/"):
        answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file.name)}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer
