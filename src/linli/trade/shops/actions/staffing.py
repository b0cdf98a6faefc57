"""Who works in a shop: its merchant lets people in by their phone, and out again."""

from __future__ import annotations

from datetime import datetime

from linli.ground.people import actions as people
from linli.ground.people import queries as who
from linli.ground.people.rules import Level
from linli.kernel.ids import PartyId, ShopId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.sign_in import actions as sign_in
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops.actions.moving import own, write
from linli.trade.shops.models import Shop

MOST_STAFF = 100


class NotTheMerchant(Refusal):
    """Staff do the work of the shop; who belongs to it is its merchant's business."""

    says = _("Only who applied for this shop can do that.")
    status = 403


@action(needs=May.RUN_SHOP, private=("name", "phone"))
def add_staff(scope: Scope, *, shop: ShopId, name: str, phone: str, at: datetime) -> PartyId:
    """This will let a person work at the shop's desk; who is not known yet is registered under the name given."""
    row = own(scope, shop)
    insist_merchant(scope, row)
    if len(who.wearers(SYSTEM, role=Role.MERCHANT, level=Level.SHOP, place=shop, at=at)) >= MOST_STAFF:
        raise Invalid("phone", _("At most {most} people can work at one shop"), most=MOST_STAFF)
    person = people.register_person(SYSTEM, name=name, phone=phone, at=at)
    people.grant_role(
        SYSTEM,
        party=person,
        role=Role.MERCHANT,
        level=Level.SHOP,
        place=shop,
        label=row.name,
        acts_for=PartyId(row.merchant),
        at=at,
    )
    write(scope, shop, verb="add_staff", before=row.state, after=row.state, why="", at=at)
    return person


@action(needs=May.RUN_SHOP)
def remove_staff(scope: Scope, *, shop: ShopId, person: PartyId, at: datetime) -> None:
    """This will take a person off the shop's desk; who applied for the shop stays."""
    row = own(scope, shop)
    insist_merchant(scope, row)
    if person in (row.applicant, row.merchant):
        raise NotFound("staff")
    people.revoke_role(SYSTEM, party=person, role=Role.MERCHANT, level=Level.SHOP, place=shop, at=at)
    write(scope, shop, verb="remove_staff", before=row.state, after=row.state, why="", at=at)


@action(needs=May.RUN_SHOP, private=("why",))
def report_staff_loss(scope: Scope, *, shop: ShopId, person: PartyId, why: str, at: datetime) -> None:
    """This will take the lost authenticator of somebody who works at the shop off, on the word of its merchant."""
    row = own(scope, shop)
    insist_merchant(scope, row)
    staff = who.wearers(SYSTEM, role=Role.MERCHANT, level=Level.SHOP, place=shop, at=at)
    if person not in {each.party for each in staff}:
        raise NotFound("staff")
    sign_in.report_loss(scope, person=person, why=why, at=at)
    write(scope, shop, verb="report_loss", before=row.state, after=row.state, why="", at=at)


def insist_merchant(scope: Scope, shop: Shop) -> None:
    """This will refuse what only the merchant, or who applied in the merchant's name, may do."""
    if not (scope.is_inside or scope.person in (shop.applicant, shop.merchant)):
        raise NotTheMerchant
