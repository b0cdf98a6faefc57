"""The desk of work orders: the board with its clocks, the list, one order, and who does it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.http import HttpResponse

from linli.estate.workorders import actions, queries
from linli.estate.workorders.queries import Wanted, WorkSort
from linli.estate.workorders.rules import Kind, Satisfaction, WorkState, WorkVerb
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell import messages
from linli.faces.shell.addresses import url
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard, HomeCard
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import Together
from linli.spine.may import May

NEEDS = May.DISPATCH_WORK
A_PAGE = 50
SORTED_BY = ("due", "price")
A_COLUMN = 30
LONGEST = 1_000
ADDRESS = "work-orders/<uuid:order>/"


class Placed(Protocol):
    @property
    def home(self) -> HomeId | None: ...


def doors(found: Iterable[Placed]) -> dict[HomeId, HomeCard]:
    """This will name the homes of orders, in one statement."""
    homes = {each.home for each in found if each.home is not None}
    return places.homes(homes) if homes else {}


@page("property", "GET", "work-board/", needs=NEEDS)
def work_board(request: PropertyRequest) -> HttpResponse:
    """This will show what is open now by what it waits for; the same address keeps it up to date."""
    cards = own_communities(request)
    wanted = _wanted(request, cards)
    board = queries.board(request.scope, wanted=wanted, at=request.at, limit=A_COLUMN)
    return request.render(
        "property/work-board.jinja",
        board=board,
        wanted=wanted,
        homes=doors(card for column in board.columns.values() for card in column),
        communities={card.id: card for card in cards},
        kinds=tuple(Kind),
        here=request.http.get_full_path(),
    )


@page("property", "GET", "work-orders/", needs=NEEDS)
def work_orders(request: PropertyRequest) -> HttpResponse:
    """This will list work orders, the latest first, narrowed as the address says."""
    cards = own_communities(request)
    wanted = _wanted(request, cards)
    after = request.query.maybe_id("after")
    chosen = {name: request.query.raw(name) for name in ("community", "state", "kind", "late", "number")}
    sorting = Sorting.of(request, "property:work-orders", SORTED_BY, chosen)
    found = queries.work_orders(
        request.scope,
        wanted=wanted,
        order=WorkSort(sorting.key) if sorting.key else WorkSort.NEWEST,
        is_rising=sorting.is_rising,
        after=WorkOrderId(after) if after else None,
        at=request.at,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/work-orders.jinja",
        orders=found[:A_PAGE],
        more=url("property:work-orders", **chosen, by=sorting.word, after=found[A_PAGE - 1].order)
        if found[A_PAGE:]
        else None,
        sorting=sorting,
        wanted=wanted,
        homes=doors(found),
        communities={card.id: card for card in cards},
        kinds=tuple(Kind),
        states=tuple(WorkState),
        workers=queries.workers_at_hand(request.scope),
        once=ids.new(),
    )


@page("property", "POST", "work-orders/giving/", name="work-giving-many", asks="property:work-orders", needs=NEEDS)
def give_many(request: PropertyRequest) -> HttpResponse:
    """This will give the ticked orders to one worker."""
    ticked, person = chosen(request), PartyId(request.form.id("person"))
    given = actions.give_many(
        request.scope,
        orders=[WorkOrderId(each) for each in ticked],
        person=person,
        beyond_limit=request.form.flag("beyond_limit"),
        at=request.at,
    )
    name = dict(queries.workers_at_hand(request.scope)).get(person, "")
    said = ngettext("{n} order is given to {name}.", "{n} orders are given to {name}.", len(given.done), name=name)
    return _told(request, given, said)


@page("property", "POST", "work-orders/ending/", name="work-ending-many", asks="property:work-orders", needs=NEEDS)
def cancel_many(request: PropertyRequest) -> HttpResponse:
    """This will call the ticked orders off for a reason."""
    orders = [WorkOrderId(each) for each in chosen(request)]
    done = actions.cancel_many(request.scope, orders=orders, why=request.form.maybe_text("why") or "", at=request.at)
    return _told(request, done, ngettext("{n} order is called off.", "{n} orders are called off.", len(done.done)))


def _told(request: PropertyRequest, together: Together, said: str) -> HttpResponse:
    names = queries.numbers_of(request.scope, orders=[WorkOrderId(each.of) for each in together.refused])
    return back(request, "property:work-orders", together, said=said, names=names)


@page("property", "GET", "work-orders/file/", name="work-orders-file", needs=NEEDS)
def work_orders_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    wanted = _wanted(request, tuple(cards.values()))
    found = queries.work_orders(request.scope, wanted=wanted, at=request.at, limit=most_rows())
    homes = doors(found)
    columns = [_("Number"), _("Community"), _("Kind"), _("Type"), _("Where"), _("State"), _("Who"), _("Raised")]
    columns += [_("Promised"), _("Done"), _("Late"), _("Stars"), _("Price"), _("Paid")]
    rows = (
        (
            *(o.number, in_language(cards[o.community].name), o.kind, in_language(o.type_name)),
            *(homes[o.home].door if o.home in homes else o.place, o.state, o.assignee_name, o.raised_at),
            *(o.finish_due_at, o.done_at, o.is_late, o.stars, o.price, o.is_paid),
        )
        for o in found
    )
    return sheet(request.query, "work-orders", columns, rows)


@page("property", "GET", "work-orders/new/", name="desk-work-order", needs=NEEDS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will take down what somebody said by phone or at the desk."""
    cards = own_communities(request)
    community = chosen_community(request, cards) or (cards[0] if cards else None)
    types = queries.types_here(request.scope, community=community.id, at=request.at) if community else ()
    return request.render(
        "property/work-order-new.jinja",
        communities=cards,
        community=community,
        types=[card for card in types if card.price is None],
        longest=LONGEST,
        once=ids.new(),
    )


