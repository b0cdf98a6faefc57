"""What is voted on is kept by language; what there was is taken as Chinese, which nearly all of it is."""

from django.db import migrations, models
from django.db.models.lookups import GreaterThanOrEqual

_INTO = "ALTER TABLE {0} ALTER COLUMN title TYPE jsonb USING jsonb_build_object('zh', title), ALTER COLUMN text TYPE jsonb USING CASE text WHEN '' THEN '{{}}' ELSE jsonb_build_object('zh', text) END"
_BACK = "ALTER TABLE {0} ALTER COLUMN title TYPE text USING coalesce(title ->> 'zh', title ->> 'en', ''), ALTER COLUMN text TYPE text USING coalesce(text ->> 'zh', text ->> 'en', '')"
_DECIDED = """[{"zh": "同意", "en": "In favour"}, {"zh": "反对", "en": "Against"}, {"zh": "弃权", "en": "Abstain"}]"""
_OPTIONS = f"""
    CREATE FUNCTION assembly_said(options text[], matter text) RETURNS jsonb LANGUAGE sql AS $$
        SELECT CASE WHEN matter IN ('ordinary', 'reserved') THEN '{_DECIDED}'::jsonb
            ELSE (SELECT jsonb_agg(jsonb_build_object('zh', o) ORDER BY n)
                  FROM unnest(options) WITH ORDINALITY AS t(o, n)) END $$;
    ALTER TABLE assembly_motion ALTER COLUMN options TYPE jsonb USING assembly_said(options, matter);
    DROP FUNCTION assembly_said
"""
_OPTIONS_BACK = """
    CREATE FUNCTION assembly_said(options jsonb, matter text) RETURNS text[] LANGUAGE sql AS $$
        SELECT CASE WHEN matter IN ('ordinary', 'reserved') THEN ARRAY['yes', 'no', 'abstain']
            ELSE (SELECT array_agg(coalesce(o ->> 'zh', o ->> 'en') ORDER BY n)
                  FROM jsonb_array_elements(options) WITH ORDINALITY AS t(o, n)) END $$;
    ALTER TABLE assembly_motion ALTER COLUMN options TYPE text[] USING assembly_said(options, matter);
    DROP FUNCTION assembly_said
"""
"""By ALTER, as an UPDATE would find no row: whoever migrates stands outside the walls."""


def _options() -> models.Func:
    return models.Func(models.F("options"), function="jsonb_array_length", output_field=models.IntegerField())


class Migration(migrations.Migration):
    dependencies = [("assembly", "0001_assembly")]

    operations = [
        migrations.RemoveConstraint("motion", "assembly_motion_options"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                *(
                    migrations.RunSQL(_INTO.format(table), _BACK.format(table))
                    for table in ("assembly_meeting", "assembly_motion")
                ),
                migrations.RunSQL(_OPTIONS, _OPTIONS_BACK),
            ],
            state_operations=[
                *(migrations.AlterField(model, "title", models.JSONField()) for model in ("meeting", "motion")),
                *(
                    migrations.AlterField(model, "text", models.JSONField(default=dict))
                    for model in ("meeting", "motion")
                ),
                migrations.AlterField("motion", "options", models.JSONField()),
            ],
        ),
        migrations.AddConstraint(
            "motion",
            models.CheckConstraint(
                condition=models.Q(
                    GreaterThanOrEqual(_options(), 2), GreaterThanOrEqual(_options(), models.F("most")), most__gte=1
                ),
                name="assembly_motion_options",
            ),
        ),
    ]
