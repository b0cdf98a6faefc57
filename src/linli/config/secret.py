"""A secret that is drawn once and kept in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(file: Path) -> str:
    """This will read the secret in the file, or draw and keep one."""
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    # Written beside and moved in one step, so that an interrupted start leaves no half secret.
    beside = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as kept:
        kept.write(secrets.token_urlsafe(48))
    beside.replace(file)
    return file.read_text(encoding="ascii").strip()
