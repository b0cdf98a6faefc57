"""What the desk does with a permit: decide with reasons, look at the works on foot, give the deposit back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import Channel
from linli.estate.permits import rules
from linli.estate.permits.actions.asking import filled, held_permit, move, short, terms
from linli.estate.permits.models import Inspection, Permit
from linli.ground.files import actions as files
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId, PermitId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_PHOTOS = 9
FEE = "decoration_fee"
DAMAGE = "decoration_damage"
_MOVES = {
    rules.Look.STOP: rules.PermitVerb.STOP,
    rules.Look.RESUME: rules.PermitVerb.RESUME,
    rules.Look.ACCEPT: rules.PermitVerb.ACCEPT,
    rules.Look.SEND_BACK: rules.PermitVerb.SEND_BACK,
}


class NothingHeld(Refusal):
    """There is no deposit to give back."""

    says = _("No deposit is held for these works.")


class StillWorking(Refusal):
    """The deposit stays until the works are accepted."""

    says = _("The deposit goes back when the works are accepted.")


@action(needs=May.DECIDE_PERMITS, private=("why",))
def decide_permit(scope: Scope, *, permit: PermitId, grant: bool, why: str = "", at: datetime) -> None:
    """This will grant or refuse works, with reasons; granted ones begin when deposit and fee are paid."""
    row = held_permit(scope, permit)
    held = terms(scope, CommunityId(row.community), at)
    if not grant:
        move(row, rules.PermitVerb.REFUSE, scope, at, why=filled("why", why, 200), due_at=None)
    else:
        said = short("why", why, 200)
        due = at + timedelta(days=held.pay_days)
        amounts = {"deposit_minor": held.deposit.minor, "fee_minor": held.fee.minor}
        move(row, rules.PermitVerb.GRANT, scope, at, why=said, due_at=due, **amounts)
        _charge(row, held, at)
        begin_if_paid(row, scope, at)
    if row.asker:
        word = "permit_granted" if grant else "permit_refused"
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template=word, values={"number": row.label}, at=at)


@action(needs=May.DECIDE_PERMITS, private=("text", "photos"))
def inspect_works(
    scope: Scope,
    *,
    permit: PermitId,
    look: rules.Look,
    text: str,
    photos: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> None:
    """This will note what was seen at the works, and stop, resume, accept or send them back where that was said."""
    row = held_permit(scope, permit)
    held = terms(scope, CommunityId(row.community), at)
    if scope.person is None:
        raise NotFound("permit")
    if row.state not in (rules.PermitState.WORKING, rules.PermitState.STOPPED, rules.PermitState.FINISHED):
        raise Invalid("look", _("There are no works to look at."))
    said = filled("text", text, 1000)
    Inspection.objects.create(
        id=ids.new(),
        permit=row,
        community=row.community,
        look=look.value,
        text=said,
        photos=list(files.keep_files(scope, uploads=photos, field="photos", most=MOST_PHOTOS, at=at)),
        person=scope.person,
        looked_at=at,
    )
    if look in _MOVES:
        days = {rules.Look.STOP: held.accept_days, rules.Look.ACCEPT: held.watch_days}.get(look)
        due = ends_at(row) if days is None else at + timedelta(days=days)
        move(row, _MOVES[look], scope, at, why=said[:200], due_at=due)
        if look is rules.Look.ACCEPT and not row.deposit_held:
            move(row, rules.PermitVerb.CLOSE, scope, at, due_at=None)
    if row.asker and look is not rules.Look.FINE:
        values = {"number": row.label}
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template="permit_looked_at", values=values, at=at)


@action(needs=May.DECIDE_PERMITS, private=("why",))
def decide_extension(scope: Scope, *, permit: PermitId, grant: bool, why: str = "", at: datetime) -> None:
    """This will give works more time, or not."""
    row = held_permit(scope, permit)
    if row.extend_to is None:
        raise NotFound("extension")
    if not grant:
        filled("why", why, 200)
    end_on = row.extend_to if grant else row.end_on
    changed = {"extend_to": None, "extend_why": "", "end_on": end_on}
    Permit.objects.within(scope).filter(pk=permit).update(**changed)
    row.end_on = end_on
    if grant and row.state == rules.PermitState.WORKING:
        ends = ends_at(row)
        Permit.objects.within(scope).filter(pk=permit).update(due_at=ends, next_at=ends, late_told=rules.NOBODY)
    if row.asker:
        word = "permit_extended" if grant else "permit_not_extended"
        values = {"number": row.label, "day": end_on.isoformat()}
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template=word, values=values, at=at)


@action(needs=May.DECIDE_PERMITS, private=("why",))
def settle_deposit(
    scope: Scope,
    *,
    permit: PermitId,
    keep: Money = Money.zero,
    why: str = "",
    channel: Channel,
    another_way: bool = False,
    at: datetime,
) -> Money:
    """This will keep what damage cost, with the reason, give the rest of the deposit back, and close accepted works."""
    row = held_permit(scope, permit)
    if row.deposit is None or not row.deposit_held:
        raise NothingHeld
    if row.state not in rules.SETTLED_IN:
        raise StillWorking
    if keep.minor < 0 or keep.minor > row.deposit_minor:
        raise Invalid("keep", _("Between {least} and {most}."), least=Money.zero, most=Money(row.deposit_minor))
    if keep:
        said, community = filled("why", why, 200), CommunityId(row.community)
        item = billing.ensure_item(
            SYSTEM, community=community, word=DAMAGE, name={"zh": "装修扣款", "en": "Damage by works"}, at=at
        )
        billing.deduct_deposit(scope, deposit=row.deposit, item=item, amount=keep, why=said, at=at)
    back = Money(row.deposit_minor) - keep
    if back:
        back = billing.return_deposit(scope, deposit=row.deposit, channel=channel, another_way=another_way, at=at)
    Permit.objects.within(scope).filter(pk=permit).update(deposit_held=False)
    if row.state == rules.PermitState.ACCEPTED:
        move(row, rules.PermitVerb.CLOSE, scope, at, due_at=None)
    return back


def begin_if_paid(row: Permit, scope: Scope, at: datetime) -> None:
    """This will let works begin that nothing is owed for any more."""
    owes = (row.deposit_minor and not row.deposit_held) or (row.fee_minor and not row.fee_paid)
    if row.state == rules.PermitState.GRANTED and not owes:
        move(row, rules.PermitVerb.BEGIN, scope, at, due_at=ends_at(row))


def ends_at(row: Permit) -> datetime:
    """This will give the instant at which the days of the works are over in the community's zone."""
    zone = ZoneInfo(places.market_of(CommunityId(row.community)).timezone)
    return datetime.combine(row.end_on + timedelta(days=1), datetime.min.time(), zone)


def _charge(row: Permit, held: rules.PermitPolicy, at: datetime) -> None:
    """Billing asks for the money; what it takes comes back as a fact."""
    community, home = CommunityId(row.community), HomeId(row.home)
    if held.deposit and row.asker:
        row.deposit = billing.ask_deposit(
            SYSTEM,
            community=community,
            subject=home,
            home=home,
            obligor=PartyId(row.asker),
            word="decoration",
            title={"zh": f"装修押金 {row.label}", "en": f"Deposit for works {row.label}"},
            amount=held.deposit,
            source=f"permit:{row.pk}",
            at=at,
        )
        row.save(update_fields=["deposit"])
    if held.fee and row.asker:
        name = {"zh": "装修垃圾清运费", "en": "Clearing away of rubble"}
        item = billing.ensure_item(SYSTEM, community=community, word=FEE, name=name, at=at)
        billing.charge_once(
            SYSTEM,
            community=community,
            subject=home,
            obligor=PartyId(row.asker),
            item=item,
            amount=held.fee,
            title={"zh": f"装修垃圾清运费 {row.label}", "en": f"Clearing away of rubble {row.label}"},
            source=f"permit:{row.pk}",
            at=at,
        )
