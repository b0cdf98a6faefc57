"""How the house writes its log: one line an event, to stderr; words on a terminal, JSON elsewhere.

Tracebacks never show the values of variables, nor the rows that PostgreSQL quotes: they may hold a phone or a code.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from structlog.processors import ExceptionRenderer, TimeStamper, add_log_level
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor


def write_logs(*, to_terminal: bool | None = None) -> None:
    """This will set up the log of this process; settings call it, so that web, worker and commands are alike."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # the doorway and the 500 page say it better
    structlog.configure(
        processors=_written(to_terminal),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _written(to_terminal: bool | None) -> list[Processor]:
    if sys.stderr.isatty() if to_terminal is None else to_terminal:
        words = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        return [add_log_level, TimeStamper(fmt="iso"), words, _without_details]
    return [_as_json]


_explained = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
_encode = msgspec.json.Encoder(enc_hook=repr).encode


def _as_json(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """A line of JSON, made in one go: every request has one, and each step on the way would be found cold."""
    if "exc_info" in event:
        event = _explained(logger, method, event)
    event["level"] = method
    event["timestamp"] = datetime.now(UTC)
    return _without_details(logger, method, _encode(event).decode())


# PostgreSQL quotes the row that it refuses: `DETAIL:  Key (phone)=(+86139...) already exists.`
_DETAIL = re.compile(r"(?:\\n|\n)DETAIL:(?:(?!\\n|\n|\").)*")


def _without_details(_logger: object, _method: str, written: Any) -> str:
    """The last word on a line that is about to be written."""
    return _DETAIL.sub("", written) if "DETAIL" in written else written
