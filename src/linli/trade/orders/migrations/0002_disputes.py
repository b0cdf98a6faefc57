"""Who of the platform works on a disputed refund."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_first")]

    operations = [
        migrations.AddField("refund", "taken_by", models.UUIDField(null=True)),
        migrations.AddField("refund", "taken_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="orders_refund_taken",
            ),
        ),
    ]
