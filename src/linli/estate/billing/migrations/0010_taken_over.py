"""What was paid ahead in the books before ours is a receipt of its own kind; and who keeps a rest may see that it is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_subject_first")]

    operations = [
        migrations.RemoveConstraint(model_name="receipt", name="billing_receipt_channel"),
        migrations.RemoveConstraint(model_name="repayment", name="billing_repayment_channel"),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["cash", "pos", "qr", "bank", "online", "deposit", "wallet", "taken_over"])
                ),
                name="billing_receipt_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="repayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["cash", "bank", "online", "wallet", "taken_over"])),
                name="billing_repayment_channel",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                fields=["keeper"], condition=models.Q(("rest_minor__gt", 0)), name="billing_receipt_keeper"
            ),
        ),
        migrations.RunSQL(
            "CREATE POLICY billing_receipt_kept ON billing_receipt FOR SELECT"
            " USING (rest_minor > 0 AND keeper = (SELECT linli_person()))",
            "DROP POLICY billing_receipt_kept ON billing_receipt",
        ),
    ]
