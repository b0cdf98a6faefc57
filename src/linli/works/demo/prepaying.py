"""Money ahead of bills in the demo town: months bought at a locked price, a wallet, and a debt paid in parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.billing.rules import Bucket, Channel, TermPrice
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ItemId
from linli.kernel.money import Money
from linli.spine.scope import Scope

_LOOKED_AT = 12
"""So many homes of the community are looked at for one that owes and one that does not."""


def arrange(scope: Scope, *, community: CommunityId, at: datetime) -> None:
    """This will offer months of the property fee, sell a year of them, fill a wallet, and split what one home owes."""
    (fee,) = (item for item in known.items(scope, on=at.date()) if item.word == "property_fee")
    item = ItemId(fee.item)
    year = billing.offer_term(scope, community=community, item=item, months=11, gifts=1, price=TermPrice.LOCKED, at=at)
    billing.offer_term(scope, community=community, item=item, months=3, price=TermPrice.REPRICED, at=at)
    doors = sorted(places.doors(community).items())[:_LOOKED_AT]
    accounts = [known.account_page(scope, subject=home) for _door, home in doors]
    owing = [account for account in accounts if account.open and account.home]
    if len(owing) < 2:
        return
    first, last = owing[0], max(owing, key=lambda account: account.open.minor)
    billing.take_topup(
        scope,
        community=community,
        person=first.open_lines[0].obligor,
        bucket=Bucket.GENERAL,
        amount=Money.parse("200.00"),
        channel=Channel.CASH,
        at=at,
    )
    first_on = known.next_month(scope, community=community, at=at)
    buyer = owing[1]
    if buyer.home is not None:
        billing.take_term(scope, offer=year, home=buyer.home, first_on=first_on, channel=Channel.BANK, at=at)
    plan = billing.ask_plan(
        scope,
        subject=last.subject,
        lines=[line.line.line for line in last.open_lines],
        count=3,
        first_on=places.day_in(community, at) + timedelta(days=10),
        why="分三期支付",
        at=at,
    )
    # Somebody else of the company approves what its desk asked for.
    billing.decide_plan(replace(scope, person=None), plan=plan, approve=True, at=at)
