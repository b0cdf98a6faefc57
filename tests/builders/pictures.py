"""Small pictures for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def a_picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **options)
    return out.getvalue()
