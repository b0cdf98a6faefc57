"""A payment may be asked for at the desk, by a code: whose desk it was, and a payer whom nobody has to know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_taken_over")]

    operations = [
        migrations.AlterField(model_name="payment", name="payer", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="payment", name="desk", field=models.TextField(default="")),
        migrations.AddField(model_name="payment", name="taken_by", field=models.UUIDField(null=True)),
    ]
