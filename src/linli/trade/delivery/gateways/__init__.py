"""The ways to the solver of waves, which runs in a process of its own because it is big and greedy, and to roads."""

from __future__ import annotations

from linli.trade.delivery.gateways.roads import Beelines as Beelines
from linli.trade.delivery.gateways.roads import RoadEngine as RoadEngine
from linli.trade.delivery.gateways.roads import Roads as Roads
from linli.trade.delivery.gateways.roads import RoadsFailed as RoadsFailed
from linli.trade.delivery.gateways.roads import roads as roads
from linli.trade.delivery.gateways.serving import Served as Served
from linli.trade.delivery.gateways.serving import plan_wave as plan_wave
from linli.trade.delivery.gateways.solver import ChildProcess as ChildProcess
from linli.trade.delivery.gateways.solver import SameProcess as SameProcess
from linli.trade.delivery.gateways.solver import Solver as Solver
from linli.trade.delivery.gateways.solver import SolverFailed as SolverFailed
from linli.trade.delivery.gateways.solver import Trouble as Trouble
