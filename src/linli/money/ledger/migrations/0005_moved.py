"""What moved on some accounts of a book within a time, document by document."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_booking_escrow")]

    operations = [walls.functions(str(SQL / "0007_moved.sql"), ["ledger_moved(text, text[], timestamptz, timestamptz)"])]
