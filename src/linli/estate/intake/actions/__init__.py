"""The verbs of intake: look at a sheet, take it over, undo it."""

from linli.estate.intake.actions.planning import Change
from linli.estate.intake.actions.taking import STEPS, Preview, SheetRefused, Taken, preview_sheet, take_over
from linli.estate.intake.actions.undoing import SignedIn, undo_batch

__all__ = [
    "STEPS",
    "Change",
    "Preview",
    "SheetRefused",
    "SignedIn",
    "Taken",
    "preview_sheet",
    "take_over",
    "undo_batch",
]
