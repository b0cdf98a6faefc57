"""What is done with a notice: asked, approved, published, told again, pinned, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse

from linli.estate.notices import actions, queries
from linli.faces.property.communities import own_communities
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import NoticeId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import Together
from linli.spine.may import May

NEEDS = May.KEEP_NOTICES
_SIMPLE: dict[str, Callable[..., None]] = {
    "ask": actions.ask_approval,
    "approve": actions.approve,
    "publish": actions.publish,
    "recall": actions.recall,
    "withdraw": actions.withdraw,
    "discard": actions.discard,
}


@page(
    "property",
    "POST",
    "notices/<uuid:notice>/moves/",
    name="notice-moves",
    asks="property:notice",
    needs=NEEDS,
)
def move(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will take the verb of the button that was pressed."""
    own_communities(request)
    verb, said = request.form.raw("verb"), _("Done.")
    if verb in _SIMPLE:
        _SIMPLE[verb](request.scope, notice=notice, at=request.at)
    elif verb == "send_back":
        why = request.form.text("why", most=200)
        actions.send_back(request.scope, notice=notice, why=why, at=request.at)
    elif verb in ("pin", "unpin"):
        actions.pin(request.scope, notice=notice, pinned=verb == "pin", at=request.at)
    elif verb == "tell_again":
        number = actions.tell_again(request.scope, notice=notice, at=request.at)
        said = ngettext("{n} person is told again.", "{n} people are told again.", number)
    else:
        raise Invalid("verb", _("Please choose one of the values offered."))
    return see_other("property:notice", notice, said=said)


@page("property", "POST", "notices/withdrawals/", name="notice-withdrawals", asks="property:notices", needs=NEEDS)
def withdraw_many(request: PropertyRequest) -> HttpResponse:
    """This will take the ticked notices from every page."""
    done = actions.withdraw_many(request.scope, notices=_chosen(request), at=request.at)
    said = ngettext("{n} notice is withdrawn.", "{n} notices are withdrawn.", len(done.done))
    return back(request, "property:notices", done, said=said, names=_titles(request, done))


@page("property", "POST", "notices/pins/<slug:word>/", name="notice-pins", asks="property:notices", needs=NEEDS)
def pin_many(request: PropertyRequest, word: str) -> HttpResponse:
    """This will put the ticked notices above the others, or among them again."""
    if word not in ("pin", "unpin"):
        raise NotFound("word")
    done = actions.pin_many(request.scope, notices=_chosen(request), pinned=word == "pin", at=request.at)
    n = len(done.done)
    if word == "pin":
        said = ngettext("{n} notice stands above the others.", "{n} notices stand above the others.", n)
    else:
        said = ngettext("{n} notice stands among the others.", "{n} notices stand among the others.", n)
    return back(request, "property:notices", done, said=said, names=_titles(request, done))


def _chosen(request: PropertyRequest) -> list[NoticeId]:
    own_communities(request)
    return [NoticeId(each) for each in chosen(request)]


def _titles(request: PropertyRequest, done: Together) -> dict[UUID, str]:
    """What the refused ones are called."""
    titles = queries.titles(request.scope, notices=[NoticeId(each.of) for each in done.refused])
    return {notice: in_language(title) for notice, title in titles.items()}
