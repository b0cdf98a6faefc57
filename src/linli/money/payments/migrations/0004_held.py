from pathlib import Path

from django.db import migrations, models

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_slips")]

    operations = [
        migrations.AddField("attempt", "held", models.BooleanField(db_default=False)),
        migrations.AddField("attempt", "release_at", models.DateTimeField(null=True)),
        migrations.AddField("attempt", "released_at", models.DateTimeField(null=True)),
        migrations.AddIndex("attempt", models.Index(fields=["release_at"], name="payments_attempt_release", condition=models.Q(("release_at__isnull", False)))),
        walls.functions(str(SQL / "0004_held.sql")),
    ]
