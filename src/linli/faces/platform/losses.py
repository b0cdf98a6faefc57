"""Lost authenticators: of whoever calls and says so, found by their phone; and those of operators that wait."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid
from linli.reach.sign_in import actions, queries
from linli.reach.sign_in.rules import MOST_WHY
from linli.spine.may import May

NEEDS = May.KEEP_STAFF


@page("platform", "GET", "losses/", needs=NEEDS)
def losses(request: PlatformRequest) -> HttpResponse:
    """This will list what waits, and ask of whom another is to be taken off."""
    found = queries.losses(request.scope)
    persons = {who for each in found for who in (each.person, each.asked_by)}
    return request.render(
        "platform/losses.jinja",
        losses=found,
        names=people.names(request.scope, parties=persons) if persons else {},
        me=request.person,
    )


@page("platform", "POST", "losses/", needs=NEEDS)
def find(request: PlatformRequest) -> HttpResponse:
    """This will go on to whose number this is; a phone never stands in an address."""
    person = people.person_by_phone(request.scope, phone=request.form.text("phone", most=32))
    if person is None:
        raise Invalid("phone", _("Nobody here is reached under this number."))
    return see_other("platform:loss", person)


@page("platform", "GET", "losses/of/<uuid:person>/", name="loss", needs=NEEDS)
def show(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will show how somebody signs in, and ask why their authenticator is to be taken off."""
    one = queries.authenticator_of(request.scope, person=person, at=request.at)
    return request.render("platform/loss.jinja", one=one, person=person, me=request.person)


@page("platform", "POST", "losses/of/<uuid:person>/", name="loss", needs=NEEDS)
def report(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will take an authenticator off, or, of an operator, have it wait."""
    why = request.form.text("why", most=MOST_WHY)
    is_off = actions.report_loss(request.scope, person=person, why=why, at=request.at)
    return see_other(
        "platform:losses",
        said=_("It is taken off. They sign in again with their phone, and set up another.")
        if is_off
        else _("They are told. It is taken off when another operator confirms, or when its time is up."),
    )


@page(
    "platform",
    "POST",
    "losses/<uuid:loss>/confirmation/",
    name="loss-confirmation",
    asks="platform:losses",
    needs=NEEDS,
)
def confirm(request: PlatformRequest, loss: UUID) -> HttpResponse:
    """This will take it off at once, as the second who says so."""
    actions.confirm_loss(request.scope, loss=loss, at=request.at)
    return see_other(
        "platform:losses", said=_("It is taken off. They sign in again with their phone, and set up another.")
    )


@page("platform", "POST", "losses/<uuid:loss>/stopping/", name="loss-stopping", asks="platform:losses", needs=NEEDS)
def stop(request: PlatformRequest, loss: UUID) -> HttpResponse:
    """This will leave the authenticator as it is."""
    actions.stop_loss(request.scope, loss=loss, at=request.at)
    return see_other("platform:losses", said=_("Stopped. The authenticator stays as it is."))
