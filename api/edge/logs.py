"""The log: lines of JSON with the id of the request. Holds no personal data: no names, no bodies, no query strings.

What went wrong inside is told by the class of the error and the places in the code, without the values.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any, Final, TextIO, cast

import structlog

LOG: Final = structlog.stdlib.get_logger("duecourse")
DEEPEST: Final = 12
"""How many places of the code are told of an error, counted from where it was raised."""


def configure(level: str) -> None:
    """Write the log to standard output; what libraries log goes the same way."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Output())),
        cache_logger_on_first_use=False,
    )


class _Output:
    """Standard output, whichever that is when a line is written."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class JsonLines(logging.Formatter):
    """Writes what libraries log as a line of JSON, errors without their values."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        line: dict[str, Any] = {"event": record.getMessage(), "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[1]:
            line |= fault(record.exc_info[1])
        written = structlog.processors.JSONRenderer(ensure_ascii=False)(None, "", line)
        return written if isinstance(written, str) else written.decode()


def fault(error: BaseException) -> Mapping[str, Any]:
    """Tell an error by its class and the places in the code that it passed; its message may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    cause = error.__cause__ or error.__context__
    told: dict[str, Any] = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    return told | ({"cause": f"{type(cause).__module__}.{type(cause).__qualname__}"} if cause else {})


SERVER: Final[Mapping[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": JsonLines}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stdout"}},
    "loggers": {"uvicorn": {"handlers": ["out"], "level": "INFO", "propagate": False}},
}
"""How the web server logs: no line for each request, which the edge writes itself."""
