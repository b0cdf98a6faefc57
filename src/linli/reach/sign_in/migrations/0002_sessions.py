"""Whether a session still stands, asked in one round trip."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("sign_in", "0001_ground")]

    operations = [walls.functions(str(SQL / "0001_sessions.sql"), ["sign_in_is_over", "sign_in_is_open"])]
