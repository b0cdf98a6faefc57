"""What a person earns by sharing something with neighbours: money of the company's book, credited for their fees."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing import rules
from linli.estate.billing.actions.wallet_moves import Movement, ensured, keeper_of, move, post
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.money.ledger.rules import credit, debit, due_from_platform, fee_income
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.RUN_CLOCKS)
def keep_earned(
    scope: Scope,
    *,
    community: CommunityId,
    person: PartyId,
    earned: Money,
    share: Money,
    item: str,
    document: str,
    at: datetime,
) -> PartyId:
    """This will credit a person with what they earned, and the company with its share, out of what the platform
    collected for both; it names the company whose book it is. The same document is refused a second time."""
    if earned < Money.zero or share < Money.zero or not earned + share:
        raise Invalid("earned", _("There is nothing to share."))
    wallet = ensured(keeper_of(person, community, at), rules.Bucket.EARNED, at)
    legs = [debit(due_from_platform(places.market_of(community).city), earned + share)]
    if share:
        legs.append(credit(fee_income(item), share))
    if earned:
        moved = Movement(bucket=rules.Bucket.EARNED, verb=rules.WalletVerb.EARN, amount=earned, document=document)
        legs.append(move(scope, wallet, moved, at))
    post(wallet, key=document, document=document, kind="shared_with_holder", legs=tuple(legs), at=at)
    return PartyId(wallet.company)
