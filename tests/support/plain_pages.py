"""What stands in a store's files, byte by byte: every page, free ones and those of the log too."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAGE, _TAIL, _IV, _SALT = 4096, 80, 16, 16
_LOG_HEAD, _FRAME_HEAD = 32, 24


def plain_pages(path: Path, key: bytes) -> bytes:
    """All of the store at ``path`` as it reads with its ``key`` (SQLCipher 4: AES-256-CBC, page by page)."""
    whole = path.read_bytes()
    pages = [whole[at : at + _PAGE] for at in range(0, len(whole), _PAGE)]
    log = Path(f"{path}-wal")
    if log.exists():
        frames = log.read_bytes()[_LOG_HEAD:]
        step = _FRAME_HEAD + _PAGE
        pages += [frames[at + _FRAME_HEAD : at + step] for at in range(0, len(frames) - step + 1, step)]
    return b"".join(_plain(page, key, first=not at) for at, page in enumerate(pages))


def _plain(page: bytes, key: bytes, *, first: bool) -> bytes:
    body = page[_SALT if first else 0 : _PAGE - _TAIL]
    iv = page[_PAGE - _TAIL : _PAGE - _TAIL + _IV]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(body) + decryptor.finalize()
