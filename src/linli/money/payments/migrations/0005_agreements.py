from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import linli.kernel.ids
from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"
OF_SEEN = "EXISTS (SELECT FROM payments_agreement a WHERE a.id = agreement_id)"


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_held'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('source', models.TextField()),
                ('channel', models.TextField()),
                ('purpose', models.TextField()),
                ('for_id', models.UUIDField()),
                ('city', models.UUIDField()),
                ('payer', models.UUIDField()),
                ('currency', models.CharField(max_length=3)),
                ('most_minor', models.BigIntegerField()),
                ('description', models.TextField()),
                ('state', models.TextField(default='asked')),
                ('provider_reference', models.TextField(default='')),
                ('sign_url', models.TextField(default='')),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('calls', models.SmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'payments_agreement',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='payments_agreement_due'), models.Index(fields=['payer'], name='payments_agreement_payer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('most_minor__gt', 0)), name='payments_agreement_most'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'ended', 'ending', 'signed'])), name='payments_agreement_state')],
            },
        ),
        migrations.CreateModel(
            name='AgreementMove',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('verb', models.TextField()),
                ('person', models.UUIDField(null=True)),
                ('why', models.TextField(default='')),
                ('moved_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.agreement')),
            ],
            options={
                'db_table': 'payments_agreement_move',
                'constraints': [models.CheckConstraint(condition=models.Q(('verb__in', ['ask', 'sign', 'lapse', 'leave', 'end'])), name='payments_agreement_move_verb')],
            },
        ),
        migrations.CreateModel(
            name='Deduction',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('notice', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('is_sent', models.BooleanField(default=False)),
                ('calls', models.SmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.agreement')),
                ('collection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='deduction', to='payments.collection')),
            ],
            options={
                'db_table': 'payments_deduction',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='payments_deduction_due')],
            },
        ),
        migrations.CreateModel(
            name='DeductionNotice',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('amount_minor', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('calls', models.SmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.agreement')),
            ],
            options={
                'db_table': 'payments_deduction_notice',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='payments_notice_due')],
            },
        ),
        walls.functions(str(SQL / "0005_deductions.sql"), ["payments_decline(uuid, text, timestamptz)"]),
        walls.insert_only("payments_agreement_move"),
        walls.walled("payments_agreement", sees="payer = (SELECT linli_person())"),
        walls.walled("payments_agreement_move", sees=OF_SEEN, may_write="false"),
        walls.walled("payments_deduction_notice", sees=OF_SEEN, may_write="false"),
        walls.walled("payments_deduction", sees=OF_SEEN, may_write="false"),
    ]
