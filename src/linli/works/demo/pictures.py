"""Pictures of the demo's goods and shops: flat shapes in a few colours, drawn here alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 240
FRONT = (640, 274)
TINTS = 2
Pen = ImageDraw.ImageDraw
_GROUNDS = ("#f6efe4", "#e9f1ea", "#e8eef5", "#f7e9e6", "#f3ecf6", "#eef0e0")
_PAINTS = (
    ("#c8553d", "#f2d0a4"),
    ("#588157", "#dad7cd"),
    ("#33658a", "#bcd4e6"),
    ("#b5838d", "#ffcdb2"),
    ("#6d597a", "#e5d4ed"),
    ("#bc6c25", "#fefae0"),
)


def _sack(pen: Pen, dark: str, light: str) -> None:
    pen.rounded_rectangle((70, 60, 170, 200), 22, fill=dark)
    pen.polygon([(88, 62), (152, 62), (140, 40), (100, 40)], fill=dark)
    pen.ellipse((90, 100, 150, 160), fill=light)


def _bottle(pen: Pen, dark: str, light: str) -> None:
    pen.rounded_rectangle((85, 90, 155, 205), 18, fill=dark)
    pen.rectangle((106, 50, 134, 95), fill=dark)
    pen.rectangle((102, 38, 138, 56), fill=light)
    pen.rectangle((85, 125, 155, 165), fill=light)


def _carton(pen: Pen, dark: str, light: str) -> None:
    pen.polygon([(80, 85), (160, 85), (142, 48), (98, 48)], fill=light)
    pen.rectangle((80, 85, 160, 205), fill=dark)
    pen.rectangle((95, 115, 145, 160), fill=light)


def _packet(pen: Pen, dark: str, light: str) -> None:
    pen.polygon([(60, 55), (180, 50), (172, 195), (68, 200)], fill=dark)
    pen.ellipse((88, 95, 152, 155), fill=light)


def _fruit(pen: Pen, dark: str, light: str) -> None:
    pen.ellipse((62, 75, 178, 195), fill=dark)
    pen.line((120, 80, 128, 48), fill="#6b4f2a", width=7)
    pen.ellipse((128, 40, 172, 66), fill="#6a994e")
    pen.ellipse((82, 95, 110, 125), fill=light)


def _leaf(pen: Pen, dark: str, light: str) -> None:
    pen.pieslice((55, 40, 185, 230), 200, 340, fill="#6a994e")
    pen.ellipse((70, 80, 130, 195), fill="#588157")
    pen.ellipse((110, 80, 170, 195), fill="#84a98c")
    pen.line((120, 205, 120, 110), fill=light, width=6)
    pen.ellipse((108, 190, 132, 212), fill=dark)


def _loaf(pen: Pen, dark: str, light: str) -> None:
    pen.rounded_rectangle((45, 90, 195, 180), 44, fill=dark)
    for x in (80, 115, 150):
        pen.line((x, 105, x + 14, 150), fill=light, width=9)


def _cake(pen: Pen, dark: str, light: str) -> None:
    pen.polygon([(50, 185), (190, 185), (190, 110)], fill=dark)
    pen.polygon([(50, 185), (190, 110), (190, 88), (50, 163)], fill=light)
    pen.ellipse((160, 62, 188, 90), fill="#c1121f")


def _bowl(pen: Pen, dark: str, light: str) -> None:
    pen.ellipse((45, 92, 195, 142), fill=light)
    pen.pieslice((45, 40, 195, 200), 0, 180, fill=dark)
    pen.rectangle((95, 195, 145, 207), fill=dark)
    for x in (95, 120, 145):
        pen.arc((x - 12, 48, x + 12, 96), 100, 260, fill=dark, width=5)


def _cup(pen: Pen, dark: str, light: str) -> None:
    pen.polygon([(75, 70), (165, 70), (150, 205), (90, 205)], fill=dark)
    pen.rounded_rectangle((68, 55, 172, 75), 8, fill=light)
    pen.rectangle((83, 115, 157, 155), fill=light)


def _pill(pen: Pen, dark: str, light: str) -> None:
    pen.rounded_rectangle((60, 70, 180, 190), 20, fill=light)
    pen.rectangle((106, 92, 134, 168), fill=dark)
    pen.rectangle((82, 116, 158, 144), fill=dark)


def _flower(pen: Pen, dark: str, light: str) -> None:
    pen.line((120, 120, 120, 215), fill="#588157", width=9)
    for x, y in ((120, 65), (160, 95), (145, 140), (95, 140), (80, 95)):
        pen.ellipse((x - 28, y - 28, x + 28, y + 28), fill=dark)
    pen.ellipse((98, 82, 142, 126), fill=light)


def _pot(pen: Pen, dark: str, light: str) -> None:
    pen.polygon([(75, 140), (165, 140), (150, 205), (90, 205)], fill=dark)
    pen.rectangle((68, 125, 172, 143), fill=light)
    for x in (85, 120, 155):
        pen.ellipse((x - 20, 55, x + 20, 125), fill="#6a994e")


def _box(pen: Pen, dark: str, light: str) -> None:
    pen.rectangle((60, 90, 180, 195), fill=dark)
    pen.polygon([(60, 90), (80, 62), (200, 62), (180, 90)], fill=light)
    pen.rectangle((110, 90, 130, 195), fill=light)


def _meat(pen: Pen, dark: str, light: str) -> None:
    pen.ellipse((55, 70, 185, 185), fill="#bc4749")
    pen.ellipse((80, 92, 160, 160), fill="#f2d0c9")
    pen.ellipse((105, 112, 135, 140), fill=dark)
    pen.arc((62, 76, 178, 178), 20, 120, fill=light, width=8)


def _fish(pen: Pen, dark: str, light: str) -> None:
    pen.ellipse((50, 85, 165, 165), fill=dark)
    pen.polygon([(155, 125), (200, 85), (200, 165)], fill=dark)
    pen.ellipse((75, 108, 91, 124), fill=light)
    pen.arc((95, 90, 135, 160), 280, 80, fill=light, width=6)


def _ball(pen: Pen, dark: str, light: str) -> None:
    pen.ellipse((58, 62, 182, 186), fill=dark)
    pen.arc((20, 62, 110, 186), 300, 60, fill=light, width=9)
    pen.arc((130, 62, 220, 186), 120, 240, fill=light, width=9)


_SHAPES: dict[Callable[[Pen, str, str], None], str] = {
    _sack: "staples",
    _bottle: "seasoning drinks care cleaning",
    _carton: "dairy",
    _packet: "snacks frozen petfood",
    _fruit: "fruit",
    _leaf: "vegetables",
    _loaf: "bread breakfast",
    _cake: "cakes desserts",
    _bowl: "noodles rice sides porridge kitchenware",
    _cup: "hotdrinks tea coffee",
    _pill: "medicine firstaid health petcare",
    _flower: "flowers",
    _pot: "plants gardening",
    _meat: "meat poultry deli",
    _fish: "fish",
    _ball: "play pettoys",
}
_SHAPE_OF = {category: shape for shape, categories in _SHAPES.items() for category in categories.split()}


def picture(category: str, tint: int) -> bytes:
    """This will draw the picture of a category's goods as PNG; what has no shape of its own comes in a box."""
    n = sum(category.encode()) + tint * 2
    sheet = Image.new("RGB", (SIDE, SIDE), _GROUNDS[n % len(_GROUNDS)])
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((50, 190, 190, 216), fill="#d9d4c7")
    _SHAPE_OF.get(category, _box)(pen, *_PAINTS[(n + tint) % len(_PAINTS)])
    return _png(sheet)


