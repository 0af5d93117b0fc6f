"""Logs as JSON lines on stderr, without content: what happened, with ids, kinds and counts.

A message is a fixed word; what goes with it is named in ``extra``. Anything a library logs is written by its own name
and level, with its text.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; an exception by its type and place, never by its text, which may hold a value."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line.update((name, value) for name, value in vars(record).items() if name not in _STANDARD)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = []
            trace = record.exc_info[2]
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["where"] = frames
        return msgspec.json.encode(line, enc_hook=str).decode()


def _not_denied(record: logging.LogRecord) -> bool:
    # uvicorn calls it an error when a connection is answered with a status instead of being opened.
    return not str(record.msg).startswith("ASGI callable returned without completing handshake")


def set_up(level: str = "INFO") -> None:
    """Write every log of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(_not_denied)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("uvicorn.access", "uvicorn.error", "uvicorn", "websockets"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
