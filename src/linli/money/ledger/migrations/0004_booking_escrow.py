"""The escrow of a booked parking space."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_sums")]

    operations = [
        migrations.RunSQL(
            (SQL / "0006_booking_escrow.sql").read_text(encoding="utf-8"),
            "DELETE FROM ledger_chart WHERE word = 'booking_escrow'",
        )
    ]
