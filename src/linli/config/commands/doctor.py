"""`linli doctor`: is this installation sound?"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linli.spine.findings import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
def doctor(as_json: bool) -> None:
    """Check every invariant of money and the state of the installation.

    Exit status 0 when all is well, 1 when something is not. Reads only.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from linli.works.doctor.examination import examine

    answers = []
    for answer in examine(at=datetime.now(UTC)):
        answers.append(answer)
        if not as_json:
            _say(answer.part, answer.findings)
    ok = all(answer.ok for answer in answers)
    if as_json:
        parts = {
            a.part: [
                {"invariant": f.invariant, "ok": f.ok, "details": [str(detail) for detail in f.details]}
                for f in a.findings
            ]
            for a in answers
        }
        click.echo(json.dumps({"ok": ok, "parts": parts}, ensure_ascii=False, indent=2))
    else:
        click.echo("All is well." if ok else "Something needs you; see the lines marked ✗.")
    sys.exit(0 if ok else 1)


def _say(part: str, findings: tuple[Finding, ...]) -> None:
    click.secho(part, bold=True)
    for finding in findings:
        click.secho(f"  {'✓' if finding.ok else '✗'} {finding.invariant}", fg=None if finding.ok else "red")
        for detail in finding.details:
            click.echo(f"      {detail}")
