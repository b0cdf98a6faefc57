"""The verbs of patterns: take over, and undo."""

from linli.estate.patterns.actions.taking import NothingToTake, Taken, take_over
from linli.estate.patterns.actions.undoing import undo

__all__ = ["NothingToTake", "Taken", "take_over", "undo"]
