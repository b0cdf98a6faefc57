"""An entry of the audit says for which company it was done, so that a company's managers can read what its people did.

The walls are up when an entry is written, and the company stands among them: the column takes it from there.
"""

from django.db import migrations, models
from django.db.models import Func


class Migration(migrations.Migration):
    dependencies = [("spine", "0004_labels")]

    operations = [
        migrations.AddField("auditentry", "company", models.UUIDField(null=True, db_default=Func(function="linli_company"))),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["company", "-id"], condition=models.Q(company__isnull=False), name="spine_audit_company"
            ),
        ),
        migrations.RunSQL(
            "CREATE POLICY spine_audit_of_company ON spine_audit FOR SELECT USING ((SELECT linli_role()) = 'property'"
            " AND role = 'property' AND company = (SELECT linli_company()))",
            "DROP POLICY spine_audit_of_company ON spine_audit",
        ),
    ]