def shop_front(categories: Sequence[str], tint: int) -> bytes:
    """This will draw a shop's front as PNG: an awning, a door, and what it sells in the window."""
    dark, light = _PAINTS[tint % len(_PAINTS)]
    sheet = Image.new("RGB", FRONT, _GROUNDS[(tint + 1) % len(_GROUNDS)])
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 60, 600, 274), fill="#fbf8f1")
    pen.rectangle((70, 120, 440, 240), fill="#dfe9e6")
    for nth, category in enumerate(categories[:3]):
        goods = Image.new("RGBA", (SIDE, SIDE))
        _SHAPE_OF.get(category, _box)(ImageDraw.Draw(goods), *_PAINTS[(tint + nth + 1) % len(_PAINTS)])
        sheet.paste(goods.resize((116, 116)), (82 + nth * 120, 126), goods.resize((116, 116)))
    pen.rectangle((70, 234, 440, 244), fill="#b98b5e")
    pen.rectangle((480, 120, 565, 274), fill=dark)
    pen.rectangle((492, 134, 553, 200), fill="#dfe9e6")
    pen.ellipse((550, 212, 560, 222), fill=light)
    for nth in range(10):
        left = 40 + nth * 56
        pen.pieslice((left, 74, left + 56, 122), 0, 180, fill=dark if nth % 2 else light)
        pen.rectangle((left, 42, left + 56, 98), fill=dark if nth % 2 else light)
    pen.rectangle((0, 266, 640, 274), fill="#d9d4c7")
    return _png(sheet)


def _png(sheet: Image.Image) -> bytes:
    content = BytesIO()
    sheet.save(content, "PNG")
    return content.getvalue()
