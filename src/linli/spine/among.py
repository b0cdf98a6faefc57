"""`__among`: what `__in` is, for a list that may be thousands long."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import In


@ForeignObject.register_lookup
@Field.register_lookup
class Among(In):
    """`column = ANY(one array)` in place of `column IN (so many values)`.

    A statement with as many parameters as values is another one for every length; and once PostgreSQL plans it without
    its values, as it does after some calls, it compares every row of the table with every value: 2,000 homes looked
    for among a million took minutes. Given one array it goes on using the index.
    """

    lookup_name = "among"

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """This will bind the values as one array; among no values nothing is found, and nobody is asked."""
        if not self.rhs_is_direct_value():
            raise TypeError("__among takes values; for the rows of a query there is __in")
        _placeholders, values = super().process_rhs(compiler, connection)
        return "%s", (list(values),)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:  # noqa: ARG002 - Django asks so
        """This will write the comparison with the array."""
        return f"= ANY({rhs})"
