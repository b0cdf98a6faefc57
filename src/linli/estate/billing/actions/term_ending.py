"""The end of a prepaid term: given back from a month on, cut by a sale, handed on to the buyer, or used up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from linli.estate.billing import rules
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.prepaying import forget_drafts, move_of, post_term
from linli.estate.billing.actions.repaying import insist_on_channel, insist_on_its_way, insist_on_no_invoice, repay
from linli.estate.billing.actions.settling import insist_on_open_month
from linli.estate.billing.actions.wallet_moves import Keeper, Movement, ensured, move
from linli.estate.billing.models import Receipt, Term, TermMonth
from linli.estate.billing.queries.term_prices import ChargedAlready
from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import credit, debit, prepaid_term
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class NothingLeft(Refusal):
    """No month of the term is left that could go back or be handed on."""

    says = _("Nothing of this term is left: all of its months went out.")


class MonthFirst(Refusal):
    """The month of the sale is shared by both owners, so its bills go out first."""

    says = _("Please issue the month of the sale first.")


@action(needs=May.TAKE_FEES, private=("why",))
def return_term(
    scope: Scope,
    *,
    term: UUID,
    since: date | None = None,
    channel: rules.Channel,
    desk: str = "front",
    why: str,
    another_way: bool = False,
    at: datetime,
) -> Money:
    """This will give back the months of a term whose bills did not go out, from a month on (else all of them).

    The gift months that did not go out are lost with them.
    """
    insist_on_reason(why)
    row = _held(scope, term)
    rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.RETURN)
    insist_on_channel(channel)
    insist_on_open_month(scope, CommunityId(row.community), at)
    months = _months(row)
    back = rules.given_back(_as_paid(months), _left(row), since or row.start_on)
    if not back.amount:
        raise NothingLeft
    receipt = Receipt.objects.within(scope).select_for_update().get(pk=str(row.receipt_id))
    if channel is rules.Channel.ONLINE and receipt.collection is None:
        raise Invalid("channel", _("This was not paid online. Please give it back in cash or by bank."))
    insist_on_no_invoice(scope, receipt)
    insist_on_its_way(rules.Channel(receipt.channel), channel, another_way)
    off = debit(prepaid_term(row.subject, PartyId(row.obligor)), back.amount)
    repay(scope, receipt, back.amount, channel, desk, why, off, at, None)
    _give_up(row, months, back)
    move_of(scope, row, rules.TermVerb.RETURN, back.amount, at, why).save(force_insert=True)
    return back.amount


def _give_up(row: Term, months: list[TermMonth], back: rules.GivenBack) -> None:
    """The term covers nothing any more from the first month on that went back or was lost."""
    parts = dict(back.months)
    for month in months:
        if month.first_on in parts or month.first_on in back.lost:
            month.is_over, month.returned_minor = True, parts.get(month.first_on, Money.zero).minor
    TermMonth.objects.within(SYSTEM).bulk_update(months, ["is_over", "returned_minor"])
    first_gone = min((*parts, *back.lost))
    forget_drafts(CommunityId(row.community), first_gone, row.end_on)
    row.returned_minor, row.end_on = row.returned_minor + back.amount.minor, first_gone
    if all(month.costs_minor is not None or month.is_over for month in months):
        row.state = rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.RETURN).value
    row.save(update_fields=["returned_minor", "end_on", "state"])


@action(needs=May.RECORD_PAYMENT_EVENTS)
def cut_terms(scope: Scope, *, home: HomeId, person: PartyId, cut_on: date, at: datetime) -> int:
    """This will cut the terms of somebody who owns (or rents) a home no more: from that day on they cover nothing."""
    held = (
        Term.objects.within(scope)
        .select_for_update()
        .filter(subject=home, obligor=person, state=rules.TermState.HELD.value, end_on__gt=cut_on)
    )
    rows = list(held.order_by("id"))
    for row in rows:
        days = policy(scope, rules.BillingPolicy, at=at, community=CommunityId(row.community)).cut_days
        row.state = rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.CUT).value
        row.cut_on, row.lapses_at = cut_on, at + timedelta(days=days)
        row.save(update_fields=["state", "cut_on", "lapses_at"])
        forget_drafts(CommunityId(row.community), cut_on.replace(day=1), row.end_on)
        move_of(scope, row, rules.TermVerb.CUT, _left(row), at).save(force_insert=True)
    return len(rows)


@action(needs=May.TAKE_FEES)
def hand_on_term(scope: Scope, *, term: UUID, at: datetime) -> UUID:
    """This will hand what is left of a term that a sale has cut to whoever owns the home now, gift months and all."""
    row = _held(scope, term)
    state = rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.HAND_ON)
    months = [month for month in _months(row) if month.costs_minor is None and not month.is_over]
    if not months or not _left(row) or row.cut_on is None:
        raise NothingLeft
    if months[0].first_on < row.cut_on:
        raise MonthFirst
    left, buyer = _left(row), _buyer(row, months[0].first_on)
    made = _handed_on(row, months, buyer, left, at)
    TermMonth.objects.within(SYSTEM).filter(pk__in=[month.pk for month in months]).update(is_over=True)
    row.state, row.returned_minor = state.value, row.returned_minor + left.minor
    row.save(update_fields=["state", "returned_minor"])
    forget_drafts(CommunityId(row.community), made.start_on, made.end_on)
    move_of(scope, row, rules.TermVerb.HAND_ON, left, at).save(force_insert=True)
    move_of(scope, made, rules.TermVerb.TAKE, left, at).save(force_insert=True)
    legs = (
        debit(prepaid_term(row.subject, PartyId(row.obligor)), left),
        credit(prepaid_term(row.subject, buyer), left),
    )
    post_term(row, f"term_handed_on:{row.pk}", "term_handed_on", legs, at)
    return UUID(str(made.pk))


def _buyer(row: Term, since: date) -> PartyId:
    """Who owes the item from the first month on that is left."""
    days, home = rules.Days(since, row.end_on), HomeId(row.subject)
    lived = people.lived_in(SYSTEM, homes=[home], since=days.start, until=days.end).get(home, ())
    owing = rules.obligors(days, rules.lives(lived), rules.Payer(row.item.payer))
    if not owing or owing[0].what == row.obligor:
        raise Invalid("term", _("Nobody is known who owns this home now."))
    return owing[0].what


def _handed_on(row: Term, months: list[TermMonth], buyer: PartyId, left: Money, at: datetime) -> Term:
    made = Term(
        id=ids.new(),
        company=row.company,
        community=row.community,
        city=row.city,
        subject=row.subject,
        obligor=buyer,
        item_id=row.item_id,
        price=row.price,
        tariff_id=row.tariff_id,
        parameters=row.parameters,
        known=row.known,
        start_on=months[0].first_on,
        end_on=row.end_on,
        state=rules.TermState.HELD.value,
        paid_minor=left.minor,
        receipt_id=row.receipt_id,
        handed_from=row,
        asked_at=at,
        lapses_at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ChargedAlready from error
    TermMonth.objects.bulk_create(
        TermMonth(
            term=made,
            community=row.community,
            obligor=buyer,
            first_on=month.first_on,
            is_gift=month.is_gift,
            planned_minor=month.planned_minor,
        )
        for month in months
    )
    return made


@action(needs=May.RUN_CLOCKS)
def end_terms(scope: Scope, *, limit: int, at: datetime) -> int:
    """This will end terms whose months all went out, and those that a sale has cut and nobody handed on in time.

    What is left of their sum goes into the wallet of who paid: for fees where they stay, for anything where they left.
    """
    waiting = TermMonth.objects.within(scope).filter(term=OuterRef("pk"), costs_minor=None, is_over=False)
    is_late = Q(state=rules.TermState.CUT.value, lapses_at__lte=at)
    is_used_up = Q(state=rules.TermState.HELD.value) & ~Exists(waiting)
    found = Term.objects.within(scope).select_for_update(skip_locked=True).filter(is_late | is_used_up)
    rows = list(found.order_by("id")[:limit])
    for row in rows:
        _end(scope, row, at)
    return len(rows)


def _end(scope: Scope, row: Term, at: datetime) -> None:
    left, community = _left(row), CommunityId(row.community)
    bucket = rules.Bucket.PROPERTY if row.state == rules.TermState.HELD.value else rules.Bucket.GENERAL
    row.state = rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.END).value
    row.returned_minor += left.minor
    row.save(update_fields=["state", "returned_minor"])
    TermMonth.objects.within(scope).filter(term=row, costs_minor=None).update(is_over=True)
    move_of(scope, row, rules.TermVerb.END, left, at).save(force_insert=True)
    if left:
        keeper = Keeper(PartyId(row.obligor), community, PartyId(row.company))
        moved = Movement(bucket=bucket, verb=rules.WalletVerb.KEEP, amount=left, document=f"term:{row.pk}")
        kept = move(scope, ensured(keeper, bucket, at), moved, at)
        off = debit(prepaid_term(row.subject, PartyId(row.obligor)), left)
        post_term(row, f"term_ended:{row.pk}", "term_ended", (off, kept), at)


def _held(scope: Scope, term: UUID) -> Term:
    row = Term.objects.within(scope).select_for_update(of=("self",)).select_related("item").filter(pk=term).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("term")
    return row


def _months(row: Term) -> list[TermMonth]:
    return list(TermMonth.objects.within(SYSTEM).filter(term=row).order_by("first_on"))


def _as_paid(months: list[TermMonth]) -> list[rules.PaidMonth]:
    return [
        rules.PaidMonth(month.first_on, Money(month.planned_minor), month.is_gift, month.costs_minor is not None)
        for month in months
        if not month.is_over
    ]


def _left(row: Term) -> Money:
    return Money(row.paid_minor - row.used_minor - row.returned_minor)
