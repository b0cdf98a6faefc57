"""Sheets of readings as long work (ground/chores)."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import CommunityId

PREVIEW_READINGS, IMPORT_READINGS = "metering.preview_readings", "metering.import_readings"


@dataclass(frozen=True, slots=True)
class ReadingsRun:
    """A sheet of a community's readings that the worker looks at or takes in; it came as the file of the chore."""

    community: CommunityId
