"""How a request to a page is answered: by whom it is asked, whether they may, what is refused and how that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from markupsafe import escape

from linli.faces.shell import messages, neighbours, sign_in_cookies, taking_away
from linli.faces.shell.addresses import maybe_url, url
from linli.faces.shell.answers import NoPage, NotThisWay, refused
from linli.faces.shell.clock import now
from linli.faces.shell.faces import Page
from linli.faces.shell.formats import MOST_ONCE
from linli.faces.shell.forms import Fields
from linli.faces.shell.neighbours import SAID_COOKIE
from linli.faces.shell.requests import Htmx, PageRequest, PublicRequest
from linli.faces.shell.sheets import TooLongToWait
from linli.kernel.refusals import NotFound, Refusal
from linli.spine.action import reading
from linli.spine.scope import GUEST

SAID_S = 60
ONCE_FIELD = "once"

Called = Callable[[str], Page | None]
"""Finds the GET page of a name such as `owner:payment`."""


def answer(called: Called, methods: Mapping[str, Page], http: HttpRequest, parts: dict[str, Any]) -> HttpResponseBase:
    """This will find out who asks, let the page's handler answer, and dress the answer for the way it was asked."""
    method = "GET" if http.method == "HEAD" else http.method or "GET"
    at, htmx = now(), Htmx.of(http)
    chosen = methods.get(method)
    if chosen is None:
        answer = refused(PublicRequest(http=http, scope=GUEST, at=at, htmx=htmx), NotThisWay())
        answer["Allow"] = ", ".join(sorted({*methods, *(("HEAD",) if "GET" in methods else ())}))
        return answer
    surely = chosen.face.staff or method != "GET"
    standing = (
        sign_in_cookies.Standing(GUEST) if chosen.shared_s else sign_in_cookies.standing_of(http, at=at, surely=surely)
    )
    request = chosen.face.request(
        http=http,
        scope=neighbours.nameless(standing.scope) if chosen.neighbours_s else standing.scope,
        session=standing.session,
        check_due=standing.check_due,
        authenticator_due=standing.authenticator_due,
        at=at,
        htmx=htmx,
        query=Fields(http.GET),
    )
    if _is_stranger(request, chosen):
        response = _stranger(request, chosen)
    elif method == "GET":
        response = _shown(chosen, request, parts)
    else:
        response = _changed(called, chosen, methods, request, parts)
    standing.keep(response)
    return _shared(_dressed(response, request, chosen), request, chosen, standing)


def _is_stranger(request: PageRequest, chosen: Page) -> bool:
    if chosen.role is None:
        return False
    if request.scope.role is not chosen.role or request.check_due:
        return True
    return chosen.needs is not None and not request.scope.may(chosen.needs)


def _stranger(request: PageRequest, chosen: Page) -> HttpResponseBase:
    if chosen.method == "GET" and chosen.face.staff and request.authenticator_due:
        return HttpResponseRedirect(url("public:authenticator"))
    if chosen.method != "GET" or not (request.is_guest or request.check_due):
        return refused(request, NoPage())
    asked_first = "public:sign-in-check" if request.check_due else "public:sign-in"
    return HttpResponseRedirect(url(asked_first, next=request.http.get_full_path()))


def _shown(chosen: Page, request: PageRequest, parts: dict[str, Any]) -> HttpResponseBase:
    if request.not_done is None:
        request.said, request.not_done = _said_before(request.http)
    try:
        with reading(request.scope):
            return chosen.handler(request, **parts)
    except TooLongToWait:
        return _made_later(request)
    except Refusal as refusal:
        return refused(request, refusal)


def _made_later(request: PageRequest) -> HttpResponseBase:
    try:
        return taking_away.ask(request)
    except Refusal as refusal:
        return refused(request, refusal)


def _changed(
    called: Called, chosen: Page, methods: Mapping[str, Page], request: PageRequest, parts: dict[str, Any]
) -> HttpResponseBase:
    request.form = Fields(request.http.POST, request.http.FILES)
    try:
        once = request.form.maybe_text(ONCE_FIELD, most=MOST_ONCE)
        request.scope = request.scope.keyed(once)
        return chosen.handler(request, **parts)
    except Refusal as refusal:
        asking = methods.get("GET") if chosen.asks is None else called(chosen.asks)
        wanted = {} if asking is None else {n: v for n, v in parts.items() if n in asking.parts}
        if asking is None or refusal.field is None or isinstance(refusal, NotFound):
            if chosen.asks and "GET" not in methods and (request.came_from or "").partition("?")[0] == request.path:
                request.way_back = maybe_url(chosen.asks, *wanted.values())  # pressed on a form shown after a refusal
            return refused(request, refusal)
        request.refusal, request.scope = refusal, replace(request.scope, once=None)
        return _asked_again(asking, request, wanted, messages.words_of(refusal))


def _asked_again(asking: Page, request: PageRequest, parts: dict[str, Any], says: str) -> HttpResponseBase:
    """Show the form with what is refused at its field; where the page has no such field, it is said above all."""
    answer = _shown(asking, request, parts)
    if isinstance(answer, HttpResponseRedirect):
        answer.said = (None, says)  # type: ignore[attr-defined]
    elif isinstance(answer, HttpResponse) and str(escape(says)) not in answer.content.decode():
        request.not_done = says
        answer = _shown(asking, request, parts)
    return answer


def _dressed(response: HttpResponseBase, request: PageRequest, chosen: Page) -> HttpResponseBase:
    """Give htmx its kind of redirect, carry what is to be said to the next page, and keep browsers from keeping it."""
    said = getattr(response, "said", None)
    if request.htmx and isinstance(response, HttpResponseRedirect):
        response = _copied_cookies(response, HttpResponse(status=204, headers={"HX-Redirect": response.url}))
    if said is not None:
        response.set_cookie(
            SAID_COOKIE,
            signing.dumps(said, salt=SAID_COOKIE, compress=True),
            max_age=SAID_S,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    elif request.said is not None or request.not_done is not None:
        response.delete_cookie(SAID_COOKIE)
    for name, value in request.keeps.items():
        if request.http.COOKIES.get(name) != value:
            response.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    if not chosen.shared_s or response.status_code != 200:
        response.setdefault("Cache-Control", "private, no-store" if request.scope.person else "private, no-cache")
    return response


def _shared(
    response: HttpResponseBase, request: PageRequest, chosen: Page, standing: sign_in_cookies.Standing
) -> HttpResponseBase:
    """Say how long the answer may be given to others, and to whom; what carries a cookie is for this reader alone."""
    if response.status_code != 200 or request.http.method != "GET" or response.cookies:
        return response
    if chosen.shared_s:
        response["Linli-Shared"] = str(chosen.shared_s)
        response.setdefault("Cache-Control", f"public, max-age={chosen.shared_s}")
    elif chosen.neighbours_s and request.said is None:
        response["Linli-Shared"] = str(chosen.neighbours_s)
        response["Linli-Among"] = neighbours.word_for(standing.scope)
    return response


def _copied_cookies(old: HttpResponseBase, new: HttpResponse) -> HttpResponse:
    new.cookies = old.cookies
    return new


def _said_before(http: HttpRequest) -> tuple[str | None, str | None]:
    """What the change before left to be said: what was done, and what of it was refused."""
    sealed = http.COOKIES.get(SAID_COOKIE)
    if not sealed or http.headers.get("HX-Request-Type") == "partial":
        return None, None
    try:
        said, not_done = signing.loads(sealed, salt=SAID_COOKIE, max_age=SAID_S)
    except (signing.BadSignature, ValueError):  # forged, too old, or of a version before this one
        return None, None
    return said, not_done
