"""The questions about assets."""

from linli.estate.assets.queries.clock import communities_that_wait, going_on, maybe_due, takings_over
from linli.estate.assets.queries.register import (
    AssetCard,
    AssetPage,
    BatchCard,
    ExpiringPaper,
    PaperCard,
    Sought,
    asset_batches,
    asset_page,
    assets,
    expiring,
    scanned_asset,
)
from linli.estate.assets.queries.takings import (
    CountRow,
    TakingRow,
    counts,
    open_counts_of,
    taking_page,
    takings,
)
from linli.estate.assets.queries.upkeep import (
    PlanCard,
    TaskPage,
    TaskRow,
    plans,
    task_page,
    tasks,
    tasks_of_asset,
)

__all__ = [
    "AssetCard",
    "AssetPage",
    "BatchCard",
    "CountRow",
    "ExpiringPaper",
    "PaperCard",
    "PlanCard",
    "Sought",
    "TakingRow",
    "TaskPage",
    "TaskRow",
    "asset_batches",
    "asset_page",
    "assets",
    "communities_that_wait",
    "counts",
    "expiring",
    "going_on",
    "maybe_due",
    "open_counts_of",
    "plans",
    "scanned_asset",
    "taking_page",
    "takings",
    "takings_over",
    "task_page",
    "tasks",
    "tasks_of_asset",
]
