"""Demand: how much of a fresh thing a shop will sell on the days to come, and so how much it should order.

Words: a *series* is what one shop (or a pool of neighbouring ones) sold of one item, day by day; a *level* is what it
sells on a usual day now; a *factor* says how a day differs from a usual one (weekday, part of the month, feast); a
*quantile* of a day is the quantity that suffices with that chance; *fill* is the part of demand that is served, *waste*
the part of what was ordered that nobody buys in time; *life* is for how many days a thing can be sold.

Invariants: a forecast is told from sales up to its day alone; quantiles rise with their level and are never negative;
the same sales give the same forecast; a proposal proposes, and only the merchant orders or marks down.
"""
