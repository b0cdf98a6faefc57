"""What intake does for whoever asked for a sheet to be looked at, taken over or undone, here or in ground/people,
which stands beneath long work and cannot undertake its own sheet."""

from __future__ import annotations

from linli.estate.intake import actions
from linli.estate.intake.actions import Preview, Taken
from linli.estate.intake.rules import (
    IMPORT_RESIDENTS,
    PREVIEW,
    PREVIEW_RESIDENTS,
    TAKE_OVER,
    UNDO,
    SheetRun,
    UndoRun,
)
from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.ground.people import actions as people
from linli.ground.people.actions import ResidentsPreview
from linli.spine.may import May
from linli.spine.scope import Scope


@undertakes(PREVIEW, needs=May.IMPORT_ESTATE)
def preview_sheet(scope: Scope, run: SheetRun, work: Work) -> Preview:
    """This will tell what a sheet would change."""
    content = files.given_to(scope, file=work.file).content
    return actions.preview_sheet(
        scope, community=run.community, file_name=work.label, content=content, tell=work.tell, at=work.at
    )


@undertakes(TAKE_OVER, needs=May.IMPORT_ESTATE)
def take_over(scope: Scope, run: SheetRun, work: Work) -> Taken:
    """This will take a sheet over as one batch."""
    content = files.given_to(scope, file=work.file).content
    return actions.take_over(
        scope, community=run.community, file_name=work.label, content=content, tell=work.tell, at=work.at
    )


@undertakes(UNDO, needs=May.IMPORT_ESTATE)
def undo_batch(scope: Scope, run: UndoRun, work: Work) -> None:
    """This will take back all that a batch made."""
    actions.undo_batch(scope, batch=run.batch, at=work.at)


@undertakes(PREVIEW_RESIDENTS, needs=May.KEEP_PEOPLE)
def preview_residents(scope: Scope, run: SheetRun, work: Work) -> ResidentsPreview:
    """This will tell what a sheet of residents would do."""
    content = files.given_to(scope, file=work.file).content
    return people.preview_residents(scope, community=run.community, file_name=work.label, content=content, at=work.at)


@undertakes(IMPORT_RESIDENTS, needs=May.KEEP_PEOPLE)
def import_residents(scope: Scope, run: SheetRun, work: Work) -> int:
    """This will register everybody of a sheet of residents."""
    content = files.given_to(scope, file=work.file).content
    return people.import_residents(scope, community=run.community, file_name=work.label, content=content, at=work.at)
