"""Serving until a signal ends it, in an orderly way."""

import asyncio
import contextlib
import gc
import logging
import socket
import ssl
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn

from regional.app import make_app
from regional.files import Unheard, open_as_many_as_allowed
from regional.prompt import Prompt
from regional.service import Service
from wire.messages import FRAME_LIMIT, Bye

log = logging.getLogger("regional.serving")

FAREWELL: Final = 1.0
"""Seconds that connected desks get to hear why they are let go."""
GRACE: Final = 3
_TURN: Final = 0.000_5
"""Seconds for which a thread keeps the interpreter while another waits for it.

The event loop lets go of it at every message that it sends, and would else wait for as many of Python's usual five
milliseconds as there are desks.
"""


class _Server(uvicorn.Server):
    """uvicorn's server, which says good-bye before it closes, and whose end by a signal is a good one."""

    def __init__(self, config: uvicorn.Config, service: Service, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._service = service
        self._listening = listening
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(Unheard())
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # the program itself lives as long as the process: no collection looks through it again
        if self.started:
            self._listening()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal asks for the end; asked for again, it comes at once."""
        if self._loop is None or self._leaving is not None:
            self.should_exit = self.force_exit = True
        else:
            self._loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        if self._leaving is None:
            self._leaving = asyncio.get_running_loop().create_task(self._part())

    async def _part(self) -> None:
        hub = self._service.hub
        hub.end_all(Bye("The server is stopping.", 1.0))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(hub.empty.wait(), FAREWELL)
        self.should_exit = True


def serve(
    service: Service,
    address: str,
    listening_socket: socket.socket,
    context: ssl.SSLContext | None,
    listening: Callable[[], None],
) -> None:
    """Serve until a signal ends it, with ``context`` over TLS. Calls ``listening`` once requests are answered."""
    config = uvicorn.Config(
        make_app(service, address),
        log_config=None,
        access_log=False,
        lifespan="on",
        http=Prompt,
        ws="websockets-sansio",
        ws_max_size=FRAME_LIMIT,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
        server_header=False,
        date_header=False,
        ssl_context_factory=(lambda *_: context) if context else None,
    )
    sys.setswitchinterval(_TURN)
    open_as_many_as_allowed()
    _Server(config, service, listening).run(sockets=[listening_socket])
