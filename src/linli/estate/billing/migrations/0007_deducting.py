import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import linli.kernel.ids
from linli.spine import walls

STAFF = "(SELECT linli_role()) = 'property' AND community = ANY ((SELECT linli_communities())::uuid[])"
OWN = f"({STAFF}) OR person = (SELECT linli_person())"


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_instalments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('company', models.UUIDField()),
                ('community', models.UUIDField()),
                ('subject', models.UUIDField()),
                ('subject_kind', models.TextField()),
                ('home', models.UUIDField(null=True)),
                ('person', models.UUIDField()),
                ('agreement', models.UUIDField(unique=True)),
                ('channel', models.TextField()),
                ('signed_most_minor', models.BigIntegerField()),
                ('most_minor', models.BigIntegerField()),
                ('month_most_minor', models.BigIntegerField(null=True)),
                ('wallet_first', models.BooleanField()),
                ('state', models.TextField(default='asked')),
                ('asked_at', models.DateTimeField()),
                ('since_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'billing_mandate',
                'indexes': [models.Index(fields=['community', '-id'], name='billing_mandate_community'), models.Index(fields=['person', '-id'], name='billing_mandate_person'), models.Index(condition=models.Q(('state', 'active')), fields=['id'], name='billing_mandate_active')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'asked', 'ended', 'paused'])), name='billing_mandate_state'), models.CheckConstraint(condition=models.Q(('subject_kind__in', ['home', 'space', 'contract', 'meter'])), name='billing_mandate_kind'), models.CheckConstraint(condition=models.Q(('most_minor__gt', 0), ('signed_most_minor__gte', models.F('most_minor')), models.Q(('month_most_minor__isnull', True), ('month_most_minor__gt', 0), _connector='OR')), name='billing_mandate_most'), models.CheckConstraint(condition=models.Q(('since_on__isnull', False), ('state__in', ['asked', 'ended']), _connector='OR'), name='billing_mandate_since'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'active', 'paused'])), fields=('subject', 'person'), name='billing_mandate_once')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('community', models.UUIDField()),
                ('person', models.UUIDField()),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('due_on', models.DateField()),
                ('next_on', models.DateField(null=True)),
                ('state', models.TextField(default='planned')),
                ('reason', models.TextField(default='')),
                ('tried', models.SmallIntegerField(default=0)),
                ('told_minor', models.BigIntegerField()),
                ('notice', models.UUIDField(null=True)),
                ('asked_minor', models.BigIntegerField(default=0)),
                ('asked_on', models.DateField(null=True)),
                ('wallet_minor', models.BigIntegerField(default=0)),
                ('taken_minor', models.BigIntegerField(default=0)),
                ('collection', models.UUIDField(null=True, unique=True)),
                ('planned_at', models.DateTimeField()),
                ('mandate', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.mandate')),
            ],
            options={
                'db_table': 'billing_round',
                'indexes': [models.Index(fields=['mandate', '-id'], name='billing_round_mandate'), models.Index(condition=models.Q(('state', 'planned')), fields=['next_on'], name='billing_round_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'called_off', 'given_up', 'planned', 'settled', 'taken'])), name='billing_round_state'), models.CheckConstraint(condition=models.Q(('reason__in', ['', 'limit', 'month', 'insufficient', 'ended', 'paused', 'refused'])), name='billing_round_reason'), models.CheckConstraint(condition=models.Q(('asked_minor__gte', 0), ('lines__len__gt', 0), ('taken_minor__lte', models.F('asked_minor')), ('told_minor__gt', 0)), name='billing_round_amounts'), models.CheckConstraint(condition=models.Q(models.Q(('next_on__isnull', False), ('state', 'planned')), models.Q(models.Q(('state', 'planned'), _negated=True), ('next_on__isnull', True)), _connector='OR'), name='billing_round_waits'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['asked', 'taken']), _negated=True), models.Q(('asked_on__isnull', False), ('collection__isnull', False)), _connector='OR'), name='billing_round_asked')],
            },
        ),
        migrations.CreateModel(
            name='RoundLine',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='billing.line')),
                ('community', models.UUIDField()),
                ('round', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.round')),
            ],
            options={
                'db_table': 'billing_round_line',
            },
        ),
        migrations.CreateModel(
            name='RoundMove',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('community', models.UUIDField()),
                ('verb', models.TextField()),
                ('before', models.TextField(default='')),
                ('after', models.TextField()),
                ('role', models.TextField()),
                ('person', models.UUIDField(null=True)),
                ('why', models.TextField(default='')),
                ('moved_at', models.DateTimeField()),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.round')),
            ],
            options={
                'db_table': 'billing_round_move',
                'indexes': [models.Index(fields=['of', 'id'], name='billing_round_move_of')],
            },
        ),
        migrations.CreateModel(
            name='MandateMove',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('community', models.UUIDField()),
                ('verb', models.TextField()),
                ('before', models.TextField(default='')),
                ('after', models.TextField()),
                ('role', models.TextField()),
                ('person', models.UUIDField(null=True)),
                ('why', models.TextField(default='')),
                ('moved_at', models.DateTimeField()),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.mandate')),
            ],
            options={
                'db_table': 'billing_mandate_move',
                'indexes': [models.Index(fields=['of', 'id'], name='billing_mandate_move_of')],
            },
        ),
        walls.insert_only("billing_round_line"),
        walls.insert_only("billing_round_move"),
        walls.insert_only("billing_mandate_move"),
        walls.walled("billing_mandate", sees=OWN),
        walls.walled("billing_round", sees=OWN),
        walls.walled("billing_round_line", sees=STAFF, may_write="false"),
        walls.walled("billing_round_move", sees="of_id IN (SELECT r.id FROM billing_round r)"),
        walls.walled("billing_mandate_move", sees="of_id IN (SELECT m.id FROM billing_mandate m)"),
    ]
