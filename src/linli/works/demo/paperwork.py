"""What lies on the cashier's desk of the town: a shared cost, deposits, a waiver that waits, an invoice asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.billing.actions import Waive
from linli.estate.billing.queries import CostTerms
from linli.estate.billing.rules import Channel, ShareBy, add_months
from linli.kernel.ids import CommunityId, HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.spine.scope import Role, Scope

_MOST_SEEN = 5
_POWER = {"zh": "公共用电", "en": "Shared power"}
_WORKS = {"zh": "装修押金", "en": "Deposit for works"}
_CARDS = {"zh": "门禁卡押金", "en": "Deposit for access cards"}


def lay_out(scope: Scope, *, community: CommunityId, homes: Sequence[HomeId], present: date, at: datetime) -> None:
    """This will leave a little of everything that a cashier finds on a morning."""
    _share_power(scope, community, present, at)
    accounts = [known.account_page(scope, subject=home) for home in homes[:_MOST_SEEN]]
    owing = [account for account in accounts if account.open_lines]
    for nth, account in enumerate(owing[:2]):
        _leave(scope, community, account.subject, account.open_lines[0].obligor, is_taken=nth == 0, at=at)
    if owing:
        line = owing[-1].open_lines[0].line.line
        why = "电梯停运两天"
        billing.ask_waiver(scope, subject=owing[-1].subject, lines=[Waive(line, Money(2000))], why=why, at=at)
    _ask_invoice(scope, community, at)


def _share_power(scope: Scope, community: CommunityId, present: date, at: datetime) -> None:
    """The power of the first building's lift, to be divided with the month to come."""
    item = billing.ensure_item(scope, community=community, word="shared_power", name=_POWER, at=at)
    coming = add_months(present, 1)
    terms = CostTerms(community, present, coming, ShareBy.AREA, building="1", amount=Money(1_286_40))
    billing.add_cost(scope, item=item, first_on=coming, terms=terms, title="一栋电梯电费", at=at)


def _leave(
    scope: Scope, community: CommunityId, subject: UUID, obligor: PartyId, *, is_taken: bool, at: datetime
) -> None:
    deposit = billing.ask_deposit(
        scope,
        community=community,
        subject=subject,
        obligor=obligor,
        word="renovation" if is_taken else "access_card",
        title=_WORKS if is_taken else _CARDS,
        amount=Money(2_000_00) if is_taken else Money(100_00),
        back_on=(at + timedelta(days=90)).date(),
        at=at,
    )
    if is_taken:
        billing.take_deposit(scope, deposit=deposit, channel=Channel.POS, at=at)


def _ask_invoice(scope: Scope, community: CommunityId, at: datetime) -> None:
    paid = next((each for each in known.receipts(scope, communities=[community], limit=_MOST_SEEN) if each.payer), None)
    if paid is not None and paid.payer is not None:
        payer = Scope(role=Role.RESIDENT, person=paid.payer)
        billing.ask_invoice(payer, receipts=[ReceiptId(paid.receipt)], title="杭州邻里科技有限公司", at=at)
