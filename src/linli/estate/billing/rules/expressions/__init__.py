"""The language of formulas: read to a tree when it is saved, refused there if it could go wrong, exact when it runs.

    home.area * price + if(home.floor > 6, lift_surcharge, 0)

Numbers are exact fractions (a literal is a decimal), so `1 / 3 * 3` is 1 and no cent hangs on the order of a sum. What
is not known, does not fit, or divides by what may be nothing is refused with the place of the mistake, before a formula
can be kept. A value that a home lacks stops that one line (`Missing`); nothing is ever taken for zero.
"""

from linli.estate.billing.rules.expressions.checking import read
from linli.estate.billing.rules.expressions.ranges import ABOVE_ZERO, ANY, FROM_ZERO, Range, Ranges
from linli.estate.billing.rules.expressions.running import Missing, evaluate, names_in
from linli.estate.billing.rules.expressions.telling import decimal_text, written
from linli.estate.billing.rules.expressions.tree import Mistake, Tree

__all__ = [
    "ABOVE_ZERO",
    "ANY",
    "FROM_ZERO",
    "Missing",
    "Mistake",
    "Range",
    "Ranges",
    "Tree",
    "decimal_text",
    "evaluate",
    "names_in",
    "read",
    "written",
]
