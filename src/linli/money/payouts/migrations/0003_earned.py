"""What the payees of every order have earned."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_bank")]

    operations = [walls.functions(str(SQL / "0003_earned.sql"), ["payouts_earned"])]
