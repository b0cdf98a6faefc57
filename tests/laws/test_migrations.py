"""The tables are what the models say: nobody forgets a migration, and a fresh database is what an old one became."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from linli.config import settings


def test_every_change_of_a_model_has_its_migration():
    ours = {config.label for config in apps.get_app_configs() if config.name in settings.MODULES}
    kept = MigrationLoader(None)
    assert kept.detect_conflicts() == {}
    found = MigrationAutodetector(kept.project_state(), ProjectState.from_apps(apps)).changes(graph=kept.graph)
    missing = {label: [str(op) for step in steps for op in step.operations] for label, steps in found.items()}
    assert {label: ops for label, ops in missing.items() if label in ours} == {}
