"""The store of bytes: a folder of files named by the hash of their content."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path

from django.conf import settings


def store() -> Path:
    """This will name the folder; it is made when the first file comes."""
    return Path(settings.HOME) / "files"


def put(content: bytes) -> str:
    """This will keep the bytes durably and give their hash; content that is known is only touched.

    Written beside its place and moved there, so that nobody ever reads half a file.
    """
    digest = hashlib.sha256(content).hexdigest()
    place = _place(digest)
    with contextlib.suppress(FileNotFoundError):
        os.utime(place)
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _make_durable(place.parent)
    return digest


def get(digest: str) -> bytes | None:
    """This will read the bytes, or None when they are gone."""
    try:
        return _place(digest).read_bytes()
    except FileNotFoundError:
        return None


SHELVES = 256
"""The store's folders of the first rank; the sweep takes one at a time."""


def old_ones(*, shelf: int, age_s: float, most: int) -> list[Path]:
    """This will list the files of a shelf, left-overs of interrupted writes among them, that nobody touched lately."""
    found: list[Path] = []
    for path in (store() / f"{shelf:02x}").glob("??/*"):
        if _is_older(path, age_s):
            found.append(path)
        if len(found) == most:
            break
    return found


def remove(path: Path, *, age_s: float) -> bool:
    """This will remove a file, unless somebody has kept the same content again since."""
    if not _is_older(path, age_s):
        return False
    path.unlink(missing_ok=True)
    return True


def _is_older(path: Path, age_s: float) -> bool:
    """By the clock that stamped the file, not by the house's `at`, which a replay may run faster."""
    try:
        return time.time() - path.stat().st_mtime > age_s
    except FileNotFoundError:
        return False


def _place(digest: str) -> Path:
    return store() / digest[:2] / digest[2:4] / digest


def _make_durable(folder: Path) -> None:
    """A new name lasts only once its folder is on the disk too; Windows neither needs nor allows this."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
