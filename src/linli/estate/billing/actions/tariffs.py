"""What an item costs since when: a version is proved, begins where the bills end, and may be taken back unused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import msgspec
from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import MOST_HOMES, item_row, known_attributes
from linli.estate.billing.models import Assignment, DraftLine, Item, Line, Month, TariffVersion, Term
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ItemId, TariffId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


class HoldsFrom(Refusal):
    """A version that begins then or later stands in the way."""

    says = _("A version holds there from {day} on already. Please choose a later day, or withdraw that one first.")


class BilledUntil(Refusal):
    """What went out stays as it was: a new price begins where the bills end."""

    says = _("These days were billed already. Please choose {day} or later; what was billed wrongly is credited.")


class Used(Refusal):
    """A version that holds or was billed is followed by another, and stays."""

    says = _("This version holds already or was billed by. Set another one that follows it.")


class OtherBasis(Refusal):
    """An item by the readings of the month before bills other days than one by the month: they would cross."""

    says = _("What is charged by readings of the month before cannot turn into another way of charging. Add an item.")


@action(needs=May.KEEP_TARIFFS)
def set_tariff(
    scope: Scope,
    *,
    item: ItemId,
    draft: rules.TariffDraft,
    start_on: date,
    community: CommunityId | None = None,
    at: datetime,
) -> TariffId:
    """This will have an item cost this from a day on; the version before ends there, later ones stay refused.

    The formula is proved first, also by the amounts of their own that homes have: what could fail on some home later
    is refused now, with its place.
    """
    row = item_row(scope, item)
    scope.insist_on_settling(community)
    attributes = known_attributes(scope)
    rules.ready(draft, attributes)
    full = rules.written_out(draft)
    _insist_on_one_way(scope, row, full)
    own = Assignment.objects.within(scope).filter(Q(end_on=None) | Q(end_on__gt=start_on), item=row)
    for amounts in own.exclude(parameters={}).values_list("parameters", flat=True).distinct()[:MOST_HOMES]:
        rules.ready(replace(full, parameters={**full.parameters, **amounts}), attributes)
    versions = TariffVersion.objects.within(scope).filter(item=row, community=community)
    later = versions.filter(start_on__gte=start_on).order_by("start_on").values_list("start_on", flat=True).first()
    if later is not None:
        raise HoldsFrom(field="start_on", day=later.isoformat())
    _insist_on_days_to_come(scope, row, community, start_on)
    versions.filter(Q(end_on=None) | Q(end_on__gt=start_on)).update(end_on=start_on)
    tariff = TariffId(ids.new())
    TariffVersion.objects.create(
        id=tariff,
        item=row,
        company=row.company,
        community=community,
        start_on=start_on,
        preset=full.preset,
        formula=full.formula,
        basis=full.basis.value,
        parameters=dict(full.parameters),
        terms=msgspec.to_builtins(full.terms),
        set_at=at,
    )
    return tariff


@action(needs=May.KEEP_TARIFFS)
def withdraw_tariff(scope: Scope, *, item: ItemId, tariff: TariffId, on: date, at: datetime) -> None:
    """This will take back a version that begins after `on` and that nothing was sold by; the one before holds on.

    Months that were drafted by it are to be drafted again.
    """
    row = item_row(scope, item)
    versions = TariffVersion.objects.within(scope).select_for_update().filter(item=row)
    version = versions.filter(pk=tariff).first()
    if version is None:
        raise NotFound("tariff")
    scope.insist_on_settling(version.community)
    stands_on_it = (model.objects.inside().filter(item=row, tariff=version).exists() for model in (Line, Term))
    if version.start_on <= on or any(stands_on_it):
        raise Used(field="tariff")
    drafts = DraftLine.objects.inside().filter(item=row, tariff=version)
    Month.objects.inside().filter(pk__in=set(drafts.values_list("month", flat=True))).update(drafted_at=None)
    drafts.delete()
    before = versions.filter(community=version.community, end_on=version.start_on).first()
    version.delete()
    if before is not None:
        TariffVersion.objects.within(scope).filter(pk=before.pk).update(end_on=version.end_on)


_BILLED = """
    SELECT max(m.first_on) FROM billing_month m
    WHERE m.state <> 'open' AND m.community = ANY(%s::uuid[])
      AND EXISTS (SELECT FROM billing_assignment a WHERE a.item_id = %s AND a.community = m.community
                  AND a.start_on < m.first_on + interval '1 month' AND (a.end_on IS NULL OR a.end_on > m.first_on))
"""


def _insist_on_days_to_come(scope: Scope, row: Item, community: CommunityId | None, start_on: date) -> None:
    """Where another version held on that day, the months that went out by it are not priced anew behind its back."""
    held = TariffVersion.objects.within(scope).filter(Q(community=community) | Q(community=None), item=row)
    if not held.filter(Q(end_on=None) | Q(end_on__gt=start_on), start_on__lt=start_on).exists():
        return
    ((last,),) = sql.fetch(_BILLED, [community] if community else list(scope.communities), row.pk)
    if last is not None and start_on < (until := rules.add_months(last, 1, anchor=1)):
        raise BilledUntil(field="start_on", day=until.isoformat())


def _insist_on_one_way(scope: Scope, item: Item, draft: rules.TariffDraft) -> None:
    """A month cannot be billed by the readings of the month before and as a month as well: that is another item."""
    others = TariffVersion.objects.within(scope).filter(item=item).exclude(basis=draft.basis.value)
    if draft.terms.read == rules.OF_ITS_MONTH:
        others = others.exclude(terms__read=msgspec.to_builtins(rules.OF_ITS_MONTH)).filter(terms__has_key="read")
    if others.exists():
        raise OtherBasis(field="preset")
