"""`linli plan`: what delivery to some communities would cost, and which shifts would carry it. Needs no database."""

from __future__ import annotations

from pathlib import Path

import click


class Numbers(click.ParamType[tuple[int, ...]]):
    """Whole numbers with commas between them."""

    name = "N,N,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            numbers = tuple(int(word) for word in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is no list of whole numbers", param, ctx)
        if not numbers or len(numbers) > 200 or any(not 0 <= n <= 1_000 for n in numbers):
            self.fail("at most 200 numbers from 0 to 1,000", param, ctx)
        return numbers


@click.group()
def plan() -> None:
    """Judge a new community before it is opened: costs of delivery, couriers and shifts."""


@plan.command()
@click.option("--communities", type=Numbers(), default="1,3,6", show_default=True, help="How many share a wave.")
@click.option("--orders", type=Numbers(), default="10,25,60", show_default=True, help="Of each community in one slot.")
@click.option("--buildings", type=click.IntRange(1, 200), default=15, show_default=True, help="Of each community.")
@click.option("--wage", type=click.FloatRange(0, 1_000), default=30.0, show_default=True, help="CNY an hour.")
@click.option("--speed", type=click.FloatRange(3, 60), default=15.0, show_default=True, help="km/h of the vehicle.")
@click.option("--capacity", type=click.IntRange(1, 1_000), default=60, show_default=True, help="Orders a vehicle.")
@click.option("--earned", type=click.FloatRange(0, 100), default=3.0, show_default=True, help="CNY an order brings.")
@click.option("--margin", type=click.FloatRange(0.1, 100), default=6.0, show_default=True, help="% of a basket.")
@click.option("--towns", type=click.IntRange(1, 20), default=2, show_default=True, help="Made-up towns to average.")
@click.option("--cpu-seconds", type=click.FloatRange(0.05, 60), default=0.5, show_default=True, help="For each wave.")
@click.option("--seed", type=click.IntRange(0, 10**6), default=0, show_default=True)
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="Draw the costs into this SVG file.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, money in fen.")
def delivery(
    communities: tuple[int, ...],
    orders: tuple[int, ...],
    buildings: int,
    wage: float,
    speed: float,
    capacity: int,
    earned: float,
    margin: float,
    towns: int,
    cpu_seconds: float,
    seed: int,
    chart: Path | None,
    as_json: bool,
) -> None:
    """What if so many communities had so many orders in a slot?

    Every line plans the slot's wave twice with the product's own engine: all communities in shared runs, and each in
    runs of its own. It tells the cost of an order both ways, what pooling saves in the slot, how many couriers leave,
    what one drop more costs, from which basket on delivery can be free (the margin pays for that drop), and how many
    orders each community needs in a slot until an order earns its delivery ("even from"; "-" above 60).

    \b
    linli plan delivery --communities 1,3 --orders 10,25
    linli plan delivery --communities 6 --orders 12 --earned 2.5 --chart costs.svg
    """
    import msgspec

    from linli.trade.delivery.rules.economics import Costs
    from linli.trade.delivery.rules.waves import Plan, Problem, solve
    from linli.trade.delivery.rules.what_if import ask, make_town
    from linli.works.delivery_chart import chart as drawn

    if not all(communities) or not all(orders):
        raise click.UsageError("No communities or no orders: nothing to deliver.")
    costs = Costs(
        courier_fen_per_h=round(wage * 100), speed_m_per_min=round(speed * 1000 / 60), orders_per_vehicle=capacity
    )

    def planner(problem: Problem) -> Plan:
        return solve(problem, cpu_s=cpu_seconds, seed=seed)

    made = [make_town(max(communities), buildings=buildings, seed=seed + n) for n in range(towns)]
    terms = {"earned_fen": round(earned * 100), "margin_bp": round(margin * 100)}
    answers = [ask(made, c, o, costs, planner, **terms) for c in communities for o in orders]
    if chart:
        chart.write_text(drawn(answers), encoding="utf-8")
    if as_json:
        click.echo(msgspec.json.encode(answers))
        return
    click.echo("communities  orders    alone   pooled  saved/slot  couriers  one drop  free from  even from")
    for a in answers:
        money = (a.alone_fen_per_order, a.pooled_fen_per_order, a.saving_fen, a.drop_fen, a.free_from_fen)
        alone, pooled, saved, drop, free = (f"{fen / 100:.2f}" for fen in money)
        even = a.break_even or "-"
        click.echo(
            f"{a.communities:11} {a.orders_each:7} {alone:>8} {pooled:>8} {saved:>11} {a.couriers_pooled:9.1f}"
            f" {drop:>9} {free:>10} {even:>10}"
        )


@plan.command(short_help="The cheapest shifts for the orders of each hour.")
@click.option("--orders", type=Numbers(), required=True, help="Expected in each quarter of an hour of the day.")
@click.option("--minutes", type=click.FloatRange(0.1, 120), default=4.0, show_default=True, help="Of work an order.")
@click.option("--lengths", type=Numbers(), default="16,24,32", show_default=True, help="Of shifts, in quarters.")
@click.option("--wage", type=click.FloatRange(0, 1_000), default=30.0, show_default=True, help="CNY an hour.")
@click.option("--most", type=click.IntRange(1, 10_000), help="Couriers there are.")
def shifts(orders: tuple[int, ...], minutes: float, lengths: tuple[int, ...], wage: float, most: int | None) -> None:
    """Choose the cheapest shifts that carry the expected orders of every quarter of an hour.

    \b
    linli plan shifts --orders 2,4,8,8,4,2,2,2,6,9,9,4 --lengths 4,8
    """
    from linli.trade.delivery.rules.shifts import NoShifts, ShiftTerms, couriers_needed, plan_shifts

    terms = ShiftTerms(lengths=lengths, courier_fen_per_h=round(wage * 100), most_at_once=most)
    try:
        chosen = plan_shifts(couriers_needed(orders, minutes_per_order=minutes), terms)
    except NoShifts as reason:
        raise click.ClickException(str(reason)) from None
    for shift in chosen.shifts:
        click.echo(f"{shift.couriers} from quarter {shift.begins} to {shift.ends}")
    click.echo(f"needed  {' '.join(map(str, chosen.needed))}")
    click.echo(f"present {' '.join(map(str, chosen.present))}")
    click.echo(f"{chosen.fen / 100:.2f} CNY")
