"""Names are kept in two languages, as jsonb."""

from __future__ import annotations

import msgspec

names = msgspec.json.Decoder(dict[str, str])
