"""The bench: how fast the house is, said as ratios to the bare database in the same run and as CPU milliseconds.

Words: a crowd is a number of client processes that work for some seconds; a meter reads what processes have used; a
report is what one bench found. Machines differ and are shared, so a bench never says that a number of orders per second
is good: it sells the same five things through the house and through plain tables on the same server, and divides.

Invariants: a bench works on a durable database of its own, never on anybody's data; it sells through the same doors and
addresses as everybody; a speed counts only with its checks, which read the tables after the run: stock sold is lines
sold, the ledger sums to zero, every order has its outbox row.
"""
