"""The rules of demand: levels, factors, quantiles and orders; plain columns and values, no I/O, no clock.

numpy is imported inside the functions that foretell, because the web process never does; the order's rules are plain
Python, so that a page can move along its curve.
"""

from linli.insight.demand.rules.asking import Asked, Series, answer
from linli.insight.demand.rules.factors import Feast, day_factors, weekday_factors
from linli.insight.demand.rules.forecast import foretell
from linli.insight.demand.rules.night import HORIZON_D, KEPT_D, Sold, Told, tell
from linli.insight.demand.rules.order import Batch, Outlook, Point, aged, curve, markdown_bp, propose
from linli.insight.demand.rules.policy import DemandPolicy
from linli.insight.demand.rules.quantiles import LEVELS, quantiles
from linli.insight.demand.rules.sales import Sales, gather

__all__ = [
    "HORIZON_D",
    "KEPT_D",
    "LEVELS",
    "Asked",
    "Batch",
    "DemandPolicy",
    "Feast",
    "Outlook",
    "Point",
    "Sales",
    "Series",
    "Sold",
    "Told",
    "aged",
    "answer",
    "curve",
    "day_factors",
    "foretell",
    "gather",
    "markdown_bp",
    "propose",
    "quantiles",
    "tell",
    "weekday_factors",
]
