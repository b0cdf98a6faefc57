"""A thing that was marked down keeps the price before it, so that nobody proposes the same markdown again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_catalogue")]

    operations = [
        migrations.AddField("variant", "lowered_from_minor", models.BigIntegerField(null=True)),
        migrations.AddField("variant", "lowered_to_minor", models.BigIntegerField(null=True)),
    ]
