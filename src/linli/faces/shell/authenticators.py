"""The authenticator of whoever is signed in: setting it up, keeping the codes for a lost phone, taking it off."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from linli.faces.shell import sign_in_cookies
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PublicRequest
from linli.kernel.ids import SessionId
from linli.kernel.refusals import NotFound
from linli.reach.sign_in import actions, queries


@page("public", "GET", "authenticator/")
def show(request: PublicRequest) -> HttpResponseBase:
    """This will say what an authenticator is for, or since when there is one."""
    if request.session is None:
        return see_other("public:sign-in")
    if request.check_due:
        return see_other("public:sign-in-check")
    mine = queries.my_authenticator(request.scope)
    loss = queries.my_loss(request.scope) if mine else None
    return request.render("shell/authenticator.jinja", mine=mine, loss=loss)


@page("public", "POST", "authenticator/")
def create(request: PublicRequest) -> HttpResponseBase:
    """This will show what the authenticator has to be told; nothing holds before its first code is typed."""
    _signed_in(request)
    return _seed_shown(request)


@page("public", "POST", "authenticator/confirmation/", name="authenticator-confirmation")
def confirm(request: PublicRequest) -> HttpResponseBase:
    """This will take the authenticator into use, and show the codes for a lost phone this once."""
    session = _signed_in(request)
    code = request.form.text("code", most=20)
    try:
        codes = actions.confirm_authenticator(request.scope, session=session, code=code, at=request.at)
    except actions.WrongAuthenticatorCode as refusal:
        request.refusal = refusal
        return _seed_shown(request)
    response = request.render("shell/recovery-codes.jinja", codes=codes)
    sign_in_cookies.renew(response)
    return response


@page("public", "POST", "authenticator/removal/", name="authenticator-removal", asks="public:authenticator")
def remove(request: PublicRequest) -> HttpResponseBase:
    """This will take the authenticator off, for a code of it."""
    _signed_in(request)
    actions.remove_authenticator(request.scope, code=request.form.text("code", most=20), at=request.at)
    response = see_other("public:authenticator", said=_("The authenticator is taken off."))
    sign_in_cookies.renew(response)
    return response


@page("public", "POST", "authenticator/kept/", name="authenticator-kept", asks="public:authenticator")
def keep(request: PublicRequest) -> HttpResponseBase:
    """This will stop what somebody reported: it is not lost."""
    _signed_in(request)
    loss = queries.my_loss(request.scope)
    if loss is None:
        raise NotFound("loss")
    actions.stop_loss(request.scope, loss=loss.loss, at=request.at)
    return see_other("public:authenticator", said=_("Stopped. The authenticator stays as it is."))


def _seed_shown(request: PublicRequest) -> HttpResponseBase:
    seed = actions.begin_authenticator(request.scope, at=request.at)
    response = request.render("shell/authenticator-new.jinja", seed=seed)
    if request.refusal is not None:
        response.status_code = request.refusal.status
    return response


def _signed_in(request: PublicRequest) -> SessionId:
    if request.session is None or request.check_due:
        raise NotFound("session")
    return request.session
