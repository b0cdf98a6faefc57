"""What the desk sees of its cabinets, and where one thing lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.reach.lockers import rules
from linli.reach.lockers.models import Cabinet, Compartment
from linli.reach.lockers.rules import Size
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_CABINETS = 50
_UNSAID = """
    SELECT b.label, c.nth, c.taken_at FROM lockers_compartment AS c JOIN lockers_cabinet AS b ON b.id = c.cabinet_id
    WHERE c.subject IS NOT NULL AND c.shut_at IS NULL AND c.taken_at < %s ORDER BY c.taken_at LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class CompartmentCard:
    """One door as the desk sees it; `subject` is what lies in it, `is_in` whether that is known."""

    compartment: UUID
    nth: int
    size: Size
    subject: UUID | None
    taken_at: datetime | None
    is_in: bool
    due_at: datetime | None
    is_broken: bool


@dataclass(frozen=True, slots=True)
class CabinetCard:
    """A cabinet with its doors."""

    cabinet: UUID
    community: CommunityId
    label: str
    machine: str
    sign: str
    doors: tuple[CompartmentCard, ...]

    @property
    def free(self) -> int:
        """So many doors are free and in order."""
        return sum(door.subject is None and not door.is_broken for door in self.doors)


@dataclass(frozen=True, slots=True)
class Lies:
    """Where one thing lies, or is being put in. `sign` stands on the cabinet."""

    compartment: UUID
    machine: str
    nth: int
    spot: str
    sign: str
    is_in: bool


@query
def cabinets(scope: Scope, *, community: CommunityId) -> tuple[CabinetCard, ...]:
    """This will show the cabinets of a community to its desk; two statements."""
    if not scope.may(May.RUN_PARCELS):
        raise Denied
    rows = list(
        Cabinet.objects.within(scope)
        .filter(community=community, closed_at__isnull=True)
        .order_by("label")[:MOST_CABINETS]
    )
    doors: dict[UUID, list[CompartmentCard]] = {row.pk: [] for row in rows}
    if rows:
        for each in Compartment.objects.within(scope).filter(cabinet__in=rows).order_by("cabinet", "nth"):
            doors[each.cabinet_id].append(
                CompartmentCard(
                    each.pk,
                    each.nth,
                    rules.size_of(each.size),
                    each.subject,
                    each.taken_at,
                    each.shut_at is not None,
                    each.due_at,
                    each.broken_at is not None,
                )
            )
    return tuple(
        CabinetCard(row.pk, CommunityId(row.community), row.label, row.machine, row.sign, tuple(doors[row.pk]))
        for row in rows
    )


@query
def compartment_of(scope: Scope, *, subject: UUID) -> Lies | None:
    """This will tell the house where a thing lies; it tells whoever may know."""
    if not scope.is_inside:
        raise Denied
    row = Compartment.objects.inside().select_related("cabinet").filter(subject=subject).first()
    if row is None:
        return None
    box = row.cabinet
    spot = rules.spot_of(box.label, row.nth)
    return Lies(row.pk, box.machine, row.nth, spot, box.sign, row.shut_at is not None)


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for compartments that were opened for something of which nobody ever said that it is in."""
    if not scope.is_inside:
        raise Denied
    return (find(_("What a locker was opened for is in it"), _UNSAID, _unsaid, at - rules.PUT_IN_WITHIN),)


def _unsaid(label: str, nth: int, taken_at: datetime) -> Told:
    words = _("Compartment {spot} was opened at {taken_at}, and nobody said that something is in.")
    return told(words, spot=rules.spot_of(label, nth), taken_at=taken_at)