@page("property", "POST", "work-orders/new/", name="desk-work-order", needs=NEEDS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will raise it."""
    cards = own_communities(request)
    community = next((card.id for card in cards if card.id == request.form.id("community")), None)
    if community is None:
        raise NotFound("community")
    door = request.form.maybe_text("door", most=40)
    found = places.find_homes(community, words=door, limit=2) if door else ()
    if door and len(found) != 1 and (not found or found[0].door != door):
        raise Invalid("door", _("No home, or more than one, is called so."))
    order = actions.raise_work_order(
        request.scope,
        community=community,
        type_id=request.form.id("type"),
        home=found[0].id if found else None,
        place=request.form.maybe_text("place", most=120) or "",
        words=request.form.text("words", most=LONGEST),
        at=request.at,
    )
    return see_other("property:work-order", order)


@page("property", "GET", ADDRESS, name="work-order", needs=NEEDS)
def work_order(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will show one order whole, and whom it could be given to with the reasons."""
    own_communities(request)
    shown = queries.order_page(request.scope, order=order, at=request.at)
    may_give = shown.allows(WorkVerb.GIVE) or shown.allows(WorkVerb.TRANSFER)
    return request.render(
        "property/work-order.jinja",
        order=shown,
        home=places.home(shown.home) if shown.home else None,
        candidates=queries.candidates(request.scope, order=order, at=request.at) if may_give else (),
        satisfactions=[(each.value, messages.word(each)) for each in Satisfaction],
        Verb=WorkVerb,
        longest=LONGEST,
    )


@page("property", "POST", ADDRESS + "assignment/", name="work-assignment", asks="property:work-order", needs=NEEDS)
def give(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will give it to somebody."""
    actions.give_work(
        request.scope,
        order=order,
        person=PartyId(request.form.id("person")),
        beyond_limit=request.form.flag("beyond_limit"),
        at=request.at,
    )
    return see_other("property:work-order", order, said=_("Given. They have a message."))


@page("property", "POST", ADDRESS + "answer/", name="work-answer", asks="property:work-order", needs=NEEDS)
def answer(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will answer a complaint from the desk, also where nobody has it in hand."""
    actions.finish_work(request.scope, order=order, answer=request.form.text("answer", most=LONGEST), at=request.at)
    return see_other("property:work-order", order, said=_("Answered. Who asked has a message."))


@page("property", "POST", ADDRESS + "calling-off/", name="work-calling-off", asks="property:work-order", needs=NEEDS)
def cancel(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will call it off for a reason."""
    actions.cancel_work(request.scope, order=order, why=request.form.text("why"), at=request.at)
    return see_other("property:work-order", order, said=_("Called off."))


@page("property", "POST", ADDRESS + "reopening/", name="desk-reopening", asks="property:work-order", needs=NEEDS)
def reopen(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will open it again."""
    actions.reopen_work(request.scope, order=order, why=request.form.text("again"), at=request.at)
    return see_other("property:work-order", order, said=_("It is open again, with a new promise."))


@page("property", "POST", ADDRESS + "return-visit/", name="return-visit", asks="property:work-order", needs=NEEDS)
def visit(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will note what was heard afterwards."""
    actions.record_return_visit(
        request.scope,
        order=order,
        satisfaction=request.form.choice("satisfaction", Satisfaction),
        words=request.form.maybe_text("heard", most=LONGEST) or "",
        at=request.at,
    )
    return see_other("property:work-order", order)


def _wanted(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> Wanted:
    """What the address narrows the list to; a value that is not offered narrows nothing."""
    community = chosen_community(request, cards)
    state, kind = request.query.raw("state"), request.query.raw("kind")
    return Wanted(
        community=community.id if community else None,
        states=(WorkState(state),) if state in set(WorkState) else (),
        kind=Kind(kind) if kind in set(Kind) else None,
        is_late=request.query.flag("late"),
        number=request.query.maybe_text("number", most=20) or "",
    )


@page("property", "POST", ADDRESS + "sayings/", name="work-sayings", asks="property:work-order", needs=NEEDS)
def say(request: PropertyRequest, order: WorkOrderId) -> HttpResponse:
    """This will add a word to the order, for who asked to read."""
    actions.say_about_work(request.scope, order=order, words=request.form.text("say", most=LONGEST), at=request.at)
    return see_other("property:work-order", order, said=_("Said. Who asked can read it."))
