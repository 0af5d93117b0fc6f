"""A fault of this program: answered as one, and found in the log by what the answer says."""

import logging
import secrets
from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect

from regional.errors import Rejected

log = logging.getLogger("regional.faults")

T = TypeVar("T")
_ASK_AGAIN: Final = 60.0
"""Seconds after which a desk tries again: the fault may be in what it asks for, and it asks for the same."""


async def answered(asked: Awaitable[T]) -> T:
    """What is answered. Raises :class:`Rejected`; for what nobody foresaw one of 500, with its id in the log."""
    try:
        return await asked
    except (Rejected, ClientDisconnect):
        raise
    except Exception as error:
        report = secrets.token_hex(4)
        log.error("fault", extra={"report": report}, exc_info=error)
        raise Rejected(
            500, f"A fault in the server's program (report {report}). Pass the report on to its operator.", _ASK_AGAIN
        ) from None
