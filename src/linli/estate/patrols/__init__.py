"""Patrols: somebody walks past the points of a community, looks at what is to be looked at, and it can be shown.

Words: a *point* (点位) has a QR with a secret and *items* (检查项) to look at; a *route* (路线) is points one after the
other; a *plan* (计划) says on which weekdays and between which hours a route is walked, and by whom; a *patrol* is one
walk, its *checks* are its points; a *finding* (异常) is what was not in order.

Invariants: a patrol is made once for a plan and a day; a point is checked once in a patrol, in its window, by whoever
took the patrol; where the order counts, it is kept; every item is answered; a value beyond its limits is a finding, and
every finding becomes a work order; what was not walked in time is absent by the clock, never by hand; what makes a
visit doubtful (too fast, too far) is written beside it and explained, not hidden.

Doors: rules.{doubts, least_seconds, rotating_code, judged}; actions, queries and events as docs/doors.md lists them.
"""
