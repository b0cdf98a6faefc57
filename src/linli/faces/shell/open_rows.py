"""What is open of an account, as whoever pays it looks at it: the late fees of an item are one row, not one a month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linli.estate.billing.queries import LineCard, OpenLine
from linli.estate.billing.rules import LineKind
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

BETWEEN = ","


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Some lines shown as one: `line` has their days and their sums."""

    line: LineCard
    obligor: PartyId
    lines: tuple[int, ...]

    @property
    def word(self) -> str:
        """How a form names these lines."""
        return BETWEEN.join(map(str, self.lines))


def open_rows(lines: Sequence[OpenLine]) -> tuple[OpenRow, ...]:
    """This will gather the late fees of each item and obligor, where the first of them stands."""
    found: dict[object, list[OpenLine]] = {}
    for each in lines:
        is_fee = each.line.kind is LineKind.LATE_FEE
        key = (tuple(each.line.name.items()), each.obligor) if is_fee else each.line.line
        found.setdefault(key, []).append(each)
    return tuple(_row(some) for some in found.values())


def _row(lines: Sequence[OpenLine]) -> OpenRow:
    cards = [each.line for each in lines]
    line = replace(
        cards[0],
        start_on=min(card.start_on for card in cards),
        end_on=max(card.end_on for card in cards),
        due_on=min(card.due_on for card in cards),
        amount=Money.total(card.amount for card in cards),
        paid=Money.total(card.paid for card in cards),
        credited=Money.total(card.credited for card in cards),
    )
    return OpenRow(line, lines[0].obligor, tuple(card.line for card in cards))


def picked_rows(form: Fields) -> list[tuple[int, ...]]:
    """This will read the rows that somebody ticked, each as its lines."""
    rows = [word.split(BETWEEN) for word in form.many("lines")]
    if not all(line.isdecimal() for row in rows for line in row):
        raise Invalid("lines", _("Please choose one of the values offered."))
    return [tuple(map(int, row)) for row in rows]


def spread(amount: Money, lines: Sequence[int], opens: Mapping[int, Money]) -> Iterator[tuple[int, Money]]:
    """This will divide an amount over the lines of a row, the oldest first; what is too much is left with the last."""
    for nth, line in enumerate(lines):
        part = amount if nth == len(lines) - 1 else min(amount, opens.get(line, Money.zero))
        if part:
            yield line, part
        amount -= part
