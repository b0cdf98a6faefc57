"""What a merchant's sheet of goods asks for: rows of one name are the variants of one listing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linli.kernel.ids import CategoryId
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.spine.sheets import Column, Row, RowError
from linli.trade.catalogue.rules.drafts import DEAREST, MOST_NAME, MOST_VARIANTS, ListingDraft, VariantDraft
from linli.trade.catalogue.rules.goods import MOST_PIECES, Care, Kind

MOST_ERRORS = 200
MOST_WORD = 60
COLUMNS = (
    Column("name", ("名称", "商品名称", "商品"), required=True),
    Column("name_en", ("英文名称", "英文名")),
    Column("kind", ("类型",)),
    Column("category", ("分类",)),
    Column("label", ("规格",)),
    Column("label_en", ("英文规格",)),
    Column("price", ("价格", "售价"), required=True),
    Column("measure", ("单位",)),
    Column("barcode", ("条码", "条形码")),
    Column("description", ("描述", "说明")),
    Column("care", ("配送要求", "运输要求")),
    Column("heavy_from", ("几件起算重物",)),
)
_KINDS = {
    "": Kind.PACKAGED,
    "packaged": Kind.PACKAGED,
    "包装": Kind.PACKAGED,
    "包装食品": Kind.PACKAGED,
    "fresh": Kind.FRESH,
    "生鲜": Kind.FRESH,
    "prepared": Kind.PREPARED,
    "现做": Kind.PREPARED,
    "餐饮": Kind.PREPARED,
}
_CARES = {
    "chilled": Care.CHILLED,
    "冷藏": Care.CHILLED,
    "heavy": Care.HEAVY,
    "重物": Care.HEAVY,
    "medicines": Care.MEDICINE,
    "药品": Care.MEDICINE,
    "fragile": Care.FRAGILE,
    "易碎": Care.FRAGILE,
    "adults_only": Care.ADULTS,
    "adults only": Care.ADULTS,
    "仅限成人": Care.ADULTS,
}
_BETWEEN = re.compile(r"[,，、;；/]")


@dataclass
class SheetPlan:
    """The listings a sheet asks for, by their Chinese names in the order of the sheet, and what is wrong with it."""

    drafts: tuple[ListingDraft, ...] = ()
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)


@dataclass
class _Listing:
    """A listing while its rows are read: the first row says what it is, each row adds a variant."""

    first: Row
    name: dict[str, str]
    kind: Kind
    category: CategoryId | None
    variants: list[VariantDraft] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)


def plan_of(rows: Iterable[Row], categories: Mapping[str, CategoryId]) -> SheetPlan:
    """This will read every row and note what is wrong, cell by cell; `categories` are known by either name."""
    plan = SheetPlan()
    found: dict[str, _Listing] = {}
    for row in rows:
        plan.rows += 1
        errors = _errors(row, categories)
        if not errors:
            listing = found.setdefault(row["name"], _begun(row, categories))
            errors = _add(listing, row)
        plan.errors += errors[: MOST_ERRORS - len(plan.errors)]
    plan.drafts = tuple(_draft(listing) for listing in found.values() if listing.variants)
    return plan


def _errors(row: Row, categories: Mapping[str, CategoryId]) -> list[RowError]:
    errors = [row.wrong("name", _("This cell may not be empty."))] if not row["name"] else []
    errors += [
        row.wrong(column, _("This cell is too long."), row[column][:20])
        for column, most in (("name", MOST_NAME), ("name_en", MOST_NAME), ("label", MOST_WORD), ("label_en", MOST_WORD))
        if len(row[column]) > most
    ]
    if row["kind"].casefold() not in _KINDS:
        errors.append(row.wrong("kind", _("{value} is none of packaged, fresh, prepared."), row["kind"]))
    if row["category"] and row["category"].casefold() not in categories:
        errors.append(row.wrong("category", _("There is no category {value}."), row["category"]))
    errors += [
        row.wrong("care", _("{value} is none of chilled, heavy, medicines, fragile, adults only."), each)
        for each in _cares(row)
        if each not in _CARES
    ]
    if row["heavy_from"] and _pieces(row["heavy_from"]) is None:
        errors.append(row.wrong("heavy_from", _("{value} is no number of pieces."), row["heavy_from"]))
    price = _price(row["price"])
    if price is None or not Money.zero < price <= DEAREST:
        errors.append(row.wrong("price", _("{value} is not a price."), row["price"]))
    return errors


def _cares(row: Row) -> list[str]:
    return [word.strip().casefold() for word in _BETWEEN.split(row["care"]) if word.strip()]


def _pieces(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() and 1 <= int(cell) <= MOST_PIECES else None


def _begun(row: Row, categories: Mapping[str, CategoryId]) -> _Listing:
    name = {"zh": row["name"], "en": row["name_en"] or row["name"]}
    category = categories[row["category"].casefold()] if row["category"] else None
    return _Listing(row, name, _KINDS[row["kind"].casefold()], category)


def _add(listing: _Listing, row: Row) -> list[RowError]:
    if row is not listing.first and (row["kind"] or row["category"]):
        same = _KINDS[row["kind"].casefold()] is listing.kind or not row["kind"]
        if not same or row["category"] not in ("", listing.first["category"]):
            reason = _("This row belongs to the listing of row {value}, which is of another kind or category.")
            return [row.wrong("name", reason, str(listing.first.number))]
    if row["label"] in listing.labels:
        return [row.wrong("label", _("This variant stands in the sheet twice."), row["label"])]
    if listing.variants and not (row["label"] and listing.first["label"]):
        return [row.wrong("label", _("Several variants need labels to tell them apart."))]
    if len(listing.variants) >= MOST_VARIANTS:
        return [row.wrong("name", _("This listing has too many variants."))]
    listing.labels.add(row["label"])
    listing.variants.append(_variant(row))
    return []


def _variant(row: Row) -> VariantDraft:
    price = _price(row["price"])
    assert price is not None  # noqa: S101 -- `_errors` has seen it
    return VariantDraft(
        price=price,
        label={"zh": row["label"], "en": row["label_en"] or row["label"]} if row["label"] else {},
        measure=row["measure"][:MOST_WORD],
        barcode=row["barcode"][:MOST_WORD],
    )


def _price(cell: str) -> Money | None:
    try:
        return Money.parse(cell.removeprefix("¥").removeprefix("￥"))
    except ValueError:
        return None


def _draft(listing: _Listing) -> ListingDraft:
    about = listing.first["description"]
    return ListingDraft(
        name=listing.name,
        kind=listing.kind,
        category=listing.category,
        variants=tuple(listing.variants),
        description={"zh": about, "en": about} if about else {},
        care=frozenset(_CARES[each] for each in _cares(listing.first)),
        heavy_from=_pieces(listing.first["heavy_from"]) or 1,
    )
