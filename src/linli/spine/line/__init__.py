"""The line to PostgreSQL: Django's own backend, and the short way on it that the hot paths take.

Words: a *trip* is one way there and back on a connection, whatever number of statements it carries; what *goes ahead*
is asked in the same trip as the next statement, before it. Measured, a trip costs more than most statements: two
processes take turns on a core, and each finds its memory cold. Invariants: a transaction begins with the first thing
that is asked in it, in the same trip (one in which nothing is asked never begins); whatever goes ahead has been
answered, or its error raised, before anybody sees an answer to what follows it; a transaction that commits has sent
everything that was to go ahead. Django knows this folder as an ENGINE (`base.py`).
Doors: `linli.spine.sql`; nobody else speaks to the line.
"""
