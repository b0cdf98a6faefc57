"""What was written to a resident, to be read again, each with the way to what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.words import _
from linli.reach.notify import queries as notify
from linli.reach.notify.queries import Letter


@dataclass(frozen=True, slots=True)
class About:
    """What messages are about: the first words of their templates, and the page that tells more."""

    templates: tuple[str, ...]
    name: str
    icon: str
    page: str | None = None


ABOUT = (
    About(("bills_", "fees_", "deduction_", "plan_"), _("Bills"), "receipt", "owner:bills"),
    About(("invoice_",), _("Receipts"), "receipt", "owner:bill-receipts"),
    About(("parcel_",), _("Parcels"), "package", "owner:parcels"),
    About(("visitor_",), _("Visitors"), "ticket", "owner:visitors"),
    About(("order_", "refund_"), _("My orders"), "shopping-basket", "owner:orders"),
    About(("replenish_", "standing_"), _("What runs out soon"), "leaf", "owner:replenish"),
    About(("vote_", "proxy_"), _("Owners' votes"), "vote", "owner:votes"),
    About(("permit_",), _("Works, moves and goods"), "stamp", "owner:permits"),
    About(("work_",), _("Repairs and requests"), "wrench", "owner:work-orders"),
    About(("notice_",), _("Notices"), "megaphone", "owner:notices"),
    About(("outage_",), _("Outages"), "zap-off"),
)
ELSE = About((), _("Linli"), "message-circle")


@page("owner", "GET", "me/messages/", name="messages")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show the newest messages of a resident."""
    found = notify.letters(request.scope, locale=request.locale)
    return request.render("owner/messages.jinja", letters=[(each, _about(each)) for each in found])


def _about(letter: Letter) -> About:
    return next((each for each in ABOUT if letter.template.startswith(each.templates)), ELSE)
