"""The four shortcuts of the first page: what this phone opens most often, else what most people need."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from linli.faces.shell.addresses import url
from linli.kernel.words import _

SHOWN = 4
_COUNTED = re.compile(r"([a-z-]{2,30})\.(\d{1,3})(?:_|$)")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A place of one tap; `counter` is the word of the policy that may close it."""

    page: str
    name: str
    icon: str
    counter: str = ""

    @property
    def word(self) -> str:
        """The word of its address, by which the browser counts it."""
        return url(self.page).strip("/").split("/")[1]


SHORTCUTS = (
    Shortcut("owner:orders", _("My orders"), "receipt-text"),
    Shortcut("owner:work-orders", _("Repairs"), "wrench", "workorders"),
    Shortcut("owner:visitors", _("Visitors"), "ticket", "visits"),
    Shortcut("owner:bills", _("Bills"), "receipt", "billing"),
    Shortcut("owner:parcels", _("Parcels"), "package", "parcels"),
    Shortcut("owner:cars", _("Parking"), "square-parking", "parking"),
    Shortcut("owner:meters", _("My meters"), "gauge", "metering"),
    Shortcut("owner:replenish", _("What runs out"), "leaf"),
    Shortcut("owner:votes", _("Owners' votes"), "vote", "assembly"),
    Shortcut("owner:venues", _("Venues"), "calendar-days", "venues"),
    Shortcut("owner:notices", _("Notices"), "megaphone", "notices"),
)


def chosen(used: str, closed: Collection[str]) -> tuple[Shortcut, ...]:
    """This will choose shortcuts by what a browser counted (`bills.3_orders.7`); a closed counter is none."""
    counted = {word: int(times) for word, times in _COUNTED.findall(used[:400])}
    found = [each for each in SHORTCUTS if each.counter not in closed]
    return tuple(sorted(found, key=lambda each: -counted.get(each.word, 0))[:SHOWN])
