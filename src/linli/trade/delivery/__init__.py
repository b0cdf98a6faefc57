"""Delivery: neighbours share their runs, slots are sold to their last place and no further, and what waits is seen.

Words: a *zone* is a list of communities that share runs, around a *hub*; a *slot* is a window of a zone with a
*cut-off*; a *capacity* is what one subject carries in one window on one axis (drops of a slot, what a gate or a lift
lets through, what a kitchen cooks in a quarter of an hour); a *hold* is an order's part of it, until a time or, once it
is *kept*, for good; *pooled* is a slot's shared run, *alone* a courier's trip for one order in a slot, *now* one as
soon as the goods are cooked; a *wave* is the plan of a slot's runs.

Invariants: 0 <= taken <= capacity, held by the database; taken is the sum of the holds; a checkout is held whole or not
at all; nothing is held in a slot after its cut-off, by whatever way it came; a fee is shared over the orders of one run
and frozen at sale; a plan is validated by other rules than those that made it before anybody acts on it.

Doors: SQL `delivery_hold_slots`, `delivery_keep`, `delivery_release`; actions, queries, rules, events (docs/doors.md).
"""
