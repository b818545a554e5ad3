"""What the server logs: a line for each event, on stderr, with nothing about people.

GANSCOPE_LOG: `text` or `json` for all events; without it warnings alone, as text. Owners, addresses and nicknames are
never logged, nor in events the ids of runs on uploaded pictures, by which they can be seen.
"""

import json
import logging
import os
import time

FORMATS = ("text", "json")
ROOT = "demo"


def configure() -> None:
    """Set the format by GANSCOPE_LOG; SystemExit for one that is none."""
    chosen = os.environ.get("GANSCOPE_LOG", "")
    if chosen and chosen not in FORMATS:
        raise SystemExit(f"GANSCOPE_LOG must be {' or '.join(FORMATS)}, not {chosen!r}.")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if chosen == "json" else TextLines())
    logger = logging.getLogger(ROOT)
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO if chosen else logging.WARNING)


def event(logger: logging.Logger, message: str, **facts: object) -> None:
    """Log that something happened, with facts such as run="ab12cd34"."""
    logger.info(message, extra={"facts": facts})


class JsonLines(logging.Formatter):
    """One JSON object a line: time (ISO 8601, UTC), level, message, and the facts."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({**line, **getattr(record, "facts", {})})


class TextLines(logging.Formatter):
    """The same as text: time, level, message, and the facts as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        facts = [f"{name}={value}" for name, value in getattr(record, "facts", {}).items()]
        line = " ".join([_time(record), record.levelname.lower(), record.getMessage(), *facts])
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _time(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
