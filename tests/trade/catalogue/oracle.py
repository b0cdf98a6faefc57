"""What a community pays and sees, as a person would look it up: the nearest place that says something."""

from __future__ import annotations

from collections.abc import Mapping


def effective(price: int, offers: Mapping[str, tuple[int | None, bool | None]]) -> tuple[int, bool]:
    """`offers` by level; a level that says nothing of the price (or of the visibility) leaves it to the wider one."""
    visible = True
    for level in ("city", "district", "community"):
        said_price, said_visible = offers.get(level, (None, None))
        price = price if said_price is None else said_price
        visible = visible if said_visible is None else said_visible
    return price, visible
