"""The worker's phone: what they have in hand, what they could take, and the one next step of each job."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from linli.estate.workorders import actions, queries
from linli.estate.workorders.actions.photos import MOST_PHOTOS
from linli.estate.workorders.queries import OrderPage
from linli.estate.workorders.rules import MOST_QUANTITY, WORK_LIFE, Material, WorkVerb
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people.actions import Contact
from linli.ground.places import queries as places
from linli.kernel.ids import PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.DO_WORK
LONGEST = 1_000
ADDRESS = "jobs/<uuid:order>/"
STEPS = {
    "acceptance": actions.accept_work,
    "arrival": actions.arrive_at_work,
    "resumption": actions.resume_work,
    "grab": actions.grab_work,
}
"""The steps that need no more than a press."""
VERBS = {"acceptance": WorkVerb.ACCEPT, "arrival": WorkVerb.ARRIVE, "resumption": WorkVerb.RESUME}


@page("property", "GET", "jobs/", needs=NEEDS)
def jobs(request: PropertyRequest) -> HttpResponse:
    """This will list what the worker has in hand and what they could take, what is due first on top."""
    cards = own_communities(request)
    mine = queries.my_jobs(request.scope, at=request.at)
    free = queries.grab_list(request.scope, at=request.at)
    homes = {job.home for job in (*mine, *free) if job.home}
    return request.render(
        "property/jobs.jinja",
        mine=mine,
        free=free,
        homes=places.homes(homes) if homes else {},
        communities={card.id: card for card in cards},
    )


@page("property", "GET", ADDRESS, name="job", needs=NEEDS)
def job(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will show a job: where, what, by when, and what can be done now."""
    return _shown(request, order)


@page("property", "POST", ADDRESS + "steps/<slug:step>/", name="job-step", asks="property:job", needs=NEEDS)
def step(request: PropertyRequest, order: WorkOrderId, step: str) -> HttpResponse:
    """This will take a step that needs no words."""
    act = STEPS.get(step)
    if act is None:
        raise NotFound("page")
    act(request.scope, order=order, at=request.at)
    return see_other("property:job", order)


@page("property", "POST", ADDRESS + "pause/", name="job-pause", asks="property:job", needs=NEEDS)
def pause(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will stop the clock for a reason."""
    own_communities(request)
    until = request.form.instant("until", voice.current().zone)
    actions.pause_work(request.scope, order=order, why=request.form.text("why"), until=until, at=request.at)
    return see_other("property:job", order, said=_("Paused. The clock stands still."))


@page("property", "POST", ADDRESS + "materials/", name="job-materials", asks="property:job", needs=NEEDS)
def add_material(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will note what is used up."""
    name = request.form.text("name", most=60)
    quantity = request.form.number("quantity", low=0, high=int(MOST_QUANTITY))
    price = request.form.maybe_money("unit_price") or Money.zero
    actions.add_material(request.scope, order=order, name=name, material=Material(name, quantity, price), at=request.at)
    return see_other("property:job", order)


@page("property", "POST", ADDRESS + "quote/", name="job-quote", asks="property:job", needs=NEEDS)
def quote(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will tell the resident what it costs and wait for their answer."""
    labour = request.form.money("labour")
    what = request.form.maybe_text("what") or ""
    actions.quote_work(request.scope, order=order, labour=labour, what=what, at=request.at)
    return see_other("property:job", order, said=_("They have the price on their phone. The clock stands still."))


@page("property", "POST", ADDRESS + "completion/", name="job-completion", asks="property:job", needs=NEEDS)
def finish(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will say that it is done and show how it looks."""
    actions.finish_work(
        request.scope,
        order=order,
        answer=request.form.maybe_text("answer", most=LONGEST) or "",
        uploads=[(each.name, each.content) for each in request.form.uploads("photos", count=MOST_PHOTOS)],
        at=request.at,
    )
    return see_other("property:jobs", said=_("Done. Thank you."))


@page("property", "POST", ADDRESS + "return/", name="job-return", asks="property:job", needs=NEEDS)
def give_back(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will hand it on to a colleague, or give it back to the house where none is chosen."""
    why = request.form.text("why")
    person = request.form.maybe_id("person")
    if person is None:
        actions.return_work(request.scope, order=order, why=why, at=request.at)
    else:
        actions.transfer_work(request.scope, order=order, person=PartyId(person), why=why, at=request.at)
    return see_other("property:jobs", said=_("It is no longer in your hands."))


@page("property", "POST", ADDRESS + "phone/", name="job-phone", asks="property:job", needs=NEEDS)
def reveal(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will show the resident's number once, and write down who looked and why."""
    contact = actions.reveal_who_asked(
        request.scope, order=order, why=request.form.text("reason", most=200), at=request.at
    )
    return _shown(request, order, contact)


def _shown(request: PropertyRequest, order: WorkOrderId, contact: Contact | None = None) -> HttpResponse:
    own_communities(request)
    shown = _as_after(queries.order_page(request.scope, order=order, at=request.at), request.query.raw("after"))
    is_mine = shown.assignee == request.person
    colleagues = queries.candidates(request.scope, order=order, at=request.at) if is_mine else ()
    return request.render(
        "property/job.jinja",
        order=shown,
        home=places.home(shown.home) if shown.home else None,
        contact=contact,
        is_mine=is_mine,
        may_grab=shown.state == "raised" and _is_free(request, shown),
        Verb=WorkVerb,
        agreed=_agreed(shown),
        warranty=_warranty(request, shown) if is_mine else None,
        colleagues=[each for each in colleagues if each.is_able and each.has_room and each.person != request.person],
        most_photos=MOST_PHOTOS,
        longest=LONGEST,
    )


def _as_after(order: OrderPage, step: str) -> OrderPage:
    """The job as it will be after a step: a phone without a network goes on with it before the house has heard."""
    verb = VERBS.get(step)
    return replace(order, state=WORK_LIFE.after(order.state, verb)) if verb and order.allows(verb) else order


def _is_free(request: PropertyRequest, order: OrderPage) -> bool:
    """Whether the asker may take it themselves: most types are given out by the house or the desk."""
    return any(each.order == order.order for each in queries.grab_list(request.scope, at=request.at))


def _warranty(request: PropertyRequest, order: OrderPage) -> queries.Warranty | None:
    """What the worker has to know before they speak of money: asked where its type promises one."""
    if not (order.home and order.warranty_days and order.takes_words):
        return None
    return queries.warranty(request.scope, order=order.order, at=request.at)


def _agreed(order: OrderPage) -> bool:
    return any(quote.state == "agreed" for quote in order.quotes)


@page("property", "POST", ADDRESS + "sayings/", name="job-sayings", asks="property:job", needs=NEEDS)
def say(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will add a word to the order, for who asked to read."""
    actions.say_about_work(request.scope, order=order, words=request.form.text("say", most=LONGEST), at=request.at)
    return see_other("property:job", order, said=_("Said. Who asked can read it."))
