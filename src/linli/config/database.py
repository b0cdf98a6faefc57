"""Where the database is and as whom we speak to it. Imports nothing of Django."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit


def databases() -> dict[str, dict[str, object]]:
    """This will give Django's DATABASES from `DATABASE_URL`."""
    url = urlsplit(os.environ.get("DATABASE_URL", "postgresql://linli_web@localhost:15432/linli"))
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1},
        }
    }
