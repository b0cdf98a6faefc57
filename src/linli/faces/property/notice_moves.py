"""What is done with a notice: asked, approved, published, told again, pinned, withdrawn."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from linli.estate.notices import actions
from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import NoticeId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

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
    needs=May.KEEP_NOTICES,
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
