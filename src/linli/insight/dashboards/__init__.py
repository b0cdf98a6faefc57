"""Dashboards: what is worth carrying, who buys how, and what a community costs and brings; figures with their evidence.

Words: a *line* is a good of a shop in some communities, over some weeks; its *margin* is what the merchant keeps of the
price after purchase, commission, ways of its own and goods lost; *seldom* is what a community would buy less of than a
shelf's place is worth, counted with what its neighbours buy; a *segment* is the homes that buy alike (regular, lapsing,
new, at times, gone); a *basket* is a checkout; a *neighbour* is a community that might share runs.

Invariants: nothing is kept here, every figure is asked of the wings when it is shown; what goods were bought for is
told to their merchant alone; no home and no person leaves a query, and a group of fewer homes than the policy says is
not shown, nor what would tell it from a sum beside it; what cannot be told (no purchase cost) is missing, not zero.

Doors: queries (what_to_carry, segments_of_shop, segments_of_community, communities_in_numbers, community_in_numbers,
neighbours_joining); rules (judge, segments, shown, joining, FiguresPolicy). See docs/rules/what-to-carry.md.
"""
