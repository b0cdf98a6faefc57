"""What is late is chased: who heard of it, when the clock looks again, and moves that nobody finished lapse."""

from django.db import migrations, models

_LOOK_AT = "ALTER TABLE {0} ALTER COLUMN next_at TYPE timestamptz USING due_at"
"""An UPDATE would find no row: whoever migrates stands outside the walls."""


class Migration(migrations.Migration):
    dependencies = [("permits", "0001_permits")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("permit", "relocation")
            for name, field in (
                ("next_at", models.DateTimeField(null=True)),
                ("late_told", models.SmallIntegerField(default=0)),
            )
        ),
        migrations.RemoveConstraint("relocation", "permits_relocation_state"),
        migrations.AddConstraint(
            "relocation",
            models.CheckConstraint(condition=models.Q(state__in=["called_off", "done", "lapsed", "open"]), name="permits_relocation_state"),
        ),
        migrations.AddIndex(
            "relocation",
            models.Index(
                fields=["due_at"], name="permits_relocation_due", condition=models.Q(("due_at__isnull", False))
            ),
        ),
        *(
            migrations.RunSQL(_LOOK_AT.format(table), migrations.RunSQL.noop)
            for table in ("permits_permit", "permits_relocation")
        ),
    ]
