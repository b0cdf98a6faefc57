"""Vouchers: granted to a giver, given to a car that is inside, charged to whoever owes them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import SubjectKind
from linli.estate.parking import rules
from linli.estate.parking.models import Session, Stock, VoucherRow
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId, VoucherStockId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

ITEM = "parking_vouchers"
ITEM_NAME = {"zh": "停车券", "en": "Parking vouchers"}
SOURCE = "parking_stock:"
MOST = 100_000


class NoneLeft(Refusal):
    """The stock is empty, over, or not paid yet."""

    says = _("No voucher of this kind is left to give.")


class NotThere(Refusal):
    """A voucher goes to a guest's car that is inside."""

    says = _("No guest's car of this plate is inside.")


class GivenAlready(Refusal):
    """One giver gives a stay one voucher."""

    says = _("You gave this car a voucher already.")


@action(needs=May.KEEP_PARKING)
def grant_vouchers(
    scope: Scope,
    *,
    community: CommunityId,
    giver: PartyId,
    kind: rules.VoucherKind,
    count: int,
    terms: rules.Terms,
    expires_at: datetime,
    minutes: int = 0,
    amount: Money = Money.zero,
    price: Money = Money.zero,
    at: datetime,
) -> VoucherStockId:
    """This will let a giver give so many vouchers until a day: prepaid (`price` for all), owed when used, or free.

    Prepaid ones are charged at once, and can be given when they are paid.
    """
    if community not in scope.communities:
        raise NotFound("community")
    _check(kind, count, terms, expires_at, minutes, amount, price, at)
    stock = Stock.objects.create(
        id=ids.new(),
        label=next_label("PV", place=community, day=places.day_in(community, at)),
        community=community,
        giver=giver,
        kind=kind.value,
        minutes=minutes,
        amount_minor=amount.minor,
        terms=terms.value,
        price_minor=price.minor,
        count=count,
        granted_at=at,
        opened_at=None if terms is rules.Terms.PREPAID else at,
        expires_at=expires_at,
    )
    if terms is rules.Terms.PREPAID:
        _charge(stock, price, f"{SOURCE}{stock.pk}", at)
    return VoucherStockId(stock.pk)


@action(needs=May.RUN_CLOCKS)
def open_stock(scope: Scope, *, stock: VoucherStockId, at: datetime) -> None:
    """This will let prepaid vouchers be given, now that they are paid."""
    Stock.objects.within(scope).filter(pk=stock, opened_at=None).update(opened_at=at)


@action(needs=May.KEEP_PARKING)
def close_stock(scope: Scope, *, stock: VoucherStockId, at: datetime) -> None:
    """This will end a stock; vouchers that were given stay good for their stays."""
    if not Stock.objects.within(scope).filter(pk=stock, closed_at=None).update(closed_at=at):
        raise NotFound("stock")


@action(needs=May.GIVE_PARKING_VOUCHERS, private=("plate",))
def give_voucher(scope: Scope, *, stock: VoucherStockId, plate: str, at: datetime) -> int:
    """This will give one voucher to a guest's car that is inside, and tell how many are left."""
    left = take_one(scope, stock, at)
    _give(SYSTEM, stock=stock, plate=rules.plate(plate).text, given_by=scope.person, at=at)
    return left


def take_one(scope: Scope, stock: VoucherStockId, at: datetime) -> int:
    """This will take one voucher out of a stock that is open, and tell how many are left."""
    row = Stock.objects.within(scope).filter(pk=stock).first()
    if row is None:
        raise NotFound("stock")
    taken = Stock.objects.within(scope).filter(
        pk=stock, opened_at__lte=at, expires_at__gt=at, closed_at=None, given__lt=F("count")
    )
    if not taken.update(given=F("given") + 1):
        raise NoneLeft
    return row.count - row.given - 1


