"""Logging: one line an event on standard error; as JSON when asked for.

Every line has ``event``, ``level``, ``timestamp``, ``process`` and ``pid``; what is about a file
has its ``path`` and, once it is known, its ``id``; what is about a batch has ``batch``. Libraries'
warnings take the same form, with ``logger``.

What goes well leaves a line a batch; a line an article are those of level ``debug``.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from worker.foreign import escaped, plain, plain_lines
from worker.log_file import LogFile


class LossyStream:
    """A stream that loses what it cannot write: a full disk of logs shall stop no work.

    A line is written in one go, so that lines of several processes stand one after the other. Give
    each writer that has a lock of its own a stream of its own.
    """

    def __init__(self, stream: TextIO, file: LogFile | None = None) -> None:
        self._stream = stream
        self._file = file
        self._begun = ""
        self._said = False

    def write(self, text: str) -> int:
        """Write it, or not, when its line has ended."""
        self._begun += text
        if not self._begun.endswith("\n"):
            return len(text)
        line, self._begun = self._begun, ""
        self.follow()
        with suppress(OSError):
            self._stream.write(line)
        return len(text)

    def follow(self) -> None:
        """Lead into the file that has the log's name now; say it once where none can be had."""
        if not self._file:
            return
        try:
            self._file.follow()
        except OSError as error:
            if not self._said:
                self._said = True
                self.write(f"No log is written to {self._file.path}, but here: {error}\n")
        else:
            self._said = False

    def flush(self) -> None:
        """Write what is buffered, or not."""
        with suppress(OSError):
            self._stream.flush()


def configure(
    level: str = "INFO",
    as_json: bool = False,
    process: str = "depesche",
    file: LogFile | None = None,
) -> None:
    """Set structlog and the standard logging of libraries up; call it once at an entry point.

    ``file``: where all that the process writes goes, instead of where it was started. Where that
    cannot be written, it is said there, and work goes on.
    """
    stream = LossyStream(sys.stderr, file)
    stream.follow()
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
        structlog.processors.JSONRenderer(_json)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=_traceback
        )
    )
    if not as_json:
        shared.append(_plain)
    _libraries(max(number, logging.WARNING), shared, renderer, LossyStream(sys.stderr, file))
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=False,
    )


def _libraries(
    level: int, shared: list[Processor], renderer: Processor, stream: LossyStream
) -> None:
    handler = logging.StreamHandler(stream)
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


def _json(event: Any, **options: Any) -> str:
    return escaped(json.dumps(event, ensure_ascii=False, **options))


def _traceback(stream: TextIO, about: Any) -> None:
    """A traceback ends with what the error says, and that may be of an article."""
    raw = io.StringIO()
    structlog.dev.plain_traceback(raw, about)
    stream.write(plain_lines(raw.getvalue()))


def _plain(_logger: object, _name: str, event: EventDict) -> EventDict:
    """What others wrote, on one line: the console prints values as they stand."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = plain(value)
    return event
