"""How the house writes its log: one line an event, to stderr; words on a terminal, JSON elsewhere.

Tracebacks never show the values of variables: they may hold a phone number or a code.
"""

from __future__ import annotations

import logging
import sys

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _written(to_terminal: bool | None) -> tuple[Processor, ...]:
    if sys.stderr.isatty() if to_terminal is None else to_terminal:
        return (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)
    return (ExceptionRenderer(ExceptionDictTransformer(show_locals=False)), JSONRenderer())
