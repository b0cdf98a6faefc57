"""The verbs of places: add one place, add many homes, import a sheet."""

from __future__ import annotations

from linli.ground.places.actions.add import (
    AlreadyKnown,
    BuildingRow,
    HomeRow,
    LivedIn,
    add_building,
    add_buildings,
    add_city,
    add_community,
    add_district,
    add_home,
    add_homes,
    add_unit,
    remove_homes,
)
from linli.ground.places.actions.importing import (
    ImportPreview,
    ImportRefused,
    ImportResult,
    import_places,
    preview_import,
)

__all__ = [
    "AlreadyKnown",
    "BuildingRow",
    "HomeRow",
    "ImportPreview",
    "ImportRefused",
    "ImportResult",
    "LivedIn",
    "add_building",
    "add_buildings",
    "add_city",
    "add_community",
    "add_district",
    "add_home",
    "add_homes",
    "add_unit",
    "import_places",
    "preview_import",
    "remove_homes",
]
