"""Taking over what homes had paid ahead in the books before ours: credit of the home, which pays its next bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of, item_row
from linli.estate.billing.actions.settling import insist_on_open_month
from linli.estate.billing.actions.taking_over import numbers_of, owing
from linli.estate.billing.models import Receipt, Repayment
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import OPENING_BALANCE, Draft, credit, debit, prepaid_fee, property_book
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 2_000


class CreditUsed(Refusal):
    """Some of what was brought is no longer there."""

    says = _("{n} homes have used what they had paid ahead, or got it back. It cannot be taken back any more.")


@action(needs=May.ISSUE_BILLS)
def open_credits(
    scope: Scope,
    *,
    community: CommunityId,
    balances: Mapping[HomeId, Money],
    item: ItemId | None = None,
    on: date,
    at: datetime,
) -> tuple[ReceiptId, ...]:
    """This will take over what homes had paid ahead: a receipt each, wholly kept, posted against the opening balance.

    It belongs to whoever owes the item there on that day (the owner where none is named), and pays what they owe for
    the home in the community's order, as any other rest does.
    """
    company = company_of(scope)
    payer = rules.Payer.OWNER if item is None else rules.Payer(item_row(scope, item).payer)
    insist_on_open_month(scope, community, at)
    if any(not Money.zero < amount for amount in balances.values()):
        raise Invalid("opening", _("What was paid ahead is above nothing."))
    known = places.homes(balances)
    if any(home not in known or known[home].community != community for home in balances):
        raise NotFound("home")
    homes, made = list(balances), list[ReceiptId]()
    for nth in range(0, len(homes), PORTION):
        some = homes[nth : nth + PORTION]
        whose, numbers = owing(some, payer, on), numbers_of(company, on.year, len(some))
        rows = [
            _receipt(scope, company, community, home, whose[home], balances[home], number, at)
            for home, number in zip(some, numbers, strict=True)
        ]
        Receipt.objects.bulk_create(rows)
        ledger.post_many(SYSTEM, drafts=tuple(_journal(row, f"credit_taken_over:{row.pk}", at) for row in rows))
        made += [ReceiptId(row.pk) for row in rows]
    return tuple(made)


@action(needs=May.ISSUE_BILLS)
def withdraw_credits(
    scope: Scope, *, community: CommunityId, receipts: Sequence[ReceiptId], on: date, at: datetime
) -> int:
    """This will take back credit that was taken over by mistake, all or none; refused where any of it was used."""
    insist_on_open_month(scope, community, at)
    held = Receipt.objects.within(scope).select_for_update().filter(pk__among=list(receipts), community=community)
    rows = list(held.filter(channel=rules.Channel.TAKEN_OVER.value).order_by("id"))
    if len(rows) != len(set(receipts)):
        raise NotFound("receipt")
    if used := sum(1 for row in rows if row.rest_minor < row.amount_minor):
        raise CreditUsed(n=used)
    for nth in range(0, len(rows), PORTION):
        some = rows[nth : nth + PORTION]
        numbers = numbers_of(PartyId(some[0].company), on.year, len(some))
        back = Repayment.objects.bulk_create(
            _back(scope, row, number, at) for row, number in zip(some, numbers, strict=True)
        )
        Receipt.objects.within(scope).filter(pk__among=[row.pk for row in some]).update(rest_minor=0)
        drafts = [
            _journal(row, f"repaid:{paper.pk}", at, document=f"repayment:{paper.pk}", back=True)
            for row, paper in zip(some, back, strict=True)
        ]
        ledger.post_many(SYSTEM, drafts=tuple(drafts))
    return len(rows)


def _receipt(
    scope: Scope,
    company: PartyId,
    community: CommunityId,
    home: HomeId,
    whose: PartyId,
    amount: Money,
    number: str,
    at: datetime,
) -> Receipt:
    return Receipt(
        id=ids.new(),
        company=company,
        community=community,
        subject=home,
        subject_kind=rules.SubjectKind.HOME.value,
        home=home,
        payer=whose,
        number=number,
        channel=rules.Channel.TAKEN_OVER.value,
        taken_by=scope.person,
        amount_minor=amount.minor,
        keeper=whose,
        rest_minor=amount.minor,
        received_at=at,
    )


def _back(scope: Scope, row: Receipt, number: str, at: datetime) -> Repayment:
    return Repayment(
        id=ids.new(),
        receipt=row,
        company=row.company,
        community=row.community,
        payer=row.payer,
        number=number,
        channel=rules.Channel.TAKEN_OVER.value,
        amount_minor=row.amount_minor,
        why="batch undone",
        person=scope.person,
        repaid_at=at,
    )


def _journal(row: Receipt, key: str, at: datetime, *, document: str = "", back: bool = False) -> Draft:
    amount, kept = Money(row.amount_minor), prepaid_fee(row.subject, PartyId(UUID(str(row.keeper))))
    forth = (debit(OPENING_BALANCE, amount), credit(kept, amount))
    return Draft(
        key=key,
        book=property_book(PartyId(row.company)),
        currency=places.market_of(CommunityId(row.community)).currency,
        document=document or f"receipt:{row.pk}",
        kind="fees_repaid" if back else "credit_taken_over",
        at=at,
        legs=(debit(kept, amount), credit(OPENING_BALANCE, amount)) if back else forth,
    )
