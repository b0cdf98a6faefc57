"""The merchant's desk: one shop's orders, its goods and stock, its hours, and what it has earned.

Words: the *board* is what is to be done now, in four columns; a *refund request* waits for the shop's answer; the
*statement* is what was earned and taken back, line by line.

Invariants: every page is the shop's of the sign-in, and there is no other shop; no page shows a buyer's phone, and the
handover code is typed here, never read; purchase costs stand on the pages of the stock and nowhere else.
"""
