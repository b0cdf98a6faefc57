"""An order is found by its whole number among all of them, however old it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_of_shop")]

    operations = [
        migrations.AddIndex("order", models.Index(fields=["number"], name="orders_order_number")),
    ]
