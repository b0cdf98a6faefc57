"""How the house writes its log: one line an event, to stderr; words on a terminal, JSON elsewhere.

Tracebacks never show the values of variables, nor the rows that PostgreSQL quotes: they may hold a phone or a code.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import msgspec
import structlog
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor


def write_logs(*, to_terminal: bool | None = None) -> None:
    """This will set up the log of this process; settings call it, so that web, worker and commands are alike."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # the doorway and the 500 page say it better
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            add_log_level,
            TimeStamper(fmt="iso"),
            *_written(to_terminal),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _written(to_terminal: bool | None) -> tuple[Processor, ...]:
    if sys.stderr.isatty() if to_terminal is None else to_terminal:
        return (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback), _without_details)
    return (
        ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        JSONRenderer(serializer=_as_json),
        _without_details,
    )


def _as_json(line: object, **_how: object) -> str:
    return msgspec.json.encode(line, enc_hook=repr).decode()


# PostgreSQL quotes the row that it refuses: `DETAIL:  Key (phone)=(+86139...) already exists.`
_DETAIL = re.compile(r"(?:\\n|\n)DETAIL:(?:(?!\\n|\n|\").)*")


def _without_details(_logger: object, _method: str, written: Any) -> str:
    """The last word on a line that is about to be written."""
    return _DETAIL.sub("", written) if "DETAIL" in written else written
