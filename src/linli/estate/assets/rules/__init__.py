"""What assets are about: their lives, when they are due, what they are worth, what a sheet of them says."""

from linli.estate.assets.rules.checklists import Answer, answered, checked_items
from linli.estate.assets.rules.lives import (
    ASSET_LIFE,
    BATCH_LIFE,
    HERE,
    TAKING_LIFE,
    TASK_LIFE,
    UNDONE,
    AssetState,
    AssetVerb,
    BatchState,
    BatchVerb,
    TakingState,
    TakingVerb,
    TaskState,
    TaskVerb,
)
from linli.estate.assets.rules.policy import AssetPolicy
from linli.estate.assets.rules.rhythms import MOST_LEAD_DAYS, Every, Rhythm, next_due, reminder_stage, skipped
from linli.estate.assets.rules.runs import PREVIEW_ASSETS, TAKE_OVER_ASSETS, AssetsRun
from linli.estate.assets.rules.sheets import COLUMNS, KINDS, LENGTHS, Wanted, wanted
from linli.estate.assets.rules.words import DIFFERENT, AssetKind, Outcome, PaperKind, Seen
from linli.estate.assets.rules.worth import Depreciation, Worth, depreciated

__all__ = [
    "ASSET_LIFE",
    "BATCH_LIFE",
    "COLUMNS",
    "DIFFERENT",
    "HERE",
    "KINDS",
    "LENGTHS",
    "MOST_LEAD_DAYS",
    "PREVIEW_ASSETS",
    "TAKE_OVER_ASSETS",
    "TAKING_LIFE",
    "TASK_LIFE",
    "UNDONE",
    "Answer",
    "AssetKind",
    "AssetPolicy",
    "AssetState",
    "AssetVerb",
    "AssetsRun",
    "BatchState",
    "BatchVerb",
    "Depreciation",
    "Every",
    "Outcome",
    "PaperKind",
    "Rhythm",
    "Seen",
    "TakingState",
    "TakingVerb",
    "TaskState",
    "TaskVerb",
    "Wanted",
    "Worth",
    "answered",
    "checked_items",
    "depreciated",
    "next_due",
    "reminder_stage",
    "skipped",
    "wanted",
]
