from django.db import migrations, models

from linli.spine import walls


class Migration(migrations.Migration):

    dependencies = [
        ('spine', '0002_installation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Examination',
            fields=[
                ('part', models.TextField(primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField(null=True)),
                ('ran_at', models.DateTimeField(null=True)),
                ('found', models.JSONField(db_default=[])),
            ],
            options={
                'db_table': 'spine_examination',
            },
        ),
        walls.walled("spine_examination", sees="false"),
    ]
