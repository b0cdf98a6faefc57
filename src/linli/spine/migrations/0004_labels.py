from pathlib import Path

from django.db import migrations, models

from linli.spine import walls


class Migration(migrations.Migration):

    dependencies = [("spine", "0003_examinations")]

    operations = [
        migrations.CreateModel(
            name='LabelCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('prefix', models.TextField()),
                ('place', models.UUIDField()),
                ('day', models.DateField()),
                ('last', models.IntegerField()),
            ],
            options={
                'db_table': 'spine_label',
                'constraints': [models.UniqueConstraint(fields=('prefix', 'place', 'day'), name='spine_label_once')],
            },
        ),
        walls.functions(str(Path(__file__).parents[1] / "sql" / "0004_labels.sql"), ["spine_next_label(text, uuid, date)"]),
    ]
