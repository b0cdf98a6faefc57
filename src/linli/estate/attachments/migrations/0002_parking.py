"""A car has its licence beside it, and a space what shows whose it is."""

from django.db import migrations, models

_KINDS = ["outage", "parcel", "visit", "stay", "car", "space", "relocation", "release", "booking", "meeting"]


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_attachments")]

    operations = [
        migrations.RemoveConstraint("attachment", "attachments_attachment_kind"),
        migrations.AddConstraint(
            "attachment",
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="attachments_attachment_kind"),
        ),
    ]
