"""One setting of whole numbers as it holds in many communities at once, for the clocks."""

from pathlib import Path

from django.db import migrations

from linli.spine import walls


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_policies"), ("people", "0004_building_stewards")]

    operations = [
        walls.functions(
            str(Path(__file__).parents[1] / "sql" / "0002_whole_numbers.sql"),
            names=("policies_whole_numbers(text, text, integer, integer, uuid[], timestamptz)",),
        ),
    ]
