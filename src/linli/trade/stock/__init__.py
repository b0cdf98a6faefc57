"""Stock: how much there is of what, never sold twice, and where every unit came from and went.

Words: a *level* counts the units of a variant on hand and those reserved; a *reservation* holds units for an order
until a time, or for good once it is *kept*; a *batch* came in together and may expire; a *movement* is a typed,
immutable line of the stock book; goods are *taken* when they are served, first expired first out; expired goods are
*disposed* of.

Invariants: 0 <= reserved <= on_hand, held by the database; on_hand is the sum of what remains of the batches and of all
movements; expired units are never sold, even before the clock has moved them out; rows are locked in the order of their
variants; a checkout is reserved whole or not at all; what a batch cost is seen by its shop and the platform only.
Prepared food has no level and no end.

Doors: SQL `stock_reserve`, `stock_keep`, `stock_release`, `stock_take`, `stock_return`; actions.{reserve, keep,
release, take, give_back, receive_batch, receive_batches, count_stock, write_off, dispose_expired}; queries.{available,
stock_of_shop, batches, movements}; rules; events.
"""
