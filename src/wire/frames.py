"""Frames as bytes: JSON, packed with zstd when that pays, and never more than a bound once unpacked."""

import msgspec
import zstandard

from wire.messages import COMPRESS_FROM, FRAME_LIMIT, Frame, FromDesk, FromServer

_encode = msgspec.json.Encoder().encode
_LEVEL = 3


class Unreadable(ValueError):
    """A message that is no frame; the text says why and may be shown to whoever sent it."""


class Reader:
    """Reads the frames of one side."""

    def __init__(self, frames: object) -> None:
        self._decoder: msgspec.json.Decoder[object] = msgspec.json.Decoder(frames)

    def read(self, data: bytes | str) -> object:
        """The frame that ``data`` is, plain JSON; raises :class:`Unreadable`."""
        if len(data) > FRAME_LIMIT:
            raise Unreadable(f"a frame of {len(data)} bytes; {FRAME_LIMIT} are read")
        try:
            return self._decoder.decode(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as fault:
            raise Unreadable(f"this is no frame: {fault}") from None


from_desk = Reader(FromDesk)
from_server = Reader(FromServer)


def plain(frame: Frame | msgspec.Struct) -> bytes:
    """The frame as JSON."""
    return _encode(frame)


def pack(data: bytes) -> bytes | None:
    """``data`` as zstd, or None when it is small enough to travel as it is."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data) if len(data) > COMPRESS_FROM else None


def unpack(data: bytes, most: int = FRAME_LIMIT) -> bytes:
    """What was packed; raises :class:`Unreadable` for what is no zstd, or is too much once unpacked."""
    try:
        # A streaming reader with a bound: a few bytes can claim to be gigabytes.
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(data) as stream:
            found: bytes = stream.read(most + 1)
    except zstandard.ZstdError as fault:
        raise Unreadable(f"this is not packed as zstd: {fault}") from None
    if len(found) > most:
        raise Unreadable(f"more than {most} bytes once unpacked")
    return found