@action(needs=May.RUN_CLOCKS, private=("plate",))
def _give(_scope: Scope, *, stock: VoucherStockId, plate: str, given_by: PartyId | None, at: datetime) -> None:
    """As the house: a giver does not see the stays of a community."""
    row = Stock.objects.inside().get(pk=stock)
    stay = guest_inside(row.community, plate)
    voucher = VoucherRow(
        id=ids.new(),
        stock=row,
        community=row.community,
        giver=row.giver,
        session=stay,
        state=rules.VOUCHER_LIFE.after(rules.VoucherState.OFFERED, rules.VoucherVerb.GIVE).value,
        given_by=given_by,
        given_at=at,
    )
    try:
        with transaction.atomic():
            voucher.save(force_insert=True)
    except IntegrityError as error:
        raise GivenAlready(field="plate") from error


def guest_inside(community: UUID, plate: str) -> Session:
    """This will lock the stay of a guest's car that is inside a community, or refuse."""
    inside = Session.objects.inside().select_for_update(of=("self",)).select_related("lot")
    inside = inside.filter(community=community, plate=plate, kind=rules.StayKind.TEMPORARY.value)
    stay = inside.filter(state=rules.SessionState.INSIDE.value).first()
    if stay is None:
        raise NotThere(field="plate")
    return stay


@action(needs=May.RUN_CLOCKS)
def charge_used(scope: Scope, *, stock: VoucherStockId, until: datetime, on: date, at: datetime) -> Money:
    """This will charge a giver what the vouchers of a stock bore until an instant, once a day."""
    row = Stock.objects.within(scope).select_for_update().filter(pk=stock, terms=rules.Terms.OWED.value).first()
    if row is None:
        return Money.zero
    used = VoucherRow.objects.within(scope).filter(
        stock=row, state=rules.VoucherState.USED.value, charged_at=None, used_at__lt=until
    )
    owed = Money(used.aggregate(sum=Sum("worth_minor"))["sum"] or 0)
    if owed:
        _charge(row, owed, f"parking_vouchers:{row.pk}:{on.isoformat()}", at)
        used.update(charged_at=at)
    return owed


def _charge(stock: Stock, amount: Money, source: str, at: datetime) -> None:
    """What a giver owes is a charge like any other; the agreement is what it is owed for."""
    community = CommunityId(stock.community)
    billing.charge_once(
        SYSTEM,
        community=community,
        subject=stock.pk,
        kind=SubjectKind.CONTRACT,
        obligor=PartyId(stock.giver),
        item=billing.ensure_item(SYSTEM, community=community, word=ITEM, name=ITEM_NAME, at=at),
        amount=amount,
        title={"zh": f"停车券 {stock.label}", "en": f"Parking vouchers {stock.label}"},
        source=source,
        at=at,
    )


def _check(
    kind: rules.VoucherKind,
    count: int,
    terms: rules.Terms,
    expires_at: datetime,
    minutes: int,
    amount: Money,
    price: Money,
    at: datetime,
) -> None:
    if not 0 < count <= MOST:
        raise Invalid("count", _("Between {low} and {high}."), low=1, high=MOST)
    if expires_at <= at:
        raise Invalid("expires_at", _("The last day has to be later than today."))
    if kind is rules.VoucherKind.MINUTES and not 0 < minutes <= 7 * 1440:
        raise Invalid("minutes", _("Between {low} and {high}."), low=1, high=7 * 1440)
    if kind is rules.VoucherKind.AMOUNT and not Money.zero < amount <= Money(1_000_000):
        raise Invalid("amount", _("Say how much a voucher takes off."))
    if (minutes and kind is not rules.VoucherKind.MINUTES) or (amount and kind is not rules.VoucherKind.AMOUNT):
        raise Invalid("kind", _("A voucher takes off minutes, an amount, or the whole stay."))
    if (price > Money.zero) != (terms is rules.Terms.PREPAID):
        raise Invalid("price", _("Prepaid vouchers have a price, others have none."))


def stock_of(source: str) -> VoucherStockId | None:
    """This will name the stock that a charge was for."""
    return VoucherStockId(UUID(source.removeprefix(SOURCE))) if source.startswith(SOURCE) else None
