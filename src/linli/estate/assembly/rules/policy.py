"""A community's terms of voting. The built-in ones are those of the Civil Code, article 278 (in force since 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _

_SHARES = ("0/1", "1/10", "1/5", "1/4", "1/3", "1/2", "3/5", "2/3", "3/4", "4/5", "9/10", "1/1")


class AssemblyPolicy(Policy):
    """How owners vote."""

    word = "assembly"
    says = _("How owners vote")
    of_company = True

    is_offered: bool = setting(True, says="Owners vote here")
    quorum: str = setting("2/3", choices=_SHARES, says="Share of the area, and of the heads, that has to take part")
    ordinary: str = setting(
        "1/2", choices=_SHARES, says="Share of those voting that has to consent to ordinary matters"
    )
    ordinary_is_exceeded: bool = setting(True, says="Ordinary matters need more than that share, not just as much")
    reserved: str = setting(
        "3/4", choices=_SHARES, says="Share of those voting that has to consent to reserved matters"
    )
    reserved_is_exceeded: bool = setting(False, says="Reserved matters need more than that share, not just as much")
    unowned_count: bool = setting(
        True, says="Homes without a known owner belong to the whole, together as one head that does not vote"
    )
    is_secret: bool = setting(False, says="Votes are secret: only who voted is stored, and the sums")
    ballots_change: bool = setting(True, says="A vote may be changed until the closing (never a secret one)")
    proxies_most: int = setting(3, low=0, high=50, says="Voters for whom one person may vote at most")
    notice_days: int = setting(15, low=0, high=90, says="Days between the announcement and the first vote at least")
    remind_hours: int = setting(
        48, low=1, high=336, says="Hours before the closing when those who have not voted hear of it"
    )
    objection_days: int = setting(7, low=0, high=60, says="Days after the closing in which owners may object")


@dataclass(frozen=True, slots=True)
class Share:
    """A share that has to be reached, or exceeded."""

    num: int
    den: int
    is_exceeded: bool = False

    def holds(self, part: int, whole: int) -> bool:
        """This will compare by whole numbers only; nothing of nothing never holds."""
        if whole <= 0:
            return False
        left, right = part * self.den, self.num * whole
        return left > right if self.is_exceeded else left >= right

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.num, self.den)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a meeting's results are held against, frozen at its announcement."""

    quorum: Share
    ordinary: Share
    reserved: Share
    ballots_change: bool
    proxies_most: int
    remind_hours: int
    objection_days: int


def terms_of(held: Mapping[str, object]) -> Terms:
    """This will read the terms from a policy's settings, or from those that a meeting has kept."""
    return Terms(
        quorum=_share(held["quorum"], is_exceeded=False),
        ordinary=_share(held["ordinary"], is_exceeded=bool(held["ordinary_is_exceeded"])),
        reserved=_share(held["reserved"], is_exceeded=bool(held["reserved_is_exceeded"])),
        ballots_change=bool(held["ballots_change"]) and not held["is_secret"],
        proxies_most=int(str(held["proxies_most"])),
        remind_hours=int(str(held["remind_hours"])),
        objection_days=int(str(held["objection_days"])),
    )


def _share(text: object, *, is_exceeded: bool) -> Share:
    num, _slash, den = str(text).partition("/")
    return Share(int(num), int(den), is_exceeded)
