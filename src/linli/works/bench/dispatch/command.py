"""`linli bench dispatch`: how well are couriers told what to do?"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Play days to the on-demand dispatcher and judge it.")
@click.option(
    "--instances",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="A folder with a day, or with folders of days, in the form of grubhub/mdrplib; may be given again.",
)
@click.option("--est", "believed", is_flag=True, help="Hide ready times behind their shop's mean until they have come.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each day, and one with the means.")
def dispatch(instances: tuple[Path, ...], believed: bool, as_json: bool) -> None:
    """Play days to the dispatcher and judge what it did; without --instances, answer another feeder's lines.

    The days of the published figures are those of the public repository grubhub/mdrplib (Reyes et al. 2018). The lines
    are JSON on standard input and output: an `init`, then a `step` for each minute, which is answered by a list of
    instructions. Exit status 1 when a day broke a rule.
    """
    if not instances:
        from linli.works.bench.dispatch.lines import NotUnderstood, answer

        try:
            answer(sys.stdin, sys.stdout)
        except NotUnderstood as error:
            raise click.ClickException(str(error)) from error
        return
    from linli.works.bench.dispatch.days import NoDay
    from linli.works.bench.dispatch.judging import as_line, as_table, judged, mean

    try:
        scores = []
        for score in judged(instances, believed=believed):
            scores.append(score)
            if as_json:
                click.echo(as_line(score))
    except NoDay as error:
        raise click.ClickException(str(error)) from error
    click.echo(as_line(mean(scores)) if as_json else as_table([*scores, mean(scores)]))
    sys.exit(0 if not any(score.faults for score in scores) else 1)
