"""Logging: one line an event on standard error; as JSON when asked for.

Every line has ``event``, ``level``, ``timestamp``, ``process`` and ``pid``; what is about a file
has its ``path`` and, once it is known, its ``id``; what is about a batch has ``batch``. Libraries'
warnings take the same form, with ``logger``.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from worker.foreign import plain


class LossyStream:
    """A stream that loses what it cannot write: a full disk of logs shall stop no work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it, or not."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered, or not."""
        with suppress(OSError):
            self._stream.flush()


def configure(level: str = "INFO", as_json: bool = False, process: str = "depesche") -> None:
    """Set structlog and the standard logging of libraries up; call it once at an entry point."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _of_process(process),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        shared.append(structlog.processors.format_exc_info)
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    if not as_json:
        shared.append(_plain)
    _libraries(max(number, logging.WARNING), shared, renderer)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", LossyStream(sys.stderr))),
        cache_logger_on_first_use=False,
    )


def _libraries(level: int, shared: list[Processor], renderer: Processor) -> None:
    handler = logging.StreamHandler(LossyStream(sys.stderr))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for noisy in ("elastic_transport", "elasticsearch", "watchfiles", "httpx"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def _of_process(process: str) -> Processor:
    def add(_logger: object, _name: str, event: EventDict) -> EventDict:
        event["process"] = process
        event["pid"] = os.getpid()  # asked each time: children are forked after this was set up
        return event

    return add


def _plain(_logger: object, _name: str, event: EventDict) -> EventDict:
    """What others wrote, on one line: the console prints values as they stand."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = plain(value)
    return event
