"""The law of tables: foreign keys point down, and an insert-only table says so to the database too."""

from __future__ import annotations

from configparser import ConfigParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from linli.config.home import PROJECT


def stories() -> list[list[set[str]]]:
    """The layers of each import contract, from the top down: modules side by side stand in one set."""
    contracts = ConfigParser()
    contracts.read(PROJECT / ".importlinter")
    return [
        [{name.strip().strip("()") for name in line.split("|")} for line in contracts[s]["layers"].strip().splitlines()]
        for s in contracts.sections()
        if "layers" in contracts[s]
    ]


def stands_above(upper: str, lower: str) -> bool:
    """Whether a contract says that the one may know the other."""
    for layers in stories():
        place = {name: n for n, names in enumerate(layers) for name in names}
        found = [
            next((n for name, n in place.items() if (m + ".").startswith(name + ".")), None) for m in (upper, lower)
        ]
        if None not in found and found[0] != found[1]:
            return found[0] < found[1]  # type: ignore[operator]
    return False


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("linli.")]


def test_the_floors_are_read_as_they_are_written():
    assert stands_above("linli.trade.orders", "linli.ground.places")
    assert stands_above("linli.trade.orders", "linli.trade.stock")
    assert not stands_above("linli.ground.places", "linli.trade.orders")
    assert not stands_above("linli.money.ledger", "linli.money.payouts")


def test_foreign_keys_point_down():
    upwards = []
    for model in own_models():
        own = apps.get_app_config(model._meta.app_label).name
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                target = apps.get_app_config(field.related_model._meta.app_label).name
                if target != own and not stands_above(own, target):
                    upwards.append(f"{model.__name__}.{field.name} -> {target}")
    assert upwards == []


def test_tables_are_called_after_their_module():
    strange = [m._meta.db_table for m in own_models() if not m._meta.db_table.startswith(m._meta.app_label + "_")]
    assert strange == []


def test_every_module_with_tables_is_installed():
    files = [f for f in (PROJECT / "src" / "linli").glob("*/*/models*") if f.parent.name != "__pycache__"]
    found = {"linli." + ".".join(f.relative_to(PROJECT / "src" / "linli").parts[:2]) for f in files}
    assert found <= set(settings.MODULES)


@pytest.mark.django_db
def test_an_insert_only_table_gives_the_application_no_right_to_change_it():
    with connection.cursor() as cursor:
        for model in own_models():
            if not getattr(model, "insert_only", False):
                continue
            table = model._meta.db_table
            cursor.execute(
                "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')", [table, table]
            )
            assert cursor.fetchone() == (False, False), table
