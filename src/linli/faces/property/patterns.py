"""A community is set up as another one: both side by side, what to take over, from which day, and back again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

from linli.estate.patterns import actions, queries
from linli.estate.patterns.rules import AT_ONCE, PARTS, SETTINGS, Row, Status
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell import policies as shown
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext, pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.ground.policies import queries as policies
from linli.kernel.ids import CommunityId, PatternId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.SET_POLICIES
A_PAGE = 20
KEEP, OVERWRITE = "keep", "overwrite"


@dataclass(frozen=True)
class PartView:
    """One part of both communities: how many things are new, otherwise, the same or only there, and those to see."""

    part: str
    name: str
    at_once: bool
    rows: tuple[Row, ...]

    def count(self, status: str) -> int:
        return sum(row.status == status for row in self.rows)

    @property
    def has_something(self) -> bool:
        return any(row.status in (Status.NEW, Status.DIFFERS) for row in self.rows)

    @property
    def seen(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.status is not Status.SAME)


@page("property", "GET", "patterns/", needs=NEEDS)
def patterns(request: PropertyRequest) -> HttpResponse:
    """This will set two communities side by side, and list what was taken over before."""
    cards = own_communities(request)
    if not cards:
        raise NotFound("community")
    target = _card(cards, request.query.maybe_id("target")) or cards[0]
    source = _card(cards, request.query.maybe_id("source"))
    start_on = request.query.maybe_day("start_on") or places.day_in(target.id, request.at)
    after = request.query.maybe_id("after")
    batches = queries.batches(
        request.scope, community=target.id, after=PatternId(after) if after else None, limit=A_PAGE + 1
    )
    who = {each.taken_by for each in batches if each.taken_by}
    return request.render(
        "property/patterns.jinja",
        communities=cards,
        names={card.id: card.name for card in cards},
        source=source,
        target=target,
        start_on=start_on.isoformat(),
        parts=_beside(request, source, target, start_on) if source and source.id != target.id else None,
        part_names=_part_names(),
        batches=batches[:A_PAGE],
        more=batches[A_PAGE - 1].id if len(batches) > A_PAGE else None,
        people=people.names(request.scope, parties=who) if who else {},
        labels=_labels(),
        said=_said,
    )


@page("property", "GET", "patterns/file/", name="patterns-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give as a sheet what a community took over from others, the latest first."""
    cards = own_communities(request)
    target = _card(cards, request.query.maybe_id("target"))
    if target is None:
        raise NotFound("community")
    named = {card.id: in_language(card.name) for card in cards}
    found = queries.batches(request.scope, community=target.id, limit=most_rows())
    who = {each.taken_by for each in found if each.taken_by}
    names, parts = people.names(request.scope, parties=who) if who else {}, _part_names()
    columns = [_("When"), pgettext("template", "From"), _("Holds from"), _("What"), _("Who"), _("State"), _("Undone")]
    rows = (
        (
            *(one.taken_at, named.get(one.source, ""), one.start_on),
            " · ".join(f"{parts.get(part, part)} ({n})" for part, n in one.did.items()),
            *(names.get(one.taken_by, "") if one.taken_by else "", one.state, one.undone_at),
        )
        for one in found
    )
    return sheet(request.query, "taken-over", columns, rows)


@page("property", "POST", "patterns/", needs=NEEDS)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will take the chosen parts over."""
    source, target = CommunityId(request.form.id("source")), CommunityId(request.form.id("target"))
    taken = actions.take_over(
        request.scope,
        source=source,
        target=target,
        parts=tuple(request.form.many("parts")),
        overwrites=request.form.raw("differing") == OVERWRITE,
        start_on=request.form.day("start_on"),
        at=request.at,
    )
    said = _("Everything stood like this already; nothing was changed.")
    if taken.batch is not None:
        said = ngettext("{n} thing was taken over.", "{n} things were taken over.", sum(taken.counts.values()))
    return see_other("property:patterns", said=said, target=target)


@page(
    "property", "POST", "patterns/<uuid:batch>/undoing/", name="pattern-undoing", asks="property:patterns", needs=NEEDS
)
def undo(request: PropertyRequest, batch: PatternId) -> HttpResponse:
    """This will take back what a batch made."""
    actions.undo(request.scope, batch=batch, at=request.at)
    said = _("The community is set up as it was before.")
    return see_other("property:patterns", said=said, target=request.form.maybe_id("target"))


def _card(cards: tuple[CommunityCard, ...], asked: object) -> CommunityCard | None:
    if asked is None:
        return None
    found = next((card for card in cards if card.id == asked), None)
    if found is None:
        raise NotFound("community")
    return found


def _beside(
    request: PropertyRequest, source: CommunityCard, target: CommunityCard, start_on: date
) -> tuple[PartView, ...]:
    rows = queries.likeness(request.scope, source=source.id, target=target.id, start_on=start_on, at=request.at)
    by_part: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_part[row.part].append(row)
    names = _part_names()
    views = [PartView(part, names.get(part, part), part in AT_ONCE, tuple(some)) for part, some in by_part.items()]
    return tuple(sorted(views, key=lambda view: not view.has_something))


def _part_names() -> dict[str, str]:
    """What each part is called: the policies by what they are about."""
    found = {part: _(says) for part, says in PARTS.items()}
    return found | {
        f"{SETTINGS}{cls.word}": _("Settings: {about}", about=_(cls.says) if cls.says else cls.word)
        for cls in policies.policy_classes()
    }


def _said(where: str, value: object) -> str:
    """One part of a thing in words: its label and its value, minutes of the day as a clock and weekdays by name."""
    if value is None:
        said = "–"
    elif where.endswith(("opens_min", "closes_min", "start_minute")) and isinstance(value, int):
        said = f"{value // 60:02}:{value % 60:02}"
    elif where.endswith("weekdays") and isinstance(value, list):
        said = formats.listed(_weekdays()[day] for day in value)
    elif isinstance(value, list):
        said = formats.listed(_one(each) for each in value)
    else:
        said = shown.written(value)
    return said if where == "value" else f"{_labels().get(where, where)} {said}"


def _one(value: object) -> str:
    """One of several: a point to look at by its words, a stop by its point."""
    if isinstance(value, dict):
        return str(value.get("words", ""))
    return str(value[0]) if isinstance(value, list) else str(value)


def _weekdays() -> tuple[str, ...]:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _labels() -> dict[str, str]:
    """What the parts of a thing are called where they are otherwise; the rest goes by its path."""
    return {
        "value": _("Value"),
        "minutes.accept": _("Minutes to accept"),
        "minutes.arrive": _("Minutes to arrive"),
        "minutes.finish": _("Minutes to finish"),
        "way": _("How it is given"),
        "price": _("Price"),
        "parameters.price": _("Price"),
        "capacity": _("Persons"),
        "text": _("Rules"),
        "hours.weekdays": _("Days of the week"),
        "hours.opens_min": pgettext("venue", "Opens"),
        "hours.closes_min": pgettext("venue", "Closes"),
        "hours.slot_min": _("Minutes of a slot"),
        "items": _("What is looked at"),
        "stops": _("Points"),
        "weekdays": _("Days of the week"),
        "start_minute": _("Begins at"),
        "minutes": _("Minutes"),
        "preset": _("How it is charged"),
        "formula": _("Formula"),
        "parameters.surcharge": _("Surcharge"),
        "free_minutes": _("Free minutes"),
        "usual.cap": _("At most a day"),
        "place": _("Where"),
    }
