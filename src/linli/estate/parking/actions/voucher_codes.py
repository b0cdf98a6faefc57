"""Vouchers by a code: a shop shows it, its guest types it (or opens its QR) on the page where parking is paid."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from linli.estate.parking import rules
from linli.estate.parking.actions.vouchers import GivenAlready, guest_inside, take_one
from linli.estate.parking.models import Stock, VoucherRow
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, VoucherStockId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class NoSuchVoucher(Refusal):
    """The code is none, was used, or its hours are over: all told alike."""

    says = _("This voucher is not known here, was used before, or is over.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A code that stands for one voucher until an instant, and how many are left to give."""

    code: str
    until: datetime
    left: int


@action(needs=May.GIVE_PARKING_VOUCHERS, shown_once=True)
def offer_voucher(scope: Scope, *, stock: VoucherStockId, at: datetime) -> Offered:
    """This will take one voucher out of a stock and give it a code, for a guest whose plate nobody asks for."""
    left = take_one(scope, stock, at)
    row = Stock.objects.within(scope).get(pk=stock)
    terms = policy(SYSTEM, rules.ParkingPolicy, at=at, community=CommunityId(row.community))
    code = "".join(secrets.choice(rules.CODE_LETTERS) for _nth in range(rules.CODE_LENGTH))
    until = min(at + timedelta(hours=terms.voucher_code_h), row.expires_at)
    VoucherRow(
        id=ids.new(),
        stock=row,
        community=row.community,
        giver=row.giver,
        code=code,
        offered_until=until,
        state=rules.VOUCHER_LIFE.birth.value,
        given_by=scope.person,
        given_at=at,
    ).save(force_insert=True)
    return Offered(code, until, left)


@action(needs=May.ANYONE, private=("code", "plate"))
def redeem_voucher(_scope: Scope, *, code: str, plate: str, at: datetime) -> str:
    """This will use a code for a guest's car that is inside; nobody signs in. It gives the code of the car's lot."""
    return _redeem(SYSTEM, code=rules.voucher_code(code), plate=rules.plate(plate).text, at=at)


@action(needs=May.RUN_CLOCKS, private=("code", "plate"))
def _redeem(_scope: Scope, *, code: str, plate: str, at: datetime) -> str:
    """As the house: a guest sees neither vouchers nor stays."""
    offered = VoucherRow.objects.inside().select_for_update(of=("self",))
    offered = offered.filter(state=rules.VoucherState.OFFERED.value, offered_until__gt=at)
    row = offered.filter(code=code).first() if code else None
    if row is None:
        raise NoSuchVoucher(field="voucher")
    stay = guest_inside(row.community, plate)
    row.session = stay
    row.state = rules.VOUCHER_LIFE.after(rules.VoucherState(row.state), rules.VoucherVerb.GIVE).value
    try:
        with transaction.atomic():
            row.save(update_fields=["session", "state"])
    except IntegrityError as error:
        raise GivenAlready(field="voucher") from error
    return stay.lot.code


@action(needs=May.RUN_CLOCKS)
def end_offers(scope: Scope, *, at: datetime, limit: int = 500) -> int:
    """This will end codes that nobody used in time: their vouchers go back to their stocks."""
    due = VoucherRow.objects.within(scope).select_for_update(skip_locked=True)
    due = due.filter(state=rules.VoucherState.OFFERED.value, offered_until__lte=at)
    rows = list(due.order_by("offered_until")[:limit])
    back: dict[UUID, int] = {}
    for row in rows:
        row.state = rules.VOUCHER_LIFE.after(rules.VoucherState(row.state), rules.VoucherVerb.END).value
        back[row.stock_id] = back.get(row.stock_id, 0) + 1
    VoucherRow.objects.within(scope).bulk_update(rows, ["state"])
    for stock, number in sorted(back.items(), key=str):
        Stock.objects.within(scope).filter(pk=stock).update(given=F("given") - number)
    return len(rows)
