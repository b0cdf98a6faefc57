"""What metering does by the clock, and for whoever has a sheet of readings."""

from __future__ import annotations

from datetime import datetime

from linli.estate.metering import actions
from linli.estate.metering.actions import ReadingsPreview, Taken
from linli.estate.metering.rules import IMPORT_READINGS, PREVIEW_READINGS, ReadingsRun
from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.spine.jobs import timed
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@timed("20 3 * * *")
def lapse_readings(*, at: datetime) -> int:
    """This will let doubtful readings lapse that nobody answered in time, until none is left."""
    lapsed = 0
    while (some := actions.lapse_readings(SYSTEM, at=at)) > 0:
        lapsed += some
    return lapsed


@undertakes(PREVIEW_READINGS, needs=May.READ_METERS)
def preview_readings(scope: Scope, run: ReadingsRun, work: Work) -> ReadingsPreview:
    """This will tell what a sheet of readings would do."""
    return actions.preview_readings(
        scope,
        community=run.community,
        file_name=work.label,
        content=files.given_to(scope, file=work.file).content,
        tell=work.tell,
        at=work.at,
    )


@undertakes(IMPORT_READINGS, needs=May.READ_METERS)
def import_readings(scope: Scope, run: ReadingsRun, work: Work) -> Taken:
    """This will take a sheet of readings in."""
    return actions.import_readings(
        scope,
        community=run.community,
        file_name=work.label,
        content=files.given_to(scope, file=work.file).content,
        tell=work.tell,
        at=work.at,
    )
