from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

import linli.kernel.ids
from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):

    dependencies = [("delivery", "0002_couriers")]

    operations = [
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('home', models.UUIDField(unique=True)),
                ('person', models.UUIDField()),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('said_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'delivery_wish',
                'indexes': [models.Index(fields=['person'], name='delivery_wish_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('places__contained_by', ['door', 'shelf', 'locker', 'desk', 'station']), ('places__len__gte', 1)), name='delivery_wish_places')],
            },
        ),
        walls.functions(str(SQL / "0003_wishes.sql"), ["delivery_wished(uuid)"]),
        walls.walled("delivery_wish", sees="false"),
    ]
