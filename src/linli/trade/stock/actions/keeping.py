"""The stock book: goods come in, are counted, written off, and leave when they are past their date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel import ids
from linli.kernel.ids import BatchId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock import events
from linli.trade.stock.models import Batch, Level, Movement
from linli.trade.stock.rules import MOST_UNITS, MovementKind

MOST_RECEIPTS = 2000


class ReservedGoods(Refusal):
    """Units that are held for orders cannot be taken out of the books; the orders have to go first."""

    says = _("{reserved} of these are held for orders. Serve or refuse those orders first.")


class NotThatMany(Refusal):
    """More would be taken out than is there."""

    says = _("There are not that many of these.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Units of a variant that came in together. `cost` is of one unit; None where it is not known."""

    variant: VariantId
    quantity: int
    cost: Money | None = None
    expires_at: datetime | None = None


@action(needs=May.KEEP_STOCK, private=("cost",))
def receive_batch(
    scope: Scope,
    *,
    variant: VariantId,
    quantity: int,
    cost: Money | None = None,
    expires_at: datetime | None = None,
    at: datetime,
) -> BatchId:
    """This will take in a batch and put it on sale; opens the level of a variant that has none yet."""
    receipt = Receipt(variant=variant, quantity=quantity, cost=cost, expires_at=expires_at)
    return receive_batches(scope, receipts=(receipt,), at=at)[0]


@action(needs=May.KEEP_STOCK, private=("receipts",))
def receive_batches(scope: Scope, *, receipts: Sequence[Receipt], at: datetime) -> tuple[BatchId, ...]:
    """This will take in many batches in one statement."""
    if not 0 < len(receipts) <= MOST_RECEIPTS:
        raise Invalid("receipts", _("Between 1 and {most} batches at a time"), most=MOST_RECEIPTS)
    for n, receipt in enumerate(receipts):
        _check(receipt, f"receipts.{n}", at)
    variants = [receipt.variant for receipt in receipts]
    shops = _shops_of(scope, variants)
    batches = [BatchId(ids.new()) for _ in receipts]
    sql.fetch(
        "SELECT stock_receive(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::bigint[], %s::timestamptz[], %s)",
        batches,
        variants,
        [shops[variant] for variant in variants],
        [receipt.quantity for receipt in receipts],
        [receipt.cost.minor if receipt.cost is not None else None for receipt in receipts],
        [receipt.expires_at for receipt in receipts],
        at,
    )
    return tuple(batches)


def _check(receipt: Receipt, path: str, at: datetime) -> None:
    if not 0 < receipt.quantity <= MOST_UNITS:
        raise Invalid(f"{path}.quantity", _("A whole number of at least 1 is needed"))
    if receipt.cost is not None and receipt.cost < Money.zero:
        raise Invalid(f"{path}.cost", _("A cost cannot be negative"))
    if receipt.expires_at is not None and receipt.expires_at <= at:
        raise Invalid(f"{path}.expires_at", _("This batch has already expired"))


@action(needs=May.KEEP_STOCK, private=("why",))
def write_off(
    scope: Scope, *, variant: VariantId, quantity: int, why: str, batch: BatchId | None = None, at: datetime
) -> None:
    """This will take out broken, spoilt or missing units, of one batch or first expired first, all or none."""
    _shops_of(scope, [variant])
    if not 0 < quantity <= MOST_UNITS:
        raise Invalid("quantity", _("A whole number of at least 1 is needed"))
    if not why.strip():
        raise Invalid("why", _("Please say why"))
    _remove(variant, batch, quantity, MovementKind.WRITE_OFF, why, at)


@action(needs=May.KEEP_STOCK, private=("why",))
def count_stock(scope: Scope, *, variant: VariantId, counted: int, why: str = "", at: datetime) -> int:
    """This will make the book say what was counted on the shelf, and give the difference (negative: missing)."""
    shop = _shops_of(scope, [variant])[variant]
    if not 0 <= counted <= MOST_UNITS:
        raise Invalid("counted", _("A whole number is needed"))
    sql.fetch("SELECT stock_lock(%s::uuid[])", [variant])
    level = Level.objects.filter(variant=variant).first()
    difference = counted - (level.on_hand if level else 0)
    if difference < 0:
        _remove(variant, None, -difference, MovementKind.COUNT, why, at)
    elif difference > 0:
        _add_found(scope, variant, shop, difference, why, at)
    return difference


def _add_found(scope: Scope, variant: VariantId, shop: ShopId, quantity: int, why: str, at: datetime) -> None:
    """Found units are taken for the ones that came in last and are still good, or for a batch that nobody booked."""
    last = Batch.objects.filter(variant=variant).exclude(expires_at__lte=at).order_by("-id").first()
    if last is None:
        last = Batch.objects.create(variant_id=variant, received=quantity, remaining=quantity, received_at=at)
    else:
        Batch.objects.filter(pk=last.pk).update(remaining=last.remaining + quantity)
    Movement.objects.create(
        variant_id=variant,
        batch=last,
        kind=MovementKind.COUNT.value,
        quantity=quantity,
        person=scope.person,
        why=why,
        at=at,
    )
    sql.run(
        "INSERT INTO stock_level AS l (variant_id, shop_id, on_hand, reserved) VALUES (%s, %s, %s, 0)"
        " ON CONFLICT (variant_id) DO UPDATE SET on_hand = l.on_hand + excluded.on_hand",
        variant,
        shop,
        quantity,
    )


@action(needs=May.RUN_CLOCKS)
def dispose_expired(_scope: Scope, *, most: int = 500, at: datetime) -> int:
    """This will move units past their date out of stock, with a movement each, and tell how many variants it met."""
    rows = sql.fetch("SELECT variant, shop, quantity FROM stock_dispose(%s, %s)", most, at)
    for variant, shop, quantity in rows:
        tell(events.GoodsExpired(shop=shop, variant=variant, quantity=quantity, at=at))
    return len(rows)


def _remove(
    variant: VariantId, batch: BatchId | None, quantity: int, kind: MovementKind, why: str, at: datetime
) -> None:
    row = sql.fetch_one("SELECT stock_remove(%s, %s, %s, %s, %s, %s)", variant, batch, quantity, kind.value, why, at)
    taken = row[0] if row else 0
    if taken == quantity:
        return
    level = Level.objects.filter(variant=variant).first()  # without what was taken, which the refusal brings back
    held = level.reserved if level else 0
    here = level.on_hand + taken if level else 0
    if here < quantity or (batch and here - held >= quantity):
        raise NotThatMany(field="quantity")
    raise ReservedGoods(field="quantity", reserved=held)


def _shops_of(scope: Scope, variants: Sequence[VariantId]) -> dict[VariantId, ShopId]:
    """The shops that sell the variants; somebody else's variant does not exist."""
    shops = catalogue.owners(variants=variants)
    for variant in variants:
        if variant not in shops or not (scope.is_inside or shops[variant] == scope.shop):
            raise NotFound("variant", field="variant")
    return shops
