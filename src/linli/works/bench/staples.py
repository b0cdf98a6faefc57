"""Twenty-one staples of the published panel, as its products' categories and types name them.

Medicine, adult and infant-health goods are not among them; see `insight.replenish.rules`.
"""

from __future__ import annotations

from typing import Any

# commodity: (product_category, how a type begins, or what it holds)
STAPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "rice": (("DRY BN/VEG/POTATO/RICE", "RICE - "),),
    "cooking_oil": (
        ("SHORTENING/OIL", "VEGETABLE/SALAD OIL"),
        ("SHORTENING/OIL", "CANOLA OILS"),
        ("SHORTENING/OIL", "OLIVE OIL"),
        ("SHORTENING/OIL", "CORN OIL"),
        ("SHORTENING/OIL", "COOKING OIL"),
    ),
    "flour": (("FLOUR & MEALS", ""),),
    "sugar": (("SUGARS/SWEETNERS", "SUGAR"),),
    "noodles": (("DRY NOODLES/PASTA", ""),),
    "eggs": (("EGGS", "EGGS - "),),
    "milk": (("FLUID MILK PRODUCTS", "FLUID MILK"),),
    "bread": (("BAKED BREAD/BUNS/ROLLS", ""),),
    "butter": (("BUTTER", ""), ("MARGARINES", "")),
    "yogurt": (("YOGURT", ""),),
    "cereal": (("COLD CEREAL", ""),),
    "coffee": (("COFFEE", ""),),
    "tea": (("TEAS", ""),),
    "toilet_paper": (("BATH TISSUES", "TOILET TISSUE"),),
    "paper_towels": (("PAPER TOWELS", ""),),
    "laundry_detergent": (("LAUNDRY DETERGENTS", ""),),
    "dish_detergent": (("DISHWASH DETERGENTS", ""),),
    "soap": (("SOAP - LIQUID & BAR", ""),),
    "toothpaste": (("ORAL HYGIENE PRODUCTS", "TOOTHPASTE"),),
    "shampoo": (("HAIR CARE PRODUCTS", "SHAMPOO"),),
    "pet_food": (("CAT FOOD", ""), ("DOG FOODS", "")),
}


def commodities(products: Any) -> Any:
    """This will map the panel's products to staples, those that are none left out."""
    import pyarrow

    by_category: dict[str, list[tuple[str, str]]] = {}
    for staple, places in STAPLES.items():
        for category, begins in places:
            by_category.setdefault(category, []).append((begins, staple))
    rows: dict[str, list[Any]] = {"product_id": [], "commodity": []}
    for product, category, kind in zip(
        products["product_id"].to_pylist(),
        products["product_category"].to_pylist(),
        products["product_type"].to_pylist(),
        strict=True,
    ):
        for begins, staple in by_category.get(category, ()):
            if (kind or "").startswith(begins):
                rows["product_id"].append(product)
                rows["commodity"].append(staple)
                break
    return pyarrow.table(rows)
