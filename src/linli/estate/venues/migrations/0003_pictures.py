"""A venue is shown by a picture."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("venues", "0002_languages")]

    operations = [migrations.AddField("venue", "picture", models.UUIDField(null=True))]
