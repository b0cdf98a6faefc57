"""Formulas: what is accepted never fails and never guesses; what could go wrong is refused with its place."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linli.estate.billing.rules import expressions
from linli.estate.billing.rules.expressions import (
    ABOVE_ZERO,
    ANY,
    FROM_ZERO,
    Missing,
    Mistake,
    Range,
    decimal_text,
    evaluate,
    names_in,
    read,
    written,
)

NAMES = {
    "home.area": ABOVE_ZERO,
    "home.floor": ANY,
    "homes.count": Range(Fraction(1)),
    "meter.usage": FROM_ZERO,
    "price": FROM_ZERO,
    "surcharge": ANY,
    "attr:villa": FROM_ZERO,
}
HOME = {
    "home.area": Fraction("89.37"),
    "home.floor": Fraction(7),
    "homes.count": Fraction(3),
    "meter.usage": Fraction(61),
    "price": Fraction("2.85"),
    "surcharge": Fraction(10),
    "attr:villa": Fraction(1),
}


def worth(text: str) -> str:
    return decimal_text(evaluate(read(text, NAMES), HOME))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("home.area * price", "254.7045"),
        ("home.area * price + if(home.floor > 6, surcharge, 0)", "264.7045"),
        ("1 - (2 - 3)", "2"),
        ("1 - 2 - 3", "-4"),
        ("12 / 4 / 3", "1"),
        ("-(1 + 2) * 3", "-9"),
        ("1 / 3 * 3", "1"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(444.195, 2)", "444.2"),
        ("step(meter.usage, 30)", "3"),
        ("step(60, 30)", "2"),
        ("min(meter.usage, 50, 20 + 10)", "30"),
        ("max(home.area, 100) * 0.5", "50"),
        ('if(attr("villa") == 1, 3.5, 2)', "3.5"),
        ("if(not (home.floor < 3) and home.area >= 89.37 or 1 > 2, 1, 2)", "1"),
        ("surcharge / max(home.floor, 1)", "1.428571"),
        ("if(home.floor != 0, 14 / home.floor, 0)", "2"),
        ("if(home.floor >= 0.5 and meter.usage > 0, 1 / (home.floor * meter.usage), 0)", "0.002342"),
    ],
)
def test_formulas_as_worked_by_hand(text, result):
    assert worth(text) == result


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "A formula cannot be empty."),
        ("home.aera * 2", 0, "There is no value “home.aera”. Is “home.area” meant?"),
        ("2 * water", 4, "There is no value “water”."),
        ('2 * attr("villas")', 4, 'There is no value “attr("villas")”. Is “attr("villa")” meant?'),
        ("2 * ￥3", 4, "“￥” means nothing here."),
        ("(1 + 2", 6, "“)” is expected here."),
        ("1 + 2)", 5, "“)” is too much here."),
        ("1 +", 3, "A number, a name or a bracket is expected here."),
        ("1 < 2 < 3", 6, "Two comparisons in a row: join them with “and”."),
        ("1 < 2", 0, "The result must be an amount, not yes or no."),
        ("if(home.floor, 1, 2)", 3, "A comparison is expected here."),
        ("if(home.floor > 1, 1)", 0, "if needs a comparison, what holds then, and what holds otherwise."),
        ("1 + (2 > 1)", 7, "A number is expected here, not yes or no."),
        ("min(1)", 0, "“min” needs at least two values."),
        ("step(1)", 0, "“step” needs two values."),
        ("eval(1)", 0, "There is no function “eval”."),
        ("__import__(1)", 0, "There is no function “__import__”."),
        ("attr(villa)", 5, "attr needs the name of an attribute in quotation marks."),
        ("round(home.area, price)", 17, "round needs a whole number of places from 0 to 6."),
        ("step(home.area, home.floor)", 16, "The size of a step must be above zero."),
        ("1234567890123456", 0, "This number has too many digits."),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(text, at, says):
    with pytest.raises(Mistake) as refused:
        read(text, NAMES)
    assert (refused.value.at, str(refused.value)) == (at, says)


@pytest.mark.parametrize(
    "text",
    [
        "1 / home.floor",
        "1 / 0",
        "1 / (home.area - home.area)",
        "1 / (price * price)",
        "1 / meter.usage",
        "1 / min(home.area, price)",
        "1 / round(home.area, 0)",
        "1 / if(home.floor > 1, home.floor, 0)",
        "if(home.floor > -1, 1 / home.floor, 0)",
        "if(home.floor >= 0, 1 / home.floor, 0)",
        "if(home.floor > 0 or price > 0, 1 / home.floor, 0)",
        "if(home.floor > 0, 0, 1 / home.floor)",
    ],
)
def test_a_possible_division_by_zero_is_refused_before_the_formula_is_kept(text):
    with pytest.raises(Mistake, match="divide by zero"):
        read(text, NAMES)


def test_a_formula_is_bounded_in_length_and_depth():
    with pytest.raises(Mistake, match="at most 500"):
        read("1+" * 250 + "1", NAMES)
    with pytest.raises(Mistake, match="nested too deeply"):
        read("(" * 60 + "1" + ")" * 60, NAMES)
    assert worth("+".join(["1"] * 250)) == "250"


def test_a_value_that_lacks_stops_the_line_and_is_never_taken_for_zero():
    tree = read("home.area * price + if(home.floor > 6, surcharge, 0)", NAMES)
    assert names_in(tree) == {"home.area", "price", "home.floor", "surcharge"}
    with pytest.raises(Missing) as stopped:
        evaluate(tree, {k: v for k, v in HOME.items() if k != "home.area"})
    assert stopped.value.name == "home.area"


def test_why_this_amount_is_the_formula_with_its_figures():
    tree = read("(home.area + 2) * price + max(surcharge, 0)", NAMES)
    assert written(tree) == "(home.area + 2) * price + max(surcharge, 0)"
    assert written(tree, lambda name: decimal_text(HOME[name])) == "(89.37 + 2) * 2.85 + max(10, 0)"


numbers = st.decimals(0, 999, places=2).map(str)
figures = st.one_of(numbers, st.sampled_from(sorted(set(NAMES) - {"attr:villa"})))


@st.composite
def formulas(draw, depth=4):
    """Any formula over the names, most of them right."""
    shape = draw(st.sampled_from(["figure", "figure", "sum", "call", "negative", "if"] if depth else ["figure"]))
    if shape == "figure":
        return draw(figures)
    a, b = draw(formulas(depth - 1)), draw(formulas(depth - 1))
    match shape:
        case "sum":
            return f"({a} {draw(st.sampled_from('+-*/'))} {b})"
        case "call":
            return f"{draw(st.sampled_from(['min', 'max', 'step']))}({a}, {b})"
        case "negative":
            return f"-({a})"
    sign = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    return f"if({draw(figures)} {sign} {draw(figures)}, {a}, {b})"


exact = st.fractions(-1000, 1000, max_denominator=1000)


@st.composite
def homes(draw):
    """Values within what the names promise."""
    positive = exact.map(abs)
    return {
        "home.area": draw(positive.filter(bool)),
        "home.floor": draw(exact),
        "homes.count": 1 + draw(positive),
        "meter.usage": draw(positive),
        "price": draw(positive),
        "surcharge": draw(exact),
    }


@settings(max_examples=300)
@given(formulas(), homes())
def test_what_is_accepted_never_divides_by_zero_and_survives_being_written_out(text, values):
    try:
        tree = read(text, NAMES)
    except Mistake:
        assume(False)
    found = evaluate(tree, values)
    again = read(written(tree), NAMES)
    assert evaluate(again, values) == found
    assert found == _by_python(text, values)


def _by_python(text, values):
    """The oracle: Python's own reading of the same text, over fractions."""
    words = {"min": min, "max": max, "step": lambda a, b: Fraction(-(-a // b)), "F": Fraction}
    words |= {name.replace(".", "_"): value for name, value in values.items()}
    return eval(_in_python(read(text, NAMES)), {"__builtins__": {}}, words)  # noqa: S307


def _in_python(tree):
    match tree:
        case expressions.tree.Number(value):
            return f"F({value.numerator}, {value.denominator})"
        case expressions.tree.Name(name):
            return name.replace(".", "_")
        case expressions.tree.Call("if", (condition, then, otherwise)):
            return f"({_in_python(then)} if {_in_python(condition)} else {_in_python(otherwise)})"
        case expressions.tree.Call("negative", (part,)):
            return f"(-{_in_python(part)})"
        case expressions.tree.Call("min" | "max" | "step" as word, parts):
            return f"{word}({', '.join(map(_in_python, parts))})"
        case expressions.tree.Call(word, (left, right)):
            return f"({_in_python(left)} {word} {_in_python(right)})"
