"""What a task done pays: reckoned from the policy, posted to the ledger once, noted for the next payout."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, OrderId, PartyId, ShiftId
from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import COURIER_PAY, Draft, credit, debit, delivery_payable, platform_book
from linli.money.payouts import actions as payouts
from linli.money.payouts.rules import Earning as Earned
from linli.money.payouts.rules import Kind
from linli.spine.scope import SYSTEM
from linli.trade.delivery import rules
from linli.trade.delivery.actions.held import courier as courier_in
from linli.trade.delivery.actions.reckoning import distance_of, policy_of
from linli.trade.delivery.models import Earning, RunStop, Shift, Task
from linli.trade.delivery.rules import EarningKind, FailReason, Pay, StopKind

_DOCUMENTS = {EarningKind.TASK: "order", EarningKind.WAY_BACK: "way_back", EarningKind.TOP_UP: "shift"}
_NOTHING = Pay(Money.zero, Money.zero, Money.zero)


def pay_for(row: Task, *, at: datetime) -> None:
    """This will pay the courier of a task that was just done. What a shop carries itself, the shop pays."""
    if row.by_shop:
        return
    together, nth = _together(row)
    way = distance_of(row)
    pay = rules.pays(policy_of(row, at), distance_m=way, together=together, nth=nth)
    if pay.total:
        _post(
            row.pk, EarningKind.TASK, courier_in(row), CityId(row.city), CommunityId(row.community), pay,
            document=OrderId(row.order), distance_m=way, together=together, at=at,
        )  # fmt: skip


def pay_way_back(row: Task, *, at: datetime) -> None:
    """This will pay the courier who brought goods back to their shop, where that was no fault of their own."""
    amount = rules.pays_back(policy_of(row, at), FailReason(row.reason) if row.reason else None)
    if row.by_shop or not amount:
        return
    about = ids.new()  # an order may come back more than once, and be handed over in the end
    _post(
        about, EarningKind.WAY_BACK, courier_in(row), CityId(row.city), CommunityId(row.community),
        Pay(amount, Money.zero, Money.zero), document=about, distance_m=distance_of(row), together=1, at=at,
    )  # fmt: skip


def _together(row: Task) -> tuple[int, int]:
    """How many orders the courier leaves at this stop of the run, and which of them this one is."""
    stop = (
        RunStop.objects.inside()
        .filter(tasks__contains=[row.pk], kind=StopKind.DROP.value, run__courier=row.courier)
        .order_by("-id")
        .first()
    )
    tasks: list[UUID] = sorted(stop.tasks) if stop else [row.pk]
    return len(tasks), tasks.index(row.pk)


def pay_top_up(shift: Shift, *, earned: Money, rule: rules.CourierPolicy, at: datetime) -> Money:
    """This will pay what a shift that ended brought less than its hours promise."""
    if shift.started_at is None or shift.courier is None or shift.employer is not None:
        return Money.zero
    lacking = rules.top_up(rule, worked=at - shift.started_at, earned=earned)
    if lacking:
        _post(
            shift.pk, EarningKind.TOP_UP, PartyId(shift.courier), CityId(shift.city), _community_of(shift), _NOTHING,
            document=ShiftId(shift.pk), distance_m=0, together=1, at=at, top_up=lacking,
        )  # fmt: skip
    return lacking


def _community_of(shift: Shift) -> CommunityId:
    """Where a shift was worked, for the statement: its first community, where it was last paid, or any of its city."""
    if shift.communities:
        return CommunityId(shift.communities[0])
    last = Task.objects.inside().filter(courier=shift.courier).order_by("-ended_at").first()
    return CommunityId(last.community) if last else places.communities(city=CityId(shift.city), limit=1)[0].id


def _post(
    about: UUID,
    kind: EarningKind,
    courier: PartyId,
    city: CityId,
    community: CommunityId,
    pay: Pay,
    *,
    document: UUID,
    distance_m: int,
    together: int,
    at: datetime,
    top_up: Money = Money.zero,
) -> None:
    amount = pay.total + top_up
    Earning.objects.create(
        about=about,
        kind=kind.value,
        courier=courier,
        city=city,
        base_minor=pay.base.minor,
        distance_minor=pay.distance.minor,
        order_minor=pay.order.minor,
        top_up_minor=top_up.minor,
        amount_minor=amount.minor,
        distance_m=distance_m,
        together=together,
        earned_at=at,
    )
    currency = places.city(city).currency
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"courier_earned:{about}",
            book=platform_book(city),
            currency=currency,
            document=f"{_DOCUMENTS[kind]}:{document}",
            kind="courier_earned",
            at=at,
            legs=(debit(COURIER_PAY, amount), credit(delivery_payable(courier), amount)),
        ),
    )
    payouts.add_lines(
        SYSTEM,
        city=city,
        earnings=[
            Earned(payee=courier, kind=Kind.COURIER, order=OrderId(document), community=community, amount=amount)
        ],
        at=at,
        currency=currency,
    )
