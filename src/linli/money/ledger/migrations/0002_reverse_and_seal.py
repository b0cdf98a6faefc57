"""Mirrored journals and sealed days."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]

    operations = [walls.functions(str(SQL / "0004_reverse_and_seal.sql"))]
