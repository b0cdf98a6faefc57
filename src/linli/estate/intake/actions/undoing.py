"""Undoing a batch: only what it made, as a whole, and not where something was built upon it since."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from linli.estate.billing import actions as billing
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.intake import rules
from linli.estate.intake.actions.taking import AT_ONCE, attributes_of
from linli.estate.intake.models import Batch, Made
from linli.estate.metering import actions as metering
from linli.ground.people import actions as people
from linli.ground.people.actions import Residing
from linli.ground.places import actions as places
from linli.ground.places import queries as known
from linli.ground.places.actions import HomeRow
from linli.kernel.ids import CommunityId, HomeId, IntakeId, ItemId, MeterId, PartyId, ReceiptId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.sign_in import queries as sign_in
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

Sorted = dict[str, list[Any]]


class SignedIn(Refusal):
    """Somebody of the batch uses the house by now."""

    says = _("{n} of the people of this batch have signed in meanwhile. It cannot be undone any more.")


@action(needs=May.IMPORT_ESTATE)
def undo_batch(scope: Scope, *, batch: IntakeId, at: datetime) -> None:
    """This will take back all that a batch made, or refuse with what was built upon it."""
    row = Batch.objects.within(scope).select_for_update().filter(pk=batch).first()
    if row is None:
        raise NotFound("batch")
    state = rules.BATCH_LIFE.after(rules.BatchState(row.state), rules.BatchVerb.UNDO)
    made: Sorted = defaultdict(list)
    for sort, things in Made.objects.within(scope).filter(batch=row).order_by("id").values_list("sort", "things"):
        made[sort] += things
    _insist_nobody_came(made)
    community = CommunityId(row.community)
    _charges(scope, community, made, at)
    _people_and_places(scope, row, made, at)
    Batch.objects.within(scope).filter(pk=row.pk).update(state=state.value, undone_by=scope.person, undone_at=at)


def _insist_nobody_came(made: Sorted) -> None:
    persons = {PartyId(UUID(each["party"])) for each in made["residency"]}
    came = sign_in.have_signed_in(SYSTEM, persons=persons) if persons else frozenset()
    if came:
        raise SignedIn(n=len(came))


def _charges(scope: Scope, community: CommunityId, made: Sorted, at: datetime) -> None:
    for source in made["opening"]:
        billing.withdraw_openings(scope, community=community, source=source, at=at)
    if made["credit"]:
        receipts = [ReceiptId(UUID(each)) for each in made["credit"]]
        today = known.day_in(community, at)
        billing.withdraw_credits(scope, community=community, receipts=receipts, on=today, at=at)
    if made["meter"]:
        metering.remove_meters(scope, meters=[MeterId(UUID(meter)) for meter in made["meter"]], at=at)
    groups: dict[tuple[str, str], list[HomeId]] = defaultdict(list)
    for each in made["assignment"]:
        groups[each["item"], each["start_on"]].append(HomeId(UUID(each["home"])))
    for (item, start_on), homes in groups.items():
        billing.withdraw_assignments(
            scope,
            community=community,
            item=ItemId(UUID(item)),
            homes=homes,
            start_on=date.fromisoformat(start_on),
            at=at,
        )
    new = [HomeId(UUID(each["home"])) for each in made["facts"] if each["before"] is None]
    if new:
        billing.forget_home_facts(scope, community=community, homes=new, at=at)
    before = [_fact(each["before"]) for each in made["facts"] if each["before"] is not None]
    for nth in range(0, len(before), AT_ONCE):
        billing.set_home_facts(scope, community=community, facts=before[nth : nth + AT_ONCE], at=at)


def _fact(kept: dict[str, Any]) -> HomeFact:
    return HomeFact(
        home=HomeId(UUID(kept["home"])),
        inner_area_m2=None if kept["inner_area_m2"] is None else Decimal(kept["inner_area_m2"]),
        coefficient=None if kept["coefficient"] is None else Decimal(kept["coefficient"]),
        floor=kept["floor"],
        persons=kept["persons"],
        attributes=attributes_of(kept["attributes"]),
    )


def _people_and_places(scope: Scope, row: Batch, made: Sorted, at: datetime) -> None:
    community = CommunityId(row.community)
    if made["residency"]:
        lived = [
            Residing(
                PartyId(UUID(each["party"])),
                HomeId(UUID(each["home"])),
                each["kind"],
                date.fromisoformat(each["start_on"]),
            )
            for each in made["residency"]
        ]
        people.take_back_residencies(scope, community=community, residencies=lived, registered_at=row.taken_at, at=at)
    if made["area"]:
        before = {HomeId(UUID(each["home"])): Decimal(each["area"]) for each in made["area"]}
        cards = known.homes(before)
        rows = [HomeRow(c.building, c.unit, c.label, before[home]) for home, c in cards.items()]
        places.add_homes(scope, community=community, rows=rows, at=at)
    if made["home"]:
        homes = [HomeId(UUID(home)) for home in made["home"]]
        places.remove_homes(scope, homes=homes, added_at=row.taken_at, at=at)
