from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_reconcile")]

    operations = [walls.functions(str(SQL / "0003_refund_of_nothing.sql"))]
