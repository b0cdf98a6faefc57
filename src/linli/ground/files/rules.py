"""What may be uploaded for what, and what a file really is."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

from linli.kernel.refusals import Refusal
from linli.kernel.words import _

MIB = 1024 * 1024
MOST_PIXELS = 40_000_000
"""A picture larger than this is refused before it is unpacked: it would take more than 160 MB."""
_MOST_PIXELS_SAID = {"en": f"{MOST_PIXELS // 1_000_000} megapixels", "zh": f"{MOST_PIXELS // 10_000} 万像素"}
MOST_SIDE = 2048
"""Public pictures are drawn no larger than this."""
SMALL_SIDE = 480
"""And once more no larger than this, for cards: a shelf of thirty weighs a megabyte instead of ten."""
MOST_NAME_CHARACTERS = 100
MOST_A_DAY = 1000
"""How many files one person may upload within 24 hours: a shop's whole first shelf, and no disk full."""
MOST_LINK_S = 7 * 24 * 3600
ORPHAN_S = 24 * 3600
"""Bytes without a row may belong to an upload that is still running; after a day they do not."""


class Kind(StrEnum):
    """What the bytes are; the value is the MIME type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


ENDINGS = {
    Kind.JPEG: ".jpg",
    Kind.PNG: ".png",
    Kind.WEBP: ".webp",
    Kind.PDF: ".pdf",
    Kind.CSV: ".csv",
    Kind.XLSX: ".xlsx",
}
PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
PAPERS = PICTURES | {Kind.PDF}
SHEETS = frozenset({Kind.CSV, Kind.XLSX})


@dataclass(frozen=True, slots=True)
class Purpose:
    kinds: frozenset[Kind]
    most_bytes: int
    is_public: bool = False
    goes_with_person: bool = False
    """Deleted when its uploader is erased; the others belong to a shop or a company and stay under no name."""


PURPOSES: dict[str, Purpose] = {
    "listing_picture": Purpose(PICTURES, 8 * MIB, is_public=True),
    "shop_picture": Purpose(PICTURES, 8 * MIB, is_public=True),
    "review_picture": Purpose(PICTURES, 8 * MIB, is_public=True, goes_with_person=True),
    "meter_picture": Purpose(PICTURES, 8 * MIB),
    "licence": Purpose(PAPERS, 10 * MIB),
    "evidence": Purpose(PAPERS, 10 * MIB, goes_with_person=True),
    "attachment": Purpose(PAPERS, 10 * MIB),
    "work_photo": Purpose(PICTURES, 10 * MIB, goes_with_person=True),
    "work_done_photo": Purpose(PICTURES, 10 * MIB),
    "shared_space_photo": Purpose(PICTURES, 10 * MIB, goes_with_person=True),
    "venue_picture": Purpose(PICTURES, 8 * MIB, is_public=True),
    "notice_picture": Purpose(PICTURES, 8 * MIB, is_public=True),
    "notice_paper": Purpose(PAPERS, 10 * MIB),
    "sheet": Purpose(SHEETS, 10 * MIB),
    "bank_file": Purpose(SHEETS, 10 * MIB),
    "taken_away": Purpose(SHEETS, 100 * MIB, goes_with_person=True),
    "statement": Purpose(SHEETS | {Kind.PDF}, 10 * MIB),
}


class FileTooLarge(Refusal):
    """More bytes than the purpose allows, or a picture of more pixels than any."""

    says = _("This file is too large: at most {most} are taken here.")
    status = 413


class WrongKindOfFile(Refusal):
    """What the bytes are is not taken for this purpose, or is broken."""

    says = _("Files of this kind are not taken here. Taken are: {kinds}.")
    status = 415


class TooManyFiles(Refusal):
    """One person has uploaded as much as a day allows."""

    says = _("At most {most} files may be uploaded within a day.")
    status = 429


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its kind by its bytes, its name made harmless, and its bytes, perhaps drawn anew.

    `small` is a public picture in the size of a card.
    """

    name: str
    kind: Kind
    content: bytes
    small: bytes | None = None


def checked(name: str, content: bytes, purpose: Purpose) -> Checked:
    """This will find out what a file is, refuse what the purpose does not take, and draw public pictures anew."""
    if len(content) > purpose.most_bytes:
        raise FileTooLarge(field="file", most=f"{purpose.most_bytes // MIB} MiB")
    kind = kind_of(content)
    if kind is None or kind not in purpose.kinds:
        raise _wrong(purpose)
    if kind not in PICTURES:
        return Checked(harmless_name(name, kind), kind, content)
    content, small = _picture(content, kind, purpose)
    return Checked(harmless_name(name, kind), kind, content, small)


def kind_of(content: bytes) -> Kind | None:
    """This will tell what the bytes say they are; the name has no say."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return Kind.XLSX if _is_workbook(content) else None
    return Kind.CSV if _is_text(content) else None


def harmless_name(name: str, kind: Kind) -> str:
    """This will make a name to offer for saving: no folders, no control characters, the ending of what it is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    kept = "".join(c for c in stem if c.isprintable() and c not in '<>:"|?*;%').strip(" .")
    return (kept[:MOST_NAME_CHARACTERS] or "file") + ENDINGS[kind]


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {part.filename for part in packed.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names


def _is_text(content: bytes) -> bool:
    if not content or any(c in content for c in (b"\0", b"\x1b")) or content.lstrip()[:1] == b"<":
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _picture(content: bytes, kind: Kind, purpose: Purpose) -> tuple[bytes, bytes | None]:
    """Two looks: the first reads the head only (its size is checked), the second unpacks it all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise FileTooLarge(field="file", most=_MOST_PIXELS_SAID)
                picture.verify()
            with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
                picture.load()
                if not purpose.is_public:
                    return content, None
                return _drawn_anew(picture, kind, MOST_SIDE), _drawn_anew(picture, kind, SMALL_SIDE)
    except Image.DecompressionBombError as error:
        raise FileTooLarge(field="file", most=_MOST_PIXELS_SAID) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise _wrong(purpose) from error


def _drawn_anew(picture: Image.Image, kind: Kind, most_side: int) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((most_side, most_side))
    if kind == Kind.JPEG:
        upright = upright.convert("RGB")
    elif upright.mode not in ("RGB", "RGBA", "L"):
        upright = upright.convert("RGBA")
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    drawn = io.BytesIO()
    if kind == Kind.PNG:
        clean.save(drawn, "PNG", optimize=True)
    else:
        clean.save(drawn, kind.name, quality=85)
    return drawn.getvalue()


def _wrong(purpose: Purpose) -> WrongKindOfFile:
    return WrongKindOfFile(field="file", kinds=", ".join(sorted(ENDINGS[k][1:] for k in purpose.kinds)))
