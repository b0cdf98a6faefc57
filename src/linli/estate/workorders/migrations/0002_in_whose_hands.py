"""A step of an order keeps in whose hands it was: the history says to whom work was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0001_workorders")]

    operations = [migrations.AddField("move", "assignee", models.UUIDField(null=True))]
