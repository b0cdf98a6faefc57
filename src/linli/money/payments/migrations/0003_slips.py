from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import linli.kernel.ids
from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_reconcile")]

    operations = [
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ("reference", models.TextField(unique=True)),
                ("holder", models.UUIDField(null=True)),
                ("city", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("issued_at", models.DateTimeField()),
                ("collection", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="slip", to="payments.collection")),
            ],
            options={
                "db_table": "payments_slip",
                "constraints": [
                    models.UniqueConstraint(fields=["holder", "city"], name="payments_slip_holder"),
                    models.CheckConstraint(condition=models.Q(("collection__isnull", True), ("holder__isnull", False)) | models.Q(("collection__isnull", False), ("holder__isnull", True)), name="payments_slip_about_one"),
                ],
            },
        ),
        walls.functions(str(SQL / "0003_slips.sql")),
        walls.insert_only("payments_slip"),
        walls.walled("payments_slip", sees="holder = (SELECT linli_person()) OR EXISTS (SELECT FROM payments_collection c WHERE c.id = collection_id)"),
    ]
