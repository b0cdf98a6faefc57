"""What homes run out of: commodities, and which of them a listing is by its words in either language.

The longest word that is found decides, so that a rice cooker is no rice. What nobody should be reminded of, medicine,
goods for adults and what tells of an infant's health, has words too, and these never become a commodity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from linli.insight.replenish.rules.measures import Measure

REFILLED = frozenset({"rice", "flour"})
"""What stands in a bin at home, which whoever brings it may fill."""
LONGEST_WORD = 40
MOST_WORDS = 60
MOST_USUAL_DAYS = 365


@dataclass(frozen=True, slots=True)
class Commodity:
    """`words` find it; `others` are longer words around them that mean something else; `usual_days` are a first guess
    at how long one lasts, until a town's own purchases say better."""

    key: str
    zh: str
    en: str
    measure: Measure
    usual_days: int
    words: tuple[str, ...]
    others: tuple[str, ...] = ()
    is_proposed: bool = True

    @property
    def name(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


_MASS, _VOLUME, _PIECES = Measure.GRAM, Measure.MILLILITRE, Measure.PIECE

TAXONOMY: tuple[Commodity, ...] = (
    Commodity(
        "rice",
        "大米",
        "Rice",
        _MASS,
        41,
        ("大米", "香米", "粳米", "籼米", "rice"),
        (
            "rice cooker",
            "rice vinegar",
            "rice wine",
            "rice noodle",
            "rice noodles",
            "rice ball",
            "rice balls",
            "rice cake",
            "rice cakes",
            "大米粉",
            "大米醋",
        ),
    ),
    Commodity(
        "cooking_oil",
        "食用油",
        "Cooking oil",
        _VOLUME,
        45,
        (
            "食用油",
            "花生油",
            "菜籽油",
            "大豆油",
            "葵花籽油",
            "调和油",
            "玉米油",
            "橄榄油",
            "cooking oil",
            "peanut oil",
            "rapeseed oil",
            "soybean oil",
            "sunflower oil",
            "corn oil",
            "olive oil",
            "vegetable oil",
        ),
        ("橄榄油皂",),
    ),
    Commodity("flour", "面粉", "Flour", _MASS, 50, ("面粉", "flour"), ("flour sifter",)),
    Commodity(
        "noodles",
        "面条",
        "Noodles",
        _MASS,
        25,
        ("挂面", "面条", "粉丝", "米粉", "noodle", "noodles", "spaghetti", "pasta"),
        ("米粉奶", "婴儿米粉", "pasta sauce"),
    ),
    Commodity(
        "sugar",
        "食糖",
        "Sugar",
        _MASS,
        60,
        ("白糖", "红糖", "冰糖", "sugar"),
        ("sugar free", "sugar-free", "without sugar", "无糖"),
    ),
    Commodity("salt", "食盐", "Salt", _MASS, 90, ("食盐", "海盐", "精盐", "salt"), ("bath salt", "浴盐", "salted")),
    Commodity("soy_sauce", "酱油", "Soy sauce", _VOLUME, 50, ("酱油", "生抽", "老抽", "soy sauce")),
    Commodity("vinegar", "食醋", "Vinegar", _VOLUME, 60, ("香醋", "陈醋", "米醋", "白醋", "vinegar")),
    Commodity(
        "eggs", "鸡蛋", "Eggs", _PIECES, 14, ("鸡蛋", "土鸡蛋", "eggs", "egg"), ("鸡蛋面", "egg noodles", "鸡蛋糕")
    ),
    Commodity(
        "milk",
        "牛奶",
        "Milk",
        _VOLUME,
        9,
        ("牛奶", "鲜奶", "纯牛奶", "milk"),
        (
            "牛奶巧克力",
            "milk chocolate",
            "milk tea",
            "soy milk",
            "soya milk",
            "oat milk",
            "almond milk",
            "coconut milk",
        ),
    ),
    Commodity("yogurt", "酸奶", "Yogurt", _MASS, 12, ("酸奶", "yogurt", "yoghurt")),
    Commodity("bread", "面包", "Bread", _PIECES, 8, ("面包", "吐司", "bread", "toast"), ("面包机", "breadcrumbs")),
    Commodity(
        "drinking_water",
        "饮用水",
        "Drinking water",
        _VOLUME,
        10,
        ("矿泉水", "饮用水", "纯净水", "桶装水", "drinking water", "mineral water", "spring water"),
    ),
    Commodity(
        "tea", "茶叶", "Tea", _MASS, 50, ("茶叶", "绿茶", "红茶", "tea"), ("milk tea", "奶茶", "冰红茶", "茶叶蛋")
    ),
    Commodity(
        "toilet_paper",
        "卷纸",
        "Toilet paper",
        _PIECES,
        25,
        ("卷纸", "卫生纸", "toilet paper", "toilet tissue", "toilet rolls"),
    ),
    Commodity(
        "tissues", "抽纸", "Tissues", _PIECES, 25, ("抽纸", "纸巾", "面巾纸", "tissues", "facial tissue"), ("湿纸巾",)
    ),
    Commodity(
        "laundry_detergent",
        "洗衣液",
        "Laundry detergent",
        _MASS,
        45,
        ("洗衣液", "洗衣粉", "laundry detergent", "washing powder"),
    ),
    Commodity(
        "dish_soap", "洗洁精", "Dish soap", _MASS, 50, ("洗洁精", "dish soap", "dishwashing liquid", "dish detergent")
    ),
    Commodity("shampoo", "洗发水", "Shampoo", _VOLUME, 60, ("洗发水", "洗发露", "shampoo")),
    Commodity(
        "soap",
        "沐浴用品",
        "Soap and body wash",
        _MASS,
        50,
        ("香皂", "沐浴露", "洗手液", "body wash", "hand soap", "soap"),
    ),
    Commodity("toothpaste", "牙膏", "Toothpaste", _MASS, 60, ("牙膏", "toothpaste")),
    Commodity("pet_food", "宠物粮", "Pet food", _MASS, 20, ("猫粮", "狗粮", "cat food", "dog food", "pet food")),
)

NEVER: tuple[str, ...] = (
    "药",
    "感冒灵",
    "胶囊",
    "口服液",
    "止咳",
    "阿司匹林",
    "布洛芬",
    "维生素",
    "保健",
    "避孕",
    "安全套",
    "验孕",
    "成人用品",
    "情趣",
    "婴儿",
    "新生儿",
    "奶粉",
    "尿布",
    "纸尿裤",
    "卫生巾",
    "香烟",
    "medicine",
    "tablets",
    "capsules",
    "aspirin",
    "ibuprofen",
    "vitamin",
    "vitamins",
    "supplement",
    "condom",
    "condoms",
    "pregnancy",
    "adult toy",
    "infant",
    "baby",
    "formula",
    "diaper",
    "diapers",
    "sanitary",
    "tampon",
    "tampons",
    "cigarettes",
)
"""Medicine, adult and infant-health goods, and what else says more of a person than of a kitchen."""

_HARMLESS = re.compile("山药|(?<![a-z])baby (?:greens|spinach|carrots?|corn|leaf|leaves|potatoes|bok choy)(?![a-z])")
"""Vegetables whose names hold such a word."""
_LATIN = re.compile(r"[a-z]")


def is_never_used(names: Iterable[str]) -> bool:
    """This will say whether a thing is of those that are never foretold."""
    return any(_is_of_those(name) for name in names)


@lru_cache(maxsize=8_192)
def _is_of_those(name: str) -> bool:
    """Kept in mind, for a night asks it of each line of each home, and the goods of a city are few."""
    return _NEVER.search(_HARMLESS.sub(" ", name.lower())) is not None


def suggested(names: Iterable[str], taxonomy: Iterable[Commodity] = TAXONOMY) -> str | None:
    """This will suggest the commodity of a thing by its names in both languages, or none."""
    said = [name.lower() for name in names]
    if is_never_used(said):
        return None
    found: tuple[int, str | None] = (0, None)
    for commodity in taxonomy:
        longest = _longest(said, commodity.words)
        if found[0] < longest > _longest(said, commodity.others):
            found = (longest, commodity.key)
    return found[1]


def _longest(said: list[str], words: Iterable[str]) -> int:
    return max((len(word) for word in words if any(_says(name, word.lower()) for name in said)), default=0)


def _says(name: str, word: str) -> bool:
    """Chinese words stand anywhere; words in letters stand for themselves, not inside others."""
    return re.search(_pattern(word), name) is not None if _LATIN.search(word) else word in name


def _pattern(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if _LATIN.search(word) else re.escape(word)


_NEVER = re.compile("|".join(_pattern(word) for word in NEVER))
