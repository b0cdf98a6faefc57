"""Payouts as a sheet to take away: a payee's own at its desk, a city's at the platform's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.requests import PageRequest
from linli.faces.shell.sheets import sheet
from linli.kernel.ids import PartyId
from linli.money.payouts.queries import PayoutCard


def payouts_sheet(
    request: PageRequest, found: Sequence[PayoutCard], names: Mapping[PartyId, str] | None = None
) -> HttpResponse:
    """This will give payouts as a sheet; with `names`, each with the payee it is for."""
    columns = [_("Drawn"), _("Claimed"), _("Set off"), _("Sent"), _("State"), _("Why")]
    if names is not None:
        columns.insert(1, _("Payee"))
    rows = (
        (
            *((one.drawn_at,) if names is None else (one.drawn_at, names.get(one.payee, ""))),
            *(one.gross, one.netted, one.amount, one.state, one.reason),
        )
        for one in found
    )
    return sheet(request.query, "payouts", columns, rows)
