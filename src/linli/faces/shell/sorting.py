"""How a list that comes in pages is sorted: by the house, over all of it, as the address says.

A browser that sorts the page it has says something false about the rest; it sorts only lists that are whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from linli.faces.shell.addresses import url
from linli.faces.shell.requests import PageRequest

Column = tuple[str, str, str, str]
"""Words of a heading, its class, where pressing it leads, and which way it is sorted now."""


@dataclass(frozen=True)
class Sorting:
    """By which key, and which way; no key is the order in which the list comes by itself."""

    page: str
    chosen: Mapping[str, object]
    key: str = ""
    is_rising: bool = False
    parts: tuple[object, ...] = ()
    """What stands in the path of the page's address."""

    @classmethod
    def of(
        cls,
        request: PageRequest,
        page: str,
        keys: Collection[str],
        chosen: Mapping[str, object],
        *,
        parts: tuple[object, ...] = (),
    ) -> Sorting:
        """This will read `by=amount` or `by=-amount` from the address; a key that is not offered sorts nothing."""
        asked = request.query.raw("by")
        key = asked.removeprefix("-")
        if key not in keys:
            return cls(page, chosen, parts=parts)
        return cls(page, chosen, key, not asked.startswith("-"), parts)

    @property
    def word(self) -> str:
        """As it stands in the address."""
        return ("" if self.is_rising else "-") + self.key if self.key else ""

    def column(self, key: str, label: str, kind: str = "") -> Column:
        """This will make a heading that sorts: the largest or latest first, and pressed again, the other way."""
        here = key == self.key
        turned = key if here and not self.is_rising else f"-{key}"
        way = ("ascending" if self.is_rising else "descending") if here else ""
        return label, kind, url(self.page, *self.parts, **self.chosen, by=turned), way
