"""Waves: claimed by the clock, planned outside of any transaction, validated, and committed as runs in one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

import structlog

from linli.kernel import ids
from linli.kernel.ids import SlotId, TaskId, WaveId
from linli.spine.action import action, errand
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import queries, rules
from linli.trade.delivery.actions import drops
from linli.trade.delivery.actions.running import commit_runs
from linli.trade.delivery.gateways import ChildProcess, Served, Solver, plan_wave
from linli.trade.delivery.models import RunStop, Slot, SlotMove, Task, Wave
from linli.trade.delivery.queries.wave_due import WaveGround
from linli.trade.delivery.rules import Method, Pooling, Run, TaskState, WaveState, WaveVerb
from linli.trade.delivery.rules.economics import Costs
from linli.trade.delivery.rules.wave_building import Built, apart, build, only, priced, runs_of
from linli.trade.delivery.rules.wave_record import kept, reasons, recalled
from linli.trade.delivery.rules.waves import Plan, Problem, faults, is_drivable, repair

CLAIM = timedelta(minutes=10)
"""Whoever plans a wave and is not back by then was killed; it is planned again."""
AFTER_SLOT = timedelta(hours=2)
"""So long after its slot a committed wave is done with, whatever is still on its way."""
LEAST_CPU_S, STOPS_PER_CPU_S, MOST_CPU_S = 0.5, 60, 8.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """The word to plan a wave: it holds as long as `nth` is still the wave's."""

    wave: WaveId
    slot: SlotId
    nth: int
    seed: int
    plan: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A wave as it was decided: how, at what cost, and the runs it means."""

    method: Method
    pooling: Pooling
    cpu_s: float
    trouble: str = ""
    orders: int = 0
    stops: int = 0
    metres: int = 0
    cost_fen: int = 0
    separate_fen: int = 0
    plan: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()


NOTHING = Planned(method=Method.NOTHING, pooling=Pooling.SEPARATE, cpu_s=0)


@errand
def plan_slot(*, slot: SlotId, at: datetime, solver: Solver | None = None) -> bool:
    """This will plan the wave of a closed slot and commit its runs; False where somebody else does.

    The communities of the zone share runs only where that is not dearer. Killed on the way, it is done again as soon
    as the claim is old; nothing is half committed.
    """
    claimed = claim_wave(SYSTEM, slot=slot, at=at)
    if claimed is None:
        return False
    ground = queries.wave_ground(SYSTEM, slot=slot, at=at)
    planned = _planned(ground, claimed, solver or ChildProcess(), at) if ground.orders else NOTHING
    if planned.trouble:
        _log.warning("wave_solver_failed", wave=str(claimed.wave), trouble=planned.trouble[:200])
    return commit_wave(SYSTEM, claimed=claimed, planned=planned, at=at)


@action(needs=May.RUN_CLOCKS)
def claim_wave(scope: Scope, *, slot: SlotId, at: datetime) -> Claimed | None:
    """This will take the word to plan the wave of a slot for some minutes; None where it is taken, or over."""
    row = Slot.objects.select_for_update().filter(pk=slot).first()
    if row is None or row.state == rules.SlotState.OPEN:
        return None
    wave = Wave.objects.inside().filter(slot=row).first()
    if wave is None:
        wave = Wave.objects.create(
            id=ids.new(), zone_id=row.zone_id, slot=row, nth=1, pooling=Pooling.SEPARATE.value,
            method=Method.NOTHING.value, seed=crc32(row.pk.bytes), cpu_s=0, orders=0, stops=0, runs=0, metres=0,
            cost_minor=0, separate_minor=0, plan={}, says={}, planned_at=at, due_at=at + CLAIM, busy_until=at + CLAIM,
        )  # fmt: skip
    elif wave.state not in (WaveState.PLANNED, WaveState.COMMITTED) or (wave.busy_until and wave.busy_until > at):
        return None
    else:
        wave.nth, wave.seed, wave.busy_until, wave.planned_at = wave.nth + 1, wave.seed + 1, at + CLAIM, at
        wave.save(update_fields=["nth", "seed", "busy_until", "planned_at"])
    return Claimed(WaveId(wave.pk), SlotId(row.pk), wave.nth, wave.seed, wave.plan)


def _planned(ground: WaveGround, claimed: Claimed, solver: Solver, at: datetime) -> Planned:
    built = build(
        ground.orders,
        ground.couriers,
        hub=ground.hub,
        start_at=ground.start_at,
        end_at=ground.end_at,
        zero_at=at,
        metres=ground.metres,
        costs=Costs(),
    )
    cpu_s = min(MOST_CPU_S, LEAST_CPU_S + len(built.problem.stops) / STOPS_PER_CPU_S)
    again = _repaired(built, claimed, solver, cpu_s=cpu_s) if claimed.plan else None
    return again or _decided(built, solver, cpu_s=cpu_s, seed=claimed.seed)


def _repaired(built: Built, claimed: Claimed, solver: Solver, *, cpu_s: float) -> Planned | None:
    """The plan of before with what changed put in or taken out: whoever had a stop keeps it.

    None where that cannot be driven any more, or shares runs dearer than the communities by themselves would be.
    """
    plan = repair(built.problem, recalled(built, claimed.plan), cpu_s=0, seed=claimed.seed).plan
    if not is_drivable(built.problem, plan):
        return None
    cost_fen = priced(built, plan).fen
    district = [stop.district for stop in built.problem.stops]
    if all(len({district[stop] for stop in route.stops}) == 1 for route in plan.routes):
        return replace(_told(built, plan, [], Pooling.SEPARATE, cost_fen, cpu_s=0), method=Method.REPAIRED)
    alone = apart(built.problem, lambda part: plan_wave(solver, part, cpu_s=cpu_s, seed=claimed.seed).plan)
    separate_fen = priced(built, alone).fen
    if cost_fen > separate_fen:
        return None
    return replace(_told(built, plan, [], Pooling.POOLED, separate_fen, cpu_s=0), method=Method.REPAIRED)


def _decided(built: Built, solver: Solver, *, cpu_s: float, seed: int) -> Planned:
    """Together, and every community alone; shared only where that reaches as many and is not dearer."""
    problem, served = built.problem, list[Served]()

    def decide(part: Problem) -> Plan:
        share = cpu_s * len(part.stops) / len(problem.stops)
        served.append(plan_wave(solver, part, cpu_s=share, seed=seed))
        return served[-1].plan

    together = plan_wave(solver, problem, cpu_s=cpu_s, seed=seed)
    shared = priced(built, together.plan)
    if len({stop.district for stop in problem.stops}) == 1:
        return _told(built, together.plan, [together], Pooling.SEPARATE, shared.fen, cpu_s=cpu_s)
    alone = apart(problem, decide)
    separate, unreached = priced(built, alone), _unreached(problem, alone)
    fewer = _unreached(problem, together.plan) < unreached
    separate_fen = max(separate.fen, shared.fen) if fewer else separate.fen
    is_pooled = shared.fen <= separate_fen and _unreached(problem, together.plan) <= unreached
    if is_pooled or not is_drivable(problem, alone):
        return _told(built, together.plan, [together], Pooling.POOLED, max(separate_fen, shared.fen), cpu_s=cpu_s)
    return _told(built, alone, served, Pooling.SEPARATE, separate.fen, cpu_s=cpu_s)


def _unreached(problem: Problem, plan: Plan) -> int:
    return sum(fault.by for fault in faults(problem, plan))


def _told(
    built: Built, plan: Plan, served: list[Served], pooling: Pooling, separate_fen: int, *, cpu_s: float
) -> Planned:
    troubles = [each.words or each.trouble.value for each in served if each.trouble]
    unserved = {fault.stop for fault in faults(built.problem, plan) if fault.stop is not None}
    price = priced(built, plan)
    return Planned(
        method=Method.SIMPLE if troubles else Method.SOLVER,
        pooling=pooling,
        cpu_s=cpu_s,
        trouble="; ".join(troubles)[:500],
        orders=sum(map(len, built.tasks)),
        stops=len(set(built.doors)),
        metres=price.metres,
        cost_fen=price.fen,
        separate_fen=separate_fen,
        plan=kept(built, plan),
        says=reasons(built, plan, unserved),
        runs=runs_of(built, plan),
    )


@action(needs=May.RUN_CLOCKS, private=("claimed", "planned"))
def commit_wave(scope: Scope, *, claimed: Claimed, planned: Planned, at: datetime) -> bool:
    """This will write down a planned wave and commit its runs, or discard it where nothing is to be brought.

    False where the claim has passed to somebody else. What was called off or sent by a dispatcher since the wave was
    planned is left out.
    """
    with as_the_house():
        wave = Wave.objects.inside().select_for_update().filter(pk=claimed.wave).first()
        if wave is None or wave.nth != claimed.nth or wave.busy_until is None:
            return False
        runs = only(planned.runs, _still_open(wave.pk, planned.runs))
        before = WaveState(wave.state)
        commit = WaveVerb.COMMIT if before is WaveState.PLANNED else WaveVerb.REPLAN
        verb = commit if runs else WaveVerb.DISCARD
        if runs or before is WaveState.COMMITTED:
            commit_runs(scope, wave=wave.pk, runs=runs, at=at)
        after = rules.WAVE_LIFE.after(before, verb)
        slot = Slot.objects.get(pk=wave.slot_id)
        Wave.objects.inside().filter(pk=wave.pk).update(
            state=after.value, pooling=planned.pooling.value, method=planned.method.value, cpu_s=planned.cpu_s,
            orders=planned.orders, stops=planned.stops, runs=len(runs), metres=planned.metres,
            cost_minor=planned.cost_fen, separate_minor=planned.separate_fen, plan=planned.plan, says=planned.says,
            trouble=planned.trouble, busy_until=None, due_at=max(slot.end_at, at) + AFTER_SLOT,
        )  # fmt: skip
        drops.note(SlotId(slot.pk), planned.says)
        _note(scope, wave, verb, after, why=planned.method.value, at=at)
    return True


def _still_open(wave: UUID, runs: tuple[Run, ...]) -> frozenset[TaskId]:
    """Orders of a plan that still wait, or stand in a run of this wave that nobody has set out on."""
    wanted = {task for run in runs for stop in run.stops for task in stop.tasks}
    rows = RunStop.objects.inside().filter(run__wave=wave, run__state__in=["planned", "given"])
    own = {task for stop in rows for task in stop.tasks}
    held = Task.objects.inside().select_for_update().filter(pk__in=wanted).order_by("id")
    return frozenset(
        TaskId(row.pk)
        for row in held
        if row.state == TaskState.TODO.value or (row.state == TaskState.ASSIGNED.value and row.pk in own)
    )


def _note(scope: Scope, wave: Wave, verb: WaveVerb, after: WaveState, *, why: str, at: datetime) -> None:
    SlotMove.objects.create(
        slot_id=wave.slot_id, wave=wave, verb=verb.value, after=after.value, role=scope.role.value,
        person=scope.person, why=why, moved_at=at,
    )  # fmt: skip


@action(needs=May.RUN_CLOCKS)
def finish_waves(scope: Scope, *, at: datetime, most: int) -> int:
    """This will end the committed waves whose slots are long over, and tell how many."""
    with as_the_house():
        due = Wave.objects.inside().filter(state=WaveState.COMMITTED.value, due_at__lte=at).order_by("due_at")
        rows = list(due.select_for_update(skip_locked=True)[:most])
        after = rules.WAVE_LIFE.after(WaveState.COMMITTED, WaveVerb.FINISH)
        Wave.objects.inside().filter(pk__in=[row.pk for row in rows]).update(state=after.value)
        for row in rows:
            _note(scope, row, WaveVerb.FINISH, after, why="", at=at)
    return len(rows)
