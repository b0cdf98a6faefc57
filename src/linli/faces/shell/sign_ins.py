"""Signing in: a phone number, a code, perhaps a second question; and signing out.

Between the steps the number rides in a signed cookie that lives as long as a code, so that it stands in no address and
in no log, and reloading a page sends nothing again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from linli.faces.shell import sign_in_cookies, voice
from linli.faces.shell.hats import hats_of, home_of
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.reading_choices import keep_language
from linli.faces.shell.requests import PublicRequest
from linli.ground.people import queries as people
from linli.ground.people.rules import masked_phone
from linli.reach.sign_in import actions, queries, rules
from linli.spine.scope import Role, Scope

STEP_COOKIE = "linli_sign_in"
STEP_S = int(rules.CODE_LIFE.total_seconds())


@dataclass(frozen=True)
class Step:
    """What is known between asking for a code and typing it: the number, and where the person wanted to go."""

    phone: str
    onward: str


@page("public", "GET", "sign-in/")
def new(request: PublicRequest) -> HttpResponseBase:
    """This will ask for the phone number."""
    return request.render("shell/sign-in.jinja", onward=_ours(request.http, request.query.raw("next")))


@page("public", "POST", "sign-in/")
def create(request: PublicRequest) -> HttpResponseBase:
    """This will send a code, whether the number is known or not, and go on to the page that asks for it."""
    step = Step(request.form.text("phone", most=32), _ours(request.http, request.form.raw("next")))
    actions.request_code(request.scope, phone=step.phone, address=request.address, at=request.at, locale=request.locale)
    response = see_other("public:sign-in-code")
    sealed = signing.dumps([step.phone, step.onward], salt=STEP_COOKIE, compress=True)
    response.set_cookie(
        STEP_COOKIE, sealed, STEP_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@page("public", "GET", "sign-in/code/", name="sign-in-code")
def new_code(request: PublicRequest) -> HttpResponseBase:
    """This will ask for the code that was sent."""
    step = _step(request.http)
    if step is None:
        return see_other("public:sign-in")
    return request.render(
        "shell/sign-in-code.jinja", step=step, masked=masked_phone(step.phone), shows_inbox=settings.DEMO
    )


@page("public", "POST", "sign-in/code/", name="sign-in-code")
def redeem(request: PublicRequest) -> HttpResponseBase:
    """This will open a session for the right code."""
    step = _step(request.http)
    if step is None:
        return see_other("public:sign-in")
    device = sign_in_cookies.device_of(request.http)
    signed_in = actions.redeem_code(
        request.scope,
        phone=step.phone,
        code=request.form.text("code", most=12),
        device=device,
        device_name=device_name(request.http.headers.get("User-Agent", "")),
        at=request.at,
    )
    person = Scope(role=Role.RESIDENT, person=signed_in.person)
    response = (
        see_other("public:sign-in-check")
        if signed_in.needs_second_check
        else HttpResponseRedirect(_onward(request, person, step.onward), status=303)
    )
    sign_in_cookies.remember(response, signed_in.token)
    sign_in_cookies.keep_device(response, device)
    if not signed_in.needs_second_check:
        response.delete_cookie(STEP_COOKIE)
    if people.locale_of(person, party=signed_in.person).startswith(voice.ENGLISH):
        keep_language(response, voice.ENGLISH)  # Chinese is what everybody is registered with, so it tells nothing
    return response


@page("public", "GET", "sign-in/check/", name="sign-in-check")
def new_check(request: PublicRequest) -> HttpResponseBase:
    """This will ask what a stranger with this phone would not know."""
    if request.session is None or not request.check_due:
        return see_other("public:hats")
    step = _step(request.http)
    onward = _ours(request.http, request.query.raw("next")) or (step.onward if step else "")
    wants_code = queries.has_authenticator(request.scope, person=request.person)
    return request.render("shell/sign-in-check.jinja", onward=onward, wants_code=wants_code)


@page("public", "POST", "sign-in/check/", name="sign-in-check")
def pass_check(request: PublicRequest) -> HttpResponseBase:
    """This will compare the answer, and let the person in."""
    if request.session is None:
        return see_other("public:sign-in")
    answer = request.form.text("answer", most=60)
    actions.pass_second_check(request.scope, session=request.session, answer=answer, at=request.at)
    onward = _ours(request.http, request.form.raw("next"))
    response = HttpResponseRedirect(_onward(request, request.scope, onward), status=303)
    sign_in_cookies.renew(response)
    response.delete_cookie(STEP_COOKIE)
    return response


@page("public", "POST", "sign-out/")
def end(request: PublicRequest) -> HttpResponseBase:
    """This will end the session of this device."""
    response = see_other("public:home", said=_("You are signed out."))
    if request.session is not None:
        actions.end_session(request.scope, session=request.session, at=request.at)
    sign_in_cookies.forget_all(response)
    return response


def _onward(request: PublicRequest, person: Scope, onward: str) -> str:
    """Where the person wanted to go; else home, by way of the choice of hats where there is one."""
    hats = hats_of(person, at=request.at)
    if onward or len(hats) != 1:
        return onward or "/hats/"
    return home_of(hats[0].scope)


def _step(http: HttpRequest) -> Step | None:
    try:
        phone, onward = signing.loads(http.COOKIES.get(STEP_COOKIE, ""), salt=STEP_COOKIE, max_age=STEP_S)
    except (signing.BadSignature, ValueError):
        return None
    return Step(phone, onward)


def _ours(http: HttpRequest, onward: str) -> str:
    return onward if url_has_allowed_host_and_scheme(onward, {http.get_host()}) and onward.startswith("/") else ""


_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """This will call a browser by a name that its owner knows: Safari, iPhone."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name) or _("Unknown device")
