"""A dispatcher's board, the platform's or a company's: all that is on its way, what is late on top, and a word that
overrules everything. What it reaches, the scope says.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import see_other
from linli.faces.shell.requests import PageRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId, ShopId, TaskId
from linli.kernel.refusals import NotFound
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions, queries
from linli.trade.delivery.queries import Wanted
from linli.trade.delivery.rules import FailReason, Kind, TaskState, TaskVerb, WaitsFor
from linli.trade.shops import queries as shops

LONGEST = 200


def board(request: PageRequest, face: str) -> HttpResponse:
    """This will show what is on its way, narrowed as the address says."""
    wanted = _wanted(request)
    found = queries.board(request.scope, wanted=wanted, at=request.at)
    wanted_places = {task.community for task in found.tasks}
    cards = places.communities(ids=wanted_places) if wanted_places else ()
    communities = {card.id: card for card in cards}
    if communities:
        voice.move_to(next(iter(communities.values())).timezone)
    sold_by = shops.names(shops={task.shop for task in found.tasks}) if found.tasks else {}
    # Five hundred rows: what many of them say alike is put into words once.
    return request.render(
        "shell/board.jinja",
        face=face,
        board=found,
        wanted=wanted,
        communities={id_: in_language(card.name) for id_, card in communities.items()},
        shops={id_: in_language(name) for id_, name in sold_by.items()},
        here=url(f"{face}:deliveries"),
        said={one: word(one) for one in (*TaskState, *Kind, *WaitsFor, *Care)},
        crew=queries.crew(request.scope, city=request.scope.city),
        states=[state for state in TaskState if state not in (TaskState.DONE,)],
        kinds=list(Kind),
    )


def take_away(request: PageRequest) -> HttpResponse:
    """This will give what is on its way as a sheet, narrowed as the board is."""
    found = queries.board(request.scope, wanted=_wanted(request), at=request.at, limit=most_rows())
    reached = {task.community for task in found.tasks}
    cards = {card.id: card for card in places.communities(ids=reached)} if reached else {}
    if cards:
        voice.move_to(next(iter(cards.values())).timezone)
    sold_by = shops.names(shops={task.shop for task in found.tasks}) if found.tasks else {}
    columns = [_("Number"), _("Shop"), _("Community"), _("Door"), _("Kind"), _("State"), _("Courier"), _("Offered to")]
    columns += [_("Waits for"), _("Answer by"), _("Late"), _("Promised")]
    rows = (
        (
            *(one.number, in_language(sold_by.get(one.shop, {})), in_language(cards[one.community].name), one.door),
            *(one.kind, one.state, found.names.get(one.courier, "") if one.courier else ""),
            *(found.names.get(one.offered_to, "") if one.offered_to else "", one.waits_for),
            *(one.due_at, one.is_late, one.promised_at),
        )
        for one in found.tasks
    )
    return sheet(request.query, "deliveries", columns, rows)


def _wanted(request: PageRequest) -> Wanted:
    """What the address narrows the board to; what it names strangely narrows nothing."""
    state, kind = request.query.raw("state"), request.query.raw("kind")
    community, courier = request.query.maybe_id("community"), request.query.maybe_id("courier")
    wanted = Wanted(number=request.query.raw("number")[:40], is_late=request.query.flag("late"))
    return replace(
        wanted,
        state=TaskState(state) if state in set(TaskState) else None,
        kind=Kind(kind) if kind in set(Kind) else None,
        community=CommunityId(community) if community else None,
        courier=PartyId(courier) if courier else None,
    )


def send(request: PageRequest, face: str) -> HttpResponse:
    """This will send a courier for the chosen orders, or take the chosen ones back."""
    tasks = [TaskId(task) for task in request.form.ids("task")]
    if request.form.raw("do") == "take_back":
        actions.take_back_tasks(request.scope, tasks=tasks, why=request.form.text("why", most=LONGEST), at=request.at)
        return see_other(f"{face}:deliveries", said=_("They wait on the board again."))
    courier = PartyId(request.form.id("courier"))
    why = request.form.maybe_text("why", most=LONGEST) or ""
    actions.assign_tasks(request.scope, tasks=tasks, courier=courier, why=why, at=request.at)
    return see_other(f"{face}:deliveries", said=_("The courier has them now."))


def show(request: PageRequest, face: str, task: TaskId) -> HttpResponse:
    """This will show one task with its clock, its moves, and what may be done with it."""
    shown = queries.task_page(request.scope, task=task)
    card = places.community(shown.community)
    voice.move_to(card.timezone)
    return request.render(
        "shell/board-task.jinja",
        face=face,
        task=shown,
        community=card,
        shop=dict(shops.names(shops=[ShopId(shown.shop)])).get(shown.shop, {}),
        crew=queries.crew(request.scope, city=card.city),
        Verb=TaskVerb,
        reasons=list(FailReason),
        longest=LONGEST,
    )


def overrule(request: PageRequest, face: str, task: TaskId, word: str) -> HttpResponse:
    """This will do with one task what the dispatcher says, whatever was planned."""
    scope, at = request.scope, request.at
    if word == "courier":
        actions.assign_tasks(scope, tasks=[task], courier=PartyId(request.form.id("courier")), at=at)
    elif word == "passing":
        why = request.form.text("why", most=LONGEST)
        actions.pass_on_task(scope, task=task, courier=PartyId(request.form.id("courier")), why=why, at=at)
    elif word == "recall":
        actions.take_back_tasks(scope, tasks=[task], why=request.form.text("why", most=LONGEST), at=at)
    elif word == "cancellation":
        actions.call_off_task(scope, task=task, why=request.form.text("why", most=LONGEST), at=at)
    elif word == "failure":
        reason = request.form.choice("reason", FailReason)
        actions.fail_at_board(scope, task=task, reason=reason, words=request.form.maybe_text("why") or "", at=at)
    elif word == "completion":
        actions.finish_at_board(scope, task=task, why=request.form.text("why", most=LONGEST), at=at)
    elif word == "way-back":
        actions.send_for_return(scope, task=task, courier=PartyId(request.form.id("courier")), at=at)
    elif word == "return":
        actions.return_at_board(scope, task=task, at=at)
    else:
        raise NotFound("word")
    return see_other(f"{face}:delivery", task, said=_("Done. It stands in the history."))
