"""Shares that the provider pays out of held charges."""

from pathlib import Path

from django.db import migrations, models

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_held"), ("payouts", "0003_earned")]

    operations = [
        migrations.AddField("line", "collection", models.UUIDField(null=True)),
        migrations.AddField("payee", "split_receiver", models.TextField(db_default="")),
        migrations.AddField("payout", "way", models.TextField(db_default="custody")),
        migrations.AddField("payout", "source", models.TextField(db_default="")),
        migrations.AddField("payout", "charge_reference", models.TextField(db_default="")),
        migrations.AddField("payout", "recall_at", models.DateTimeField(null=True)),
        migrations.AddConstraint("payout", models.CheckConstraint(condition=models.Q(("way__in", ["custody", "split"])), name="payouts_payout_way")),
        migrations.AddIndex("payout", models.Index(fields=["recall_at"], name="payouts_payout_recall", condition=models.Q(("recall_at__isnull", False)))),
        migrations.AddIndex("payout", models.Index(fields=["charge_reference"], name="payouts_payout_charge", condition=models.Q(("way", "split")))),
        walls.functions(str(SQL / "0004_split.sql")),
    ]
