"""Kitchens: what a shop says it can prepare, and the breath it takes when more is ordered than that."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import queries, rules
from linli.trade.delivery.models import Capacity, Kitchen
from linli.trade.shops import actions as shops

MOST_VALUE = Money(100_000_00)
MOST_MINUTES = 240


@action(needs=May.RUN_SHOP)
def set_kitchen(scope: Scope, *, shop: ShopId, kitchen: rules.KitchenTerms | None, at: datetime) -> None:
    """This will say what the shop's kitchen prepares in a quarter of an hour; None: as much as is ordered."""
    queries.insist_own(scope, shop)
    if kitchen is None:
        Kitchen.objects.filter(shop=shop).delete()
        return
    if not Money.zero < kitchen.value <= MOST_VALUE:
        raise Invalid("value", _("Between {least} and {most}."), least=Money(1), most=MOST_VALUE)
    if not 1 <= kitchen.minutes <= MOST_MINUTES:
        raise Invalid("minutes", _("Between 1 and {most} minutes"), most=MOST_MINUTES)
    if not 15 <= kitchen.queue_minutes <= 2 * 60:
        raise Invalid("queue_minutes", _("Between 15 and 120 minutes"))
    Kitchen.objects.update_or_create(
        shop=shop,
        defaults={
            "value_minor": kitchen.value.minor,
            "minutes": kitchen.minutes,
            "pauses_by_itself": kitchen.pauses_by_itself,
            "queue_minutes": kitchen.queue_minutes,
            "changed_at": at,
        },
    )


@action(needs=May.RUN_CLOCKS)
def pause_overloaded(scope: Scope, *, shop: ShopId, at: datetime) -> bool:
    """This will pause a shop whose kitchen has more before it than the queue it allows, and tell whether it did.

    The pause is the shop's own kind: buyers and merchant see it, and it ends by itself.
    """
    kitchen = Kitchen.objects.filter(shop=shop).first()
    if kitchen is None:
        return False
    taken = dict(
        Capacity.objects.filter(axis=rules.Axis.KITCHEN, subject=shop, end_at__gt=at).values_list("start_at", "taken")
    )
    terms = rules.KitchenTerms(
        value=Money(kitchen.value_minor),
        minutes=kitchen.minutes,
        pauses_by_itself=kitchen.pauses_by_itself,
        queue_minutes=kitchen.queue_minutes,
    )
    until = rules.overload_until(terms, taken, at)
    if until is None:
        return False
    shops.pause(SYSTEM, shop=shop, until=until, at=at)
    return True
