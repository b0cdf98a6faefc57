import django.contrib.postgres.fields
import django.db.models.deletion
import linli.kernel.ids
from django.db import migrations, models

from linli.spine import walls

OWN = "household_id IN (SELECT household_id FROM replenish_consent WHERE person = (SELECT linli_person()))"


class Migration(migrations.Migration):

    dependencies = [
        ('replenish', '0001_replenish'),
    ]

    operations = [
        migrations.CreateModel(
            name='BasketLesson',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('city', models.UUIDField(unique=True)),
                ('version', models.SmallIntegerField()),
                ('households', models.IntegerField()),
                ('body', models.JSONField()),
                ('learnt_on', models.DateField()),
                ('learnt_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'replenish_basket_lesson',
            },
        ),
        migrations.CreateModel(
            name='BasketRank',
            fields=[
                ('household', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='basket_rank', serialize=False, to='replenish.household')),
                ('version', models.SmallIntegerField()),
                ('homes', models.IntegerField()),
                ('variants', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('ranked_on', models.DateField()),
            ],
            options={
                'db_table': 'replenish_basket_rank',
            },
        ),
        walls.walled("replenish_basket_rank", sees=OWN, may_write="false"),
    ]
