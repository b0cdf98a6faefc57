"""The one moment at which tests happen unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday 2 March 2026, 10:00 in Shanghai."""
