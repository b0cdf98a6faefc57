"""The spine: the Django-bound frame that every verb and every question of the house hangs on.

Words: a *scope* is who asks and how far they reach; an *action* is a verb (one transaction, one permission, one audit
row, at most one effect per key); a *query* is a question asked from a scope; an *errand* leaves the house (it may call
the outside world, never inside a transaction); *tell* puts a fact into the outbox together with the data; a *reaction*
takes effect once; a *timed* function is what we do when the clock says so; a *wall* is a row-level-security policy.

Invariants: nothing commits but the outermost action; a fact commits with its data or not at all; a reaction's effect
commits with the note that it happened; advisory locks are taken sorted, once, late, and with a time limit.

Doors: action.{action, query, open_query, errand, reading}, scope.{Scope, Role, SYSTEM}, may.May, outbox.{tell,
reacts_to, drain}, locks.hold, jobs.{timed, timers}, sql.{fetch, fetch_one, run, from_json}, base.{Model, Scoped}, walls
(for migrations), audit.{record_reading, entries, read_entry}, sheets.read (a person's spreadsheet as rows of text).
"""
