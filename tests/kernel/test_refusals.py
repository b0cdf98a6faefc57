"""A refusal is a sentence with a stable code."""

from linli.kernel.refusals import Invalid, NotFound, Refusal


def test_codes_are_module_and_class():
    assert Refusal.code == "kernel.Refusal"
    assert Invalid.code == "kernel.Invalid"

    class OutOfPears(Refusal):
        says = "Only {left} pears are left."

    OutOfPears.__module__ = "linli.trade.orders.actions.place"
    assert str(OutOfPears(left=2)) == "Only 2 pears are left."


def test_an_invalid_input_names_its_field_and_reason():
    refused = Invalid("lines.0.quantity", "At least {least} is needed.", least=1)
    assert (refused.field, str(refused), refused.status) == ("lines.0.quantity", "At least 1 is needed.", 422)


def test_what_is_not_there_and_what_is_not_yours_are_answered_alike():
    assert (NotFound("order").status, str(NotFound("order"))) == (404, "There is no such order here.")


def test_a_value_that_is_written_in_both_languages_is_said_in_english_where_nobody_reads():
    class WrongCell(Refusal):
        says = "Row {row}, column {column}."

    assert str(WrongCell(row=3, column={"en": "price", "zh": "价格"})) == "Row 3, column price."
    assert str(WrongCell(row=3, column={"zh": "价格"})) == "Row 3, column 价格."
