"""On-demand dispatch: each minute or less, who fetches what, and where those without a task should be.

Words: a *bundle* is orders of one shop that travel together; a courier is told to *go to* a shop, which binds nothing
but his way, or to *deliver* a bundle, which is not taken back; the *price* of a courier's minute is what it is worth in
minutes that other customers wait.

Invariants: an order is given to one courier, a bundle is of one shop, nobody is told to pick up after the end of the
shift, is diverted on the way, or is asked again for what he refused; an order whose ready time is only believed is not
given to anybody; the same snapshot has the same answer.

Doors: `Dispatcher(setting, terms=, travel=).step(at_min, orders, couriers, demand)`, `explain`; `Order`, `Courier`,
`Doing`, `Demand`, `Terms`, `Setting`; `Goto`, `Deliver`; `demand.RecentOrders`, `preparation.Preparation`.
numpy and scipy are imported at the first step, so that who never dispatches never pays for them.
"""

from __future__ import annotations

from linli.trade.delivery.rules.dispatch.dispatcher import Dispatcher as Dispatcher
from linli.trade.delivery.rules.dispatch.reasons import Because as Because
from linli.trade.delivery.rules.dispatch.reasons import Reason as Reason
from linli.trade.delivery.rules.dispatch.reasons import Rival as Rival
from linli.trade.delivery.rules.dispatch.reasons import explain as explain
from linli.trade.delivery.rules.dispatch.setting import Setting as Setting
from linli.trade.delivery.rules.dispatch.world import Courier as Courier
from linli.trade.delivery.rules.dispatch.world import Deliver as Deliver
from linli.trade.delivery.rules.dispatch.world import Demand as Demand
from linli.trade.delivery.rules.dispatch.world import Doing as Doing
from linli.trade.delivery.rules.dispatch.world import Goto as Goto
from linli.trade.delivery.rules.dispatch.world import Instruction as Instruction
from linli.trade.delivery.rules.dispatch.world import Order as Order
from linli.trade.delivery.rules.dispatch.world import Place as Place
from linli.trade.delivery.rules.dispatch.world import Terms as Terms
from linli.trade.delivery.rules.dispatch.world import Travel as Travel
