"""How the house says no, not here, and sorry: as a page, as a part of a page, or as an RFC 9457 problem."""

from __future__ import annotations

import secrets
import sys

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from linli.faces.shell import messages
from linli.faces.shell.addresses import url
from linli.faces.shell.clock import now
from linli.faces.shell.requests import Htmx, PageRequest
from linli.kernel.refusals import NotFound, Refusal
from linli.spine.scope import GUEST

_log = structlog.get_logger()


class NoPage(Refusal):
    """There is nothing at this address, or nothing for this person; strangers cannot tell which."""

    says = "There is nothing here for you."
    status = 404


class Unreadable(Refusal):
    """The request cannot be read."""

    says = "This request could not be read. Please go back and try again."
    status = 400


class AskedFromElsewhere(Refusal):
    """A change was asked for by a page that is not ours."""

    says = "This was sent from another site, so nothing was changed. Please open the page here and try again."
    status = 403


class TooLarge(Refusal):
    """The body is over the limit."""

    says = "This is too large to be received."
    status = 413


class NotThisWay(Refusal):
    """The address exists, but not for this method."""

    says = "This address cannot be used in this way."
    status = 405


def see_other(name: str, /, *parts: object, said: str | None = None, **query: object) -> HttpResponse:
    """This will send the reader on to a page of ours; `said` is a sentence that the page will show once."""
    return see_other_at(url(name, *parts, **query), said=said)


def see_other_at(href: str, *, said: str | None = None, not_done: str | None = None) -> HttpResponse:
    """This will send the reader on to an address of ours that was made before, with what is to be said there once.

    `not_done` is what of it was refused, where something else was done.
    """
    response = HttpResponseRedirect(href, status=303)
    if said or not_done:
        response.said = (said or None, not_done)  # type: ignore[attr-defined]
    return response


def problem(refusal: Refusal, *, instance: str = "") -> HttpResponse:
    """This will put a refusal into an RFC 9457 problem."""
    body: dict[str, object] = {
        "type": f"urn:linli:{refusal.code}",
        "title": messages.words_of(refusal),
        "status": refusal.status,
        "code": refusal.code,
    }
    if refusal.field:
        body["field"] = refusal.field
    if instance:
        body["instance"] = instance
    return HttpResponse(msgspec.json.encode(body), status=refusal.status, content_type="application/problem+json")


def wants_problem(http: HttpRequest) -> bool:
    """This will tell whether the asker is a program: it says so, or calls the JSON face."""
    if http.path.startswith("/api/"):
        return True
    accepted = http.headers.get("Accept", "")
    return "json" in accepted and "text/html" not in accepted


def refused(request: PageRequest, refusal: Refusal) -> HttpResponse:
    """This will answer a refusal in the form that the asker can use."""
    if wants_problem(request.http):
        return problem(refusal, instance=request.path)
    request.refusal = refusal
    says = messages.words_of(refusal)
    if request.htmx.partial:
        answer = request.render("shell/notice.jinja", status=refusal.status, block="notice", says=says)
        answer["HX-Retarget"] = "#notices"
        answer["HX-Reswap"] = "innerHTML"
        return answer
    page = "shell/no-page.jinja" if isinstance(refusal, NoPage | NotFound) else "shell/refusal.jinja"
    return request.render(page, status=refusal.status, says=says)


def no_page(http: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """This will be Django's answer to an address that does not exist."""
    return refused(_bare(http), NoPage())


def unreadable(http: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """This will be Django's answer to a request that cannot be read."""
    return refused(_bare(http), Unreadable())


def defect(http: HttpRequest) -> HttpResponse:
    """This will be Django's answer to a defect: sorry, nothing is lost, and a number that we find in our log."""
    reference = getattr(http, "reference", None) or new_reference()
    _log.error("defect", reference=reference, exc_info=sys.exc_info())
    if wants_problem(http):
        body = {"type": "about:blank", "title": "Internal error", "status": 500, "reference": reference}
        return HttpResponse(msgspec.json.encode(body), status=500, content_type="application/problem+json")
    return _bare(http).render("shell/defect.jinja", status=500, reference=reference)


def new_reference() -> str:
    """This will make the number by which a request is found in the log."""
    return secrets.token_hex(4).upper()


def _bare(http: HttpRequest) -> PageRequest:
    """A request as nobody: these pages are made without asking the database anything."""
    return PageRequest(http=http, scope=GUEST, at=now(), htmx=Htmx.of(http))
