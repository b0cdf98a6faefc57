"""Where a shop's money goes: its merchant names the bank account, and is told of every change."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import PartyId, ShopId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.money.payouts import actions as payouts
from linli.money.payouts.rules import checked_account
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.shops.actions.moving import own, write
from linli.trade.shops.actions.staffing import insist_merchant

MOST_NAME = 200


@action(needs=May.RUN_SHOP, private=("name", "account", "bank"))
def set_receiver(scope: Scope, *, shop: ShopId, name: str, account: str, bank: str, at: datetime) -> None:
    """This will name the bank account that the merchant's money goes to, and tell the merchant by message.

    A payout that is on its way keeps the account it was drawn for.
    """
    row = own(scope, shop)
    insist_merchant(scope, row)
    digits = checked_account(account)
    for field, text in (("name", name), ("bank", bank)):
        if not 0 < len(text.strip()) <= MOST_NAME:
            raise Invalid(field, _("Please write between 1 and {most} characters"), most=MOST_NAME)
    payouts.set_receiver(SYSTEM, payee=PartyId(row.merchant), name=name, account=digits, bank=bank, at=at)
    write(scope, shop, verb="set_receiver", before=row.state, after=row.state, why="", at=at)
    for person in filter(None, {row.merchant, row.applicant}):
        notify.queue_message(
            SYSTEM,
            to=PartyId(person),
            template="receiver_changed",
            values={**named("shop", row.name), "tail": digits[-4:]},
            at=at,
        )
