"""Names and rules of venues are kept by language; what there was is taken as Chinese, which nearly all of it is."""

from django.db import migrations, models

_INTO = "ALTER TABLE venues_venue ALTER COLUMN {0} TYPE jsonb USING {1}"
_BACK = "ALTER TABLE venues_venue ALTER COLUMN {0} TYPE text USING coalesce({0} ->> 'zh', {0} ->> 'en', '')"


class Migration(migrations.Migration):
    dependencies = [("venues", "0001_venues")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_INTO.format("name", "jsonb_build_object('zh', name)"), _BACK.format("name")),
                migrations.RunSQL(
                    _INTO.format("text", "CASE text WHEN '' THEN '{}' ELSE jsonb_build_object('zh', text) END"),
                    _BACK.format("text"),
                ),
            ],
            state_operations=[
                migrations.AlterField("venue", "name", models.JSONField()),
                migrations.AlterField("venue", "text", models.JSONField(default=dict)),
            ],
        )
    ]
