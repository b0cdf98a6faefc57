"""Words for tests of payouts: an order that is paid, completed and shared, and payees whose bank account is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.payments_words import NOW, Due, a_paid_collection, balance
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, OrderId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, Leg
from linli.money.payouts import actions
from linli.money.payouts.rules import Earning, Kind, TakeBack
from linli.spine.scope import SYSTEM

FREE = NOW + timedelta(days=8)
"""Every default hold is over."""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The worked example of docs/rules: 62.00 shared as 53.36, 1.86, 2.78 and 4.00."""

    city: CityId
    order: OrderId
    merchant: PartyId
    company: PartyId
    courier: PartyId
    community: CommunityId
    due: Due

    def balance(self, address: str) -> int:
        return balance(self.city, address)

    def earnings(self) -> tuple[Earning, ...]:
        shares = (
            (self.merchant, Kind.MERCHANT, 5336),
            (self.company, Kind.PROPERTY, 186),
            (self.courier, Kind.COURIER, 400),
        )
        return tuple(
            Earning(
                payee=payee,
                kind=kind,
                order=self.order,
                community=self.community,
                amount=Money(minor),
                collection=self.due.id,
            )
            for payee, kind, minor in shares
        )

    def taken(self, payee: PartyId, kind: Kind, minor: int) -> TakeBack:
        return TakeBack(payee=payee, kind=kind, order=self.order, community=self.community, amount=Money(minor))

    @property
    def pending(self) -> str:
        return f"merchant_pending:{self.merchant}"

    @property
    def available(self) -> str:
        return f"merchant_available:{self.merchant}"

    @property
    def in_transit(self) -> str:
        return f"payout_in_transit:{self.merchant}"


def a_completed_order(
    *,
    city: CityId | None = None,
    merchant: PartyId | None = None,
    at: datetime = NOW,
    receivers: bool = True,
    due: Due | None = None,
) -> Shared:
    """This will pay an order, share its escrow as frozen at sale, and note what each payee earned."""
    due = due or a_paid_collection(city=city)
    shared = Shared(
        city=due.city,
        order=due.order,
        merchant=merchant or PartyId(ids.new()),
        company=PartyId(ids.new()),
        courier=PartyId(ids.new()),
        community=CommunityId(ids.new()),
        due=due,
    )
    post(
        shared,
        "completed",
        Leg(due.escrow, Money(6200)),
        Leg(shared.pending, Money(-5336)),
        Leg(f"property_pending:{shared.company}:{shared.community}", Money(-186)),
        Leg("platform_commission", Money(-278)),
        Leg(f"delivery_payable:{shared.courier}", Money(-400)),
        at=at,
    )
    actions.add_lines(SYSTEM, city=shared.city, earnings=shared.earnings(), at=at)
    if receivers:
        for payee in (shared.merchant, shared.company, shared.courier):
            a_receiver(payee)
    return shared


def a_receiver(payee: PartyId, account: str = "6222 0202 0011") -> None:
    actions.set_receiver(SYSTEM, payee=payee, name="老王水果店", account=account, bank="ICBC", at=NOW)


def post(shared: Shared, key: str, *legs: Leg, at: datetime = NOW) -> None:
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"{key}:{shared.order}",
            book=f"platform:{shared.city}",
            currency="CNY",
            document=f"order:{shared.order}",
            kind="test",
            at=at,
            legs=legs,
        ),
    )
