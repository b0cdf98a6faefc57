"""A promise of a community holds from a day on; those that stand held from the beginning."""

from datetime import date

from django.db import migrations, models

FROM_THE_BEGINNING = date(2000, 1, 1)


class Migration(migrations.Migration):
    dependencies = [("workorders", "0002_in_whose_hands")]

    operations = [
        migrations.AddField("sla", "start_on", models.DateField(default=FROM_THE_BEGINNING), preserve_default=False),
        migrations.RemoveConstraint("sla", "workorders_sla_once"),
        migrations.AddConstraint(
            "sla",
            models.UniqueConstraint(fields=["community", "type", "start_on"], name="workorders_sla_once"),
        ),
    ]
