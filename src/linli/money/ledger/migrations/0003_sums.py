"""What stands on all accounts of a word."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_reverse_and_seal")]

    operations = [walls.functions(str(SQL / "0005_sums.sql"), ["ledger_sums"])]
