"""Those who work for a property company know what their colleagues are called, masked as everywhere at the desks."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls


class Migration(migrations.Migration):
    dependencies = [("people", "0002_homes_looked_up")]

    operations = [
        migrations.RunSQL(
            "CREATE POLICY people_role_binding_of_company ON people_role_binding FOR SELECT USING ("
            "(SELECT linli_role()) = 'property' AND role = 'property' AND (acts_for = (SELECT linli_company())"
            " OR (level = 'company' AND place = (SELECT linli_company()))))",
            "DROP POLICY people_role_binding_of_company ON people_role_binding",
        ),
        walls.functions(
            str(Path(__file__).parents[1] / "sql" / "0003_colleagues.sql"), names=("people_is_colleague(uuid)",)
        ),
        migrations.RunSQL(
            "CREATE POLICY people_party_colleagues ON people_party FOR SELECT USING (people_is_colleague(id))",
            "DROP POLICY people_party_colleagues ON people_party",
        ),
    ]
