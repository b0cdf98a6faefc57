"""The tables are what the models say: nobody forgets a migration, and a fresh database is what an old one became."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

import linli
from linli.config import settings


def test_every_change_of_a_model_has_its_migration():
    ours = {config.label for config in apps.get_app_configs() if config.name in settings.MODULES}
    kept = MigrationLoader(None)
    assert kept.detect_conflicts() == {}
    found = MigrationAutodetector(kept.project_state(), ProjectState.from_apps(apps)).changes(graph=kept.graph)
    missing = {label: [str(op) for step in steps for op in step.operations] for label, steps in found.items()}
    assert {label: ops for label, ops in missing.items() if label in ours} == {}


def test_no_migration_changes_rows_by_an_update_which_finds_none_behind_the_walls():
    """Row-level security holds for the owner too: what is filled in is filled by `ALTER COLUMN ... TYPE ... USING`."""
    ours = [path for module in settings.MODULES for path in _migrations_of(module)]
    assert ours
    assert [path.name for path in ours if re.search(r"\bUPDATE\s+\S+\s+SET\b", path.read_text("utf-8"))] == []


def _migrations_of(module: str) -> list[Path]:
    return sorted((Path(linli.__file__).parents[1] / Path(*module.split("."))).glob("migrations/0*.py"))
