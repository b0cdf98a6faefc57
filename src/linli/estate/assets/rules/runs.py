"""Sheets of assets as long work (ground/chores)."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import CommunityId

PREVIEW_ASSETS, TAKE_OVER_ASSETS = "assets.preview_assets", "assets.take_over_assets"


@dataclass(frozen=True, slots=True)
class AssetsRun:
    """A sheet of a community's assets that the worker looks at or takes over; it came as the file of the chore."""

    community: CommunityId
