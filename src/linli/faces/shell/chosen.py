"""Rows of a list that somebody ticked: which they are, and what is said of what became of each.

The address of such a form carries what the list's address says, so that the reader comes back to the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell import formats, messages
from linli.faces.shell.addresses import url
from linli.faces.shell.answers import see_other_at
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.requests import PageRequest
from linli.kernel.refusals import Invalid
from linli.kernel.together import MOST, Together

FIELD = "chosen"
MOST_NAMED, MOST_REASONS = 15, 4
"""What is said fits into the cookie that carries it."""


def chosen(request: PageRequest) -> tuple[UUID, ...]:
    """This will read which rows were ticked, or refuse where there is none."""
    ticked = tuple(dict.fromkeys(request.form.ids(FIELD)))
    if not ticked:
        raise Invalid(FIELD, _("Tick at least one row first."))
    if len(ticked) > MOST:
        raise Invalid(FIELD, _("Please choose at most {most}."), most=MOST)
    return ticked


def back(
    request: PageRequest, page: str, together: Together, *, said: str, names: Mapping[UUID, str], **query: object
) -> HttpResponse:
    """This will go back to the list and say what was done, and of the rows that were refused, which they are and why.

    `said` is what is said of those with which it was done; `names` are what rows are called.
    """
    return see_other_at(
        request.with_query(url(page, **query)),
        said=said if together.done else None,
        not_done="\n".join(_refused(together, names)) or None,
    )


def _refused(together: Together, names: Mapping[UUID, str]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for each in together.refused:
        by_reason.setdefault(messages.words_of(each.refusal), []).append(names.get(each.of, "–"))
    if not by_reason:
        return
    yield ngettext("{n} was left as it is.", "{n} were left as they are.", len(together.refused))
    for reason, called in islice(by_reason.items(), MOST_REASONS):
        which = formats.listed(sorted(called)[:MOST_NAMED])
        more = len(called) - MOST_NAMED
        if more > 0:
            which = ngettext("{listed} and {n} more", "{listed} and {n} more", more, listed=which)
        yield formats.said((which, reason))
