"""A file is what its bytes say."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from builders import a_picture
from linli.ground.files import rules
from linli.ground.files.rules import PURPOSES, FileTooLarge, Kind, WrongKindOfFile


def a_workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def a_zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it has 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_picture("JPEG"), Kind.JPEG),
        (a_picture("PNG"), Kind.PNG),
        (a_picture("WEBP"), Kind.WEBP),
        (b"%PDF-1.7\n...", Kind.PDF),
        ("城市,小区\n".encode(), Kind.CSV),
        ("城市,小区\n".encode("gb18030"), Kind.CSV),
        (a_workbook(), Kind.XLSX),
        (a_zip(**{"evil.exe": "MZ"}), None),
        (b"PK\x03\x04 broken", None),
        (b"<svg onload=alert(1)>", None),
        (b"  <html>", None),
        (b"MZ\x90\x00\x03", None),
        (a_picture("GIF"), None),
        (b"", None),
    ],
)
def test_the_kind_is_what_the_bytes_say(content, kind):
    assert rules.kind_of(content) == kind


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("photo.exe", "photo.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\pictures\\a.jpg", "a.jpg"),
        ("营业执照.png", "营业执照.jpg"),
        ('a"\r\nSet-Cookie: b.jpg', "aSet-Cookie b.jpg"),
        ("...", "file.jpg"),
        ("", "file.jpg"),
        ("x" * 300, "x" * 100 + ".jpg"),
    ],
)
def test_a_name_is_made_harmless(given_name, name):
    assert rules.harmless_name(given_name, Kind.JPEG) == name


@given(st.text(max_size=50))
def test_no_name_leads_out_of_a_folder(name):
    made = rules.harmless_name(name, Kind.PDF)
    assert not set(made) & set('/\\\r\n"\0')
    assert made.endswith(".pdf")


def test_a_public_picture_loses_where_it_was_taken_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)  # latitude
    content = a_picture("JPEG", (60, 40), exif=exif)
    kept = rules.checked("a.jpg", content, PURPOSES["listing_picture"])
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.size == (40, 60)
        assert not dict(picture.getexif())
    assert b"PhoneMaker" not in kept.content
    private = rules.checked("a.jpg", content, PURPOSES["licence"])
    assert private.content == content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_public_picture_is_drawn_smaller(form):
    kept = rules.checked("a", a_picture(form, (4000, 1000)), PURPOSES["shop_picture"])
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.size, picture.format) == ((2048, 512), form)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    with pytest.raises(FileTooLarge, match="40 megapixels"):
        rules.checked("a.png", a_bomb(), PURPOSES["licence"])


@pytest.mark.parametrize("content", [a_picture("JPEG")[:200], a_picture("PNG")[:-30], b"\xff\xd8\xff nonsense"])
def test_a_broken_picture_is_refused(content):
    with pytest.raises(WrongKindOfFile, match=r"jpg, pdf, png, webp"):
        rules.checked("a.jpg", content, PURPOSES["licence"])


def test_each_purpose_takes_its_kinds_up_to_its_size():
    with pytest.raises(WrongKindOfFile):
        rules.checked("a.pdf", b"%PDF-1.7", PURPOSES["listing_picture"])
    with pytest.raises(FileTooLarge, match="8 MiB"):
        rules.checked("a.jpg", b"\xff\xd8\xff" + b"0" * (8 * rules.MIB), PURPOSES["listing_picture"])
    assert rules.checked("a.pdf", b"%PDF-1.7", PURPOSES["licence"]).kind == Kind.PDF
