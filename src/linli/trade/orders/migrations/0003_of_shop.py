"""A shop reads its orders by when they were placed, the latest first; without an index all of them are sorted each time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_disputes")]

    operations = [
        migrations.AddIndex(
            "order", models.Index(fields=["shop", "-placed_at", "-id"], name="orders_order_placed")
        ),
    ]
