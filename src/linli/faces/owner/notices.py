"""What the property company tells: the list, one notice, and that it was read."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.notices import actions
from linli.estate.notices import queries as notices
from linli.estate.notices.rules import NoticePolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import ngettext, pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import NoticeId

MOST = 20


def waiting(request: OwnerRequest) -> str:
    """This will say how many are unread, for the page of counters."""
    unread = notices.unread(request.scope, at=request.at)
    return ngettext("{n} unread", "{n} unread", unread) if unread else ""


@page("owner", "GET", "notices/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the notices for the resident."""
    community = insist_offered(request, NoticePolicy)
    after = request.query.maybe_id("after")
    found = notices.my_notices(request.scope, at=request.at, after=NoticeId(after) if after else None, limit=MOST + 1)
    more = found[MOST - 1].notice if len(found) > MOST else None
    return request.render("owner/notices.jinja", community=community, notices=found[:MOST], more=more)


@page("owner", "GET", "notices/<uuid:notice>/", name="notice")
def show(request: OwnerRequest, notice: NoticeId) -> HttpResponse:
    """This will show a notice; the page tells by itself that it was opened."""
    community = insist_offered(request, NoticePolicy)
    found = notices.my_notice(request.scope, notice=notice, at=request.at)
    return request.render("owner/notice.jinja", community=community, found=found)


@page("owner", "POST", "notices/<uuid:notice>/reading/", name="notice-reading")
def read(request: OwnerRequest, notice: NoticeId) -> HttpResponse:
    """This will note that the resident opened it."""
    insist_offered(request, NoticePolicy)
    actions.read(request.scope, notice=notice, at=request.at)
    return HttpResponse(status=204) if request.htmx else see_other("owner:notices")


@page("owner", "POST", "notices/<uuid:notice>/acknowledgement/", name="notice-acknowledgement")
def acknowledge(request: OwnerRequest, notice: NoticeId) -> HttpResponse:
    """This will note that the resident says so."""
    insist_offered(request, NoticePolicy)
    actions.acknowledge(request.scope, notice=notice, at=request.at)
    return see_other("owner:notices", said=pgettext("notice", "Thank you."))
