"""What is charged: items, their tariffs from a day on, what is known of homes, and what an item is charged to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.models import Assignment, HomeFacts, Item
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_HOMES = 5_000
ORDINARY = 100
"""The priority of an item of which nobody says more."""


class TakenWord(Refusal):
    """Two items of a company would share one income account."""

    says = _("There is already an item of this word.")


class Overlaps(Refusal):
    """At any time one tariff, and one assignment, holds."""

    says = _("Something else holds on some of these days already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFact:
    """What charging knows of a home; None leaves a value unknown, and a formula that needs it stopped."""

    home: HomeId
    inner_area_m2: Decimal | None = None
    coefficient: Decimal | None = None
    floor: int | None = None
    persons: int | None = None
    attributes: Mapping[str, Decimal] = field(default_factory=dict)


def company_of(scope: Scope) -> PartyId:
    """This will give the company whose staff asks."""
    if scope.company is None:
        raise NotFound("item")
    return scope.company


@action(needs=May.KEEP_TARIFFS)
def add_item(
    scope: Scope,
    *,
    word: str,
    name: Mapping[str, str],
    payer: rules.Payer = rules.Payer.OWNER,
    priority: int = ORDINARY,
    payable_online: bool = True,
    at: datetime,
) -> ItemId:
    """This will add something to charge for; `word` names its income account and never changes."""
    if not name.get("zh") and not name.get("en"):
        raise Invalid("name", _("An item needs a name."))
    item = ItemId(ids.new())
    row = Item(
        id=item,
        company=company_of(scope),
        word=word,
        name=dict(name),
        payer=payer.value,
        priority=priority,
        payable_online=payable_online,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "billing_item_word" in str(error):
            raise Invalid("word", _("A word of small letters, figures and underscores, 32 at most.")) from error
        raise TakenWord(field="word") from error
    return item


@action(needs=May.KEEP_TARIFFS)
def ensure_item(scope: Scope, *, community: CommunityId, word: str, name: Mapping[str, str], at: datetime) -> ItemId:
    """This will give the item of a word of the company that looks after a community, adding it where it lacks.

    For what other modules charge: a repair, a permit, a booking, a lost card.
    """
    company = people.company_of([community], at=at).get(community)
    if company is None or (not scope.is_inside and community not in scope.communities):
        raise NotFound("community")
    Item.objects.bulk_create(
        [
            Item(
                company=company,
                word=word,
                name=dict(name),
                payer=rules.Payer.OWNER.value,
                priority=ORDINARY,
                payable_online=True,
            )
        ],
        ignore_conflicts=True,
    )
    return ItemId(Item.objects.within(scope).values_list("pk", flat=True).get(company=company, word=word))


@action(needs=May.KEEP_TARIFFS)
def change_item(
    scope: Scope,
    *,
    item: ItemId,
    name: Mapping[str, str],
    payer: rules.Payer,
    priority: int,
    payable_online: bool,
    at: datetime,
) -> None:
    """This will change what an item is called, who owes it from the next draft on, and how it is paid.

    Its word stays: accounts are named by it. What went out stays owed by whoever owes it.
    """
    if not name.get("zh") and not name.get("en"):
        raise Invalid("name", _("An item needs a name."))
    scope.insist_on_all_communities()
    row = item_row(scope, item)
    Item.objects.within(scope).filter(pk=row.pk).update(
        name=dict(name), payer=payer.value, priority=priority, payable_online=payable_online
    )


@action(needs=May.KEEP_TARIFFS)
def retire_item(scope: Scope, *, item: ItemId, at: datetime) -> None:
    """This will take an item out of what can be assigned; what was issued of it stays."""
    scope.insist_on_all_communities()
    Item.objects.within(scope).filter(pk=item_row(scope, item).pk, retired_at=None).update(retired_at=at)


@action(needs=May.KEEP_TARIFFS)
def set_home_facts(scope: Scope, *, community: CommunityId, facts: Sequence[HomeFact], at: datetime) -> int:
    """This will set what charging knows of homes; all of a home's facts at once."""
    _insist_on_homes(scope, community, [fact.home for fact in facts])
    rows = HomeFacts.objects.bulk_create(
        [
            HomeFacts(
                id=fact.home,
                community=community,
                inner_area_m2=fact.inner_area_m2,
                coefficient=fact.coefficient,
                floor=fact.floor,
                persons=fact.persons,
                attributes={name: str(value) for name, value in fact.attributes.items()},
            )
            for fact in facts
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["inner_area_m2", "coefficient", "floor", "persons", "attributes"],
    )
    return len(rows)


@action(needs=May.KEEP_TARIFFS)
def assign(
    scope: Scope,
    *,
    item: ItemId,
    community: CommunityId,
    homes: Sequence[HomeId],
    start_on: date,
    end_on: date | None = None,
    parameters: Mapping[str, str] | None = None,
    at: datetime,
) -> int:
    """This will charge an item to homes from a day on, all or none; tells how many."""
    row = _to_be_charged(scope, item, start_on, end_on)
    _insist_on_homes(scope, community, homes)
    return insert_assignments(
        Assignment(
            item=row,
            community=community,
            subject=home,
            subject_kind=rules.SubjectKind.HOME.value,
            home=home,
            start_on=start_on,
            end_on=end_on,
            parameters=dict(parameters or {}),
        )
        for home in homes
    )


@action(needs=May.KEEP_TARIFFS)
def assign_subject(
    scope: Scope,
    *,
    item: ItemId,
    community: CommunityId,
    subject: UUID,
    kind: rules.SubjectKind,
    obligor: PartyId,
    home: HomeId | None = None,
    start_on: date,
    end_on: date | None = None,
    parameters: Mapping[str, str] | None = None,
    at: datetime,
) -> None:
    """This will charge an item to a parking space or a contract, for which the obligor named here owes it.

    With a `home` the bills are shown there. When the obligor changes, end the assignment and assign anew.
    """
    row = _to_be_charged(scope, item, start_on, end_on)
    if kind is rules.SubjectKind.HOME:
        raise Invalid("kind", _("A home is charged to whoever owns or rents it."))
    if home is not None:
        _insist_on_homes(scope, community, [home])
    elif not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    insert_assignments(
        [
            Assignment(
                item=row,
                community=community,
                subject=subject,
                subject_kind=kind.value,
                home=home,
                obligor=obligor,
                start_on=start_on,
                end_on=end_on,
                parameters=dict(parameters or {}),
            )
        ]
    )


def _to_be_charged(scope: Scope, item: ItemId, start_on: date, end_on: date | None) -> Item:
    row = item_row(scope, item)
    if row.retired_at is not None:
        raise Invalid("item", _("This item is no longer charged."))
    if end_on is not None and end_on <= start_on:
        raise Invalid("end_on", _("The end comes after the start."))
    return row


def insert_assignments(rows: Iterable[Assignment]) -> int:
    """This will insert assignments, all or none; refused where something else is charged on some of the days."""
    try:
        with transaction.atomic():
            return len(Assignment.objects.bulk_create(rows))
    except IntegrityError as error:
        raise Overlaps(field="start_on") from error


@action(needs=May.KEEP_TARIFFS)
def end_assignment(scope: Scope, *, item: ItemId, subject: UUID, end_on: date, at: datetime) -> None:
    """This will charge an item to a subject up to a day, and not with it; days issued already are to be credited."""
    held = Assignment.objects.within(scope).filter(item=item, subject=subject, start_on__lt=end_on)
    if not held.filter(Q(end_on=None) | Q(end_on__gt=end_on - timedelta(days=1))).update(end_on=end_on):
        raise NotFound("assignment")


def item_row(scope: Scope, item: ItemId) -> Item:
    """This will give an item of the company that asks, or refuse with `NotFound`."""
    row = Item.objects.within(scope).filter(pk=item).first()
    if row is None:
        raise NotFound("item")
    return row


def _insist_on_homes(scope: Scope, community: CommunityId, homes: Sequence[HomeId]) -> None:
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    if not 0 < len(homes) <= MOST_HOMES or len(set(homes)) != len(homes):
        raise Invalid("homes", _("Between 1 and {most} homes, each once."), most=MOST_HOMES)
    known = places.homes(homes)
    for nth, home in enumerate(homes):
        if home not in known or known[home].community != community:
            raise Invalid(f"homes.{nth}", _("There is no such home in this community."))


_ATTRIBUTES = (
    "SELECT DISTINCT jsonb_object_keys(attributes) FROM billing_home WHERE community = ANY(%s::uuid[]) LIMIT 200"
)


def known_attributes(scope: Scope) -> frozenset[str]:
    """This will name the attributes that some home has; a formula may ask for no others."""
    rows: list[tuple[Any, ...]] = sql.fetch(_ATTRIBUTES, list(scope.communities))
    return frozenset(row[0] for row in rows)
