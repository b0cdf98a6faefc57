"""Where nothing is chosen the database lets things into a basket, as the rules in Python would."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_home, a_listing, a_shop
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.actions import OfferDraft
from linli.trade.catalogue.queries import prices
from linli.trade.catalogue.rules import GroupDraft, OptionDraft, WrongChoices, check_choices
from linli.trade.catalogue.rules import Level as OfferLevel
from linli.trade.orders import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return a_community()


@pytest.fixture
def buyer(community):
    return a_home(community=community).with_owner()


def _group(*, least: int, of: int) -> GroupDraft:
    words = [{"zh": str(n), "en": str(n)} for n in range(of)]
    options = tuple(OptionDraft(name=word, price=Money.zero, minutes=0) for word in words)
    return GroupDraft(name={"zh": "组", "en": "Group"}, least=least, most=of, options=options)


def _put_or_refused(home, variant):
    """What the database says of a thing as it is: the refusal's kind, field and values, or nothing."""
    try:
        actions.add_to_basket(home.scope, community=home.community.id, variant=variant, at=AT)
    except Refusal as refused:
        return type(refused), refused.field, refused.values
    return None


def _ruled(home, variant):
    """The same as the rules say it."""
    priced = prices(community=home.community.id, variants=[variant]).get(variant)
    if priced is None:
        return actions.NotForSale, "variant", {"variant": str(variant)}
    try:
        check_choices(priced.groups, priced.options, ())
    except WrongChoices as wrong:
        return type(wrong), wrong.field, wrong.values
    return None


def test_the_database_lets_things_into_a_basket_as_they_are_where_the_rules_do(buyer, community):
    shop = a_shop(community=community).open_around_the_clock()
    plain, gone, hidden, shown = (a_listing(shop=shop) for _ in range(4))
    dishes = [
        a_listing(shop=shop, kind="prepared", groups=groups)
        for groups in (
            (),
            (_group(least=0, of=2),),
            (_group(least=0, of=2), _group(least=2, of=3), _group(least=1, of=1)),
        )
    ]
    catalogue.unlist(shop.scope, listing=gone.id, at=AT)
    catalogue.set_offers(
        shop.scope,
        offers=[
            OfferDraft(variant=hidden.variant, level=OfferLevel.COMMUNITY, place=community.id, visible=False),
            OfferDraft(variant=shown.variant, level=OfferLevel.CITY, place=community.city, visible=False),
            OfferDraft(variant=shown.variant, level=OfferLevel.COMMUNITY, place=community.id, visible=True),
        ],
        at=AT,
    )
    asked = [each.variant for each in (plain, gone, hidden, shown, *dishes, a_listing())]
    ruled = [_ruled(buyer, variant) for variant in asked]
    assert [_put_or_refused(buyer, variant) for variant in asked] == ruled
    kinds = [each and each[0] for each in ruled]
    assert kinds == [None, actions.NotForSale, actions.NotForSale, None, None, None, WrongChoices, actions.NotForSale]
