from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parcels', '0001_parcels'),
    ]

    operations = [
        migrations.AddField(
            model_name='parcel',
            name='in_locker',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
