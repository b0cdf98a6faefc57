"""What figures look at, and what they never show."""

from __future__ import annotations

from linli.ground.policies.rules import Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _


class FiguresPolicy(Policy):
    """How far back figures look, which groups are too small to be shown, and what is worth a place on a shelf."""

    word = "figures"
    says = _("What figures look at, and how small a group they show")

    least_homes: int = setting(5, low=3, high=50, says="Groups of fewer homes are not shown")
    weeks: int = setting(12, low=4, high=26, says="Weeks that are looked back on to say what is worth carrying")
    least_a_month: int = setting(2, low=1, high=100, says="Units in four weeks below which a good is bought seldom")
    least_margin: Money = setting(
        Money(2_00), low=Money(0), high=Money(1000_00), says="Margin a week from which a good is worth carrying"
    )
    trip: Money = setting(
        Money(3_00), low=Money(0), high=Money(100_00), says="What a way costs a shop that brings its goods itself"
    )
