"""The sheet of assets: its columns, what a row of it wants, and what is wrong with a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from linli.estate.assets.rules.words import AssetKind
from linli.estate.assets.rules.worth import MOST_COST, MOST_LIFE_MONTHS
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.sheets import Column, Row

COLUMNS = (
    Column("own_number", ("资产编号", "编号")),
    Column("kind", ("类别", "种类"), required=True),
    Column("name", ("名称",), required=True),
    Column("building", ("楼栋",)),
    Column("place", ("位置", "存放地点"), required=True),
    Column("maker", ("厂家", "品牌")),
    Column("serial", ("出厂编号", "序列号")),
    Column("bought_on", ("购置日期",)),
    Column("warranty_until", ("保修至",)),
    Column("cost", ("原值", "购置金额")),
    Column("salvage", ("残值",)),
    Column("life_months", ("使用月数", "折旧月数")),
    Column("supplier", ("供应商",)),
)
KINDS: Mapping[str, AssetKind] = {
    "电梯": AssetKind.LIFT,
    "水泵": AssetKind.PUMP,
    "消防": AssetKind.FIRE,
    "配电": AssetKind.POWER,
    "照明": AssetKind.LIGHTING,
    "监控": AssetKind.CAMERA,
    "门禁": AssetKind.ACCESS,
    "空调": AssetKind.AIR,
    "游乐": AssetKind.PLAY,
    "家具": AssetKind.FURNITURE,
    "工具": AssetKind.TOOL,
    "车辆": AssetKind.VEHICLE,
    "其他": AssetKind.OTHER,
}
LENGTHS: Mapping[str, int] = {
    "own_number": 40,
    "name": 60,
    "building": 20,
    "place": 80,
    "maker": 60,
    "serial": 60,
    "supplier": 60,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row wants; `wrong` names the cells that cannot be read, and why."""

    row: int
    kind: AssetKind
    texts: Mapping[str, str]
    bought_on: date | None
    warranty_until: date | None
    cost: Money
    salvage: Money
    life_months: int | None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows the same asset: its own number, or everything that tells it from its neighbours."""
        told = self.texts
        if told["own_number"]:
            return (told["own_number"],)
        return (self.kind.value, *(told[each] for each in ("name", "building", "place", "maker", "serial")))


def wanted(row: Row) -> Wanted:
    """This will read a row."""
    wrong: dict[str, str] = {}
    texts = {column: " ".join(row[column].split()) for column in LENGTHS}
    for column, most in LENGTHS.items():
        is_needed = column in ("name", "place")
        if len(texts[column]) > most or (is_needed and not texts[column]):
            wrong[column] = _("A text of at most some dozen characters is needed.")
    kind = _kind(row["kind"])
    if kind is None:
        wrong["kind"] = _("“{value}” is no kind of asset.")
    bought_on, warranty_until = _day(row, "bought_on", wrong), _day(row, "warranty_until", wrong)
    cost, salvage = _money(row, "cost", wrong), _money(row, "salvage", wrong)
    life_months = _life(row, wrong)
    if salvage > cost:
        wrong["salvage"] = _("What is left at the end is not more than the cost.")
    if life_months and (bought_on is None or not cost):
        wrong["life_months"] = _("Depreciation needs a cost and the day of buying.")
    return Wanted(
        row.number, kind or AssetKind.OTHER, texts, bought_on, warranty_until, cost, salvage, life_months, wrong
    )


def _kind(text: str) -> AssetKind | None:
    words = text.strip().lower()
    return KINDS.get(words) or next((kind for kind in AssetKind if kind.value == words.replace(" ", "_")), None)


def _day(row: Row, column: str, wrong: dict[str, str]) -> date | None:
    try:
        return sheets.day(row[column]) if row[column] else None
    except ValueError:
        wrong[column] = _("This is not a day such as 2026-03-02.")
        return None


def _money(row: Row, column: str, wrong: dict[str, str]) -> Money:
    try:
        amount = Money.parse(row[column].lstrip("¥￥ ").replace(",", "")) if row[column] else Money.zero
    except ValueError:
        amount = Money(-1)
    if not Money.zero <= amount <= MOST_COST:
        wrong[column] = _("“{value}” is not an amount such as 128.50.")
        return Money.zero
    return amount


def _life(row: Row, wrong: dict[str, str]) -> int | None:
    text = row["life_months"]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_LIFE_MONTHS):
        wrong["life_months"] = _("“{value}” is not a number that can stand here.")
        return None
    return int(text)
