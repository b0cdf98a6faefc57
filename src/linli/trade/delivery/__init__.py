"""Delivery: neighbours share their runs, slots are sold to their last place and no further, and what waits is seen.

Words: a *zone* is a list of communities that share runs, around a *hub*; a *slot* is a window of a zone with a
*cut-off*; a *capacity* is what one subject carries in one window on one axis; a *hold* is an order's part of it, until
a time or, once it is *kept*, for good; *pooled* is a slot's shared run, *now* a trip as soon as goods are ready; a
*wave* is the plan of a slot's runs. A *courier* carries for the platform, a company or a shop, in *shifts*; a *task* is
one order on its way; a *run* is what one courier rides, *stop* by stop; an *offer* is a run that may be refused.

Invariants: 0 <= taken <= capacity, held by the database; a checkout is held whole or not at all; nothing is held after
its cut-off; a fee is shared over the orders of one run and frozen at sale; a plan is validated by other rules than made
it. One task per order, done once and paid once; every waiting state of it has a deadline and somebody it waits for, and
what is late stands on the board; whose hands goods are in is known at every instant; a position is only the latest.

Doors: SQL `delivery_hold_slots`, `delivery_keep`, `delivery_release`; actions, queries, rules, events (docs/doors.md).
"""
