"""Pooled waves: many orders, ready about the same time, to many doors, carried by few couriers.

Words: a *stop* is a door where a courier hands over one or more orders; a *vehicle* is a courier with what they drive,
for this wave; a *route* is the visits of one vehicle in their order; a *plan* is the routes of a wave. A place is a row
of the travel matrix. Times are whole ticks of a hundredth of a minute (`TICKS_PER_MIN`) from the wave's own zero; costs
are whole units of the caller's choosing, in the product a hundredth of a fen (`UNITS_PER_FEN`).

Invariants: `faults` knows nothing of how plans are made and has the last word on every plan; `simple` always serves, if
only by naming the stops that nobody can reach in time; a `seed` and the CPU seconds given are all that chance there is.

Doors: `Problem`, `Stop`, `Collection`, `Vehicle`, `Rates`; `Plan`, `Route`, `Visit`; `solve`, `simple`, `repair`,
`split`; `faults`, `is_drivable`, `merit`, `cost`, `timetable`, `explain`.
"""

from __future__ import annotations

from linli.trade.delivery.rules.waves.costing import Cost as Cost
from linli.trade.delivery.rules.waves.costing import cost as cost
from linli.trade.delivery.rules.waves.explaining import Instead as Instead
from linli.trade.delivery.rules.waves.explaining import RouteReason as RouteReason
from linli.trade.delivery.rules.waves.explaining import StopReason as StopReason
from linli.trade.delivery.rules.waves.explaining import explain as explain
from linli.trade.delivery.rules.waves.faults import Fault as Fault
from linli.trade.delivery.rules.waves.faults import Wrong as Wrong
from linli.trade.delivery.rules.waves.faults import faults as faults
from linli.trade.delivery.rules.waves.faults import is_drivable as is_drivable
from linli.trade.delivery.rules.waves.plan import Act as Act
from linli.trade.delivery.rules.waves.plan import Plan as Plan
from linli.trade.delivery.rules.waves.plan import Route as Route
from linli.trade.delivery.rules.waves.plan import Visit as Visit
from linli.trade.delivery.rules.waves.problem import TICKS_PER_MIN as TICKS_PER_MIN
from linli.trade.delivery.rules.waves.problem import UNITS_PER_FEN as UNITS_PER_FEN
from linli.trade.delivery.rules.waves.problem import Collection as Collection
from linli.trade.delivery.rules.waves.problem import Problem as Problem
from linli.trade.delivery.rules.waves.problem import Rates as Rates
from linli.trade.delivery.rules.waves.problem import Stop as Stop
from linli.trade.delivery.rules.waves.problem import Vehicle as Vehicle
from linli.trade.delivery.rules.waves.regions import Part as Part
from linli.trade.delivery.rules.waves.repairing import Repaired as Repaired
from linli.trade.delivery.rules.waves.repairing import repair as repair
from linli.trade.delivery.rules.waves.simple import simple as simple
from linli.trade.delivery.rules.waves.solving import best_of as best_of
from linli.trade.delivery.rules.waves.solving import merit as merit
from linli.trade.delivery.rules.waves.solving import solve as solve
from linli.trade.delivery.rules.waves.splitting import split as split
from linli.trade.delivery.rules.waves.timetable import Call as Call
from linli.trade.delivery.rules.waves.timetable import Timetable as Timetable
from linli.trade.delivery.rules.waves.timetable import timetable as timetable
