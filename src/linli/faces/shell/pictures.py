"""Pictures that everybody may see, at addresses that never mean anything else: `/pictures/<file>` and `.../small`.

A file's content never changes under its id, so browsers and proxies keep a picture for a year, and who asks whether
theirs is still good is answered without a look into the database. No session is asked for: the address is the same for
everybody. What has no public picture is as absent as what never was.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from linli.faces.shell.answers import NotThisWay, no_page, problem
from linli.faces.shell.assets import KEPT
from linli.faces.shell.downloads import shown_file
from linli.ground.files import queries
from linli.kernel.ids import FileId
from linli.kernel.refusals import NotFound

SMALL = "small"


def serve(http: HttpRequest, file: FileId, size: str = "") -> HttpResponse:
    """This will be the view of `/pictures/<file>` and of `/pictures/<file>/small`."""
    if http.method not in ("GET", "HEAD"):
        answer = problem(NotThisWay(), instance=http.path)
        answer["Allow"] = "GET, HEAD"
        return answer
    if size not in ("", SMALL):
        return no_page(http)
    tag = f'"{file.hex}{size}"'
    if tag in http.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": KEPT})
    try:
        found = queries.public_picture(file=file, small=size == SMALL)
    except NotFound:
        return no_page(http)
    answer = shown_file(found)
    answer["ETag"] = tag
    answer["Cache-Control"] = KEPT
    return answer
