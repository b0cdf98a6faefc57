"""Segments of homes as a sheet, for the desks that look at them; a group too small to be told stays empty."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.sheets import sheet
from linli.insight.dashboards.rules import Segment, Shown


def segments_sheet(query: Fields, first: str, lines: Iterable[tuple[str, Shown]]) -> HttpResponse:
    """This will give a line of counts for each name; `first` is the heading of the names."""
    words = {
        Segment.REGULAR: _("Regulars"),
        Segment.LAPSING: _("Lapsing"),
        Segment.NEW: _("New homes"),
        Segment.AT_TIMES: _("At times"),
        Segment.GONE: _("Stopped buying"),
    }
    columns = [first, *words.values(), _("Homes that bought")]
    rows = ((name, *(shown.of[segment] for segment in words), shown.total) for name, shown in lines)
    return sheet(query, "customers", columns, rows)
