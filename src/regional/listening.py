"""Where the server listens: plain http on this machine only, TLS everywhere else."""

import socket
import ssl
from pathlib import Path

from regional.errors import ServerError
from wire.hosts import is_this_machine


def parse_listen(text: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``. Raises :class:`ServerError`."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ServerError(f"--listen: {text!r} is no HOST:PORT.")
    return host, int(port)


def refuse_plain(host: str, certificate: Path | None, key: Path | None) -> None:
    """Raise :class:`ServerError` for what would carry a desk's frames over a network unprotected."""
    if (certificate is None) != (key is None):
        raise ServerError("--tls-cert and --tls-key belong together: name both.")
    if certificate is None and not is_this_machine(host):
        raise ServerError(
            f"--listen: plain http is for this machine only, and {host} is not. Name the center's certificate with "
            "--tls-cert and --tls-key, or listen on 127.0.0.1."
        )


def tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What connections are served with, None for plain http. Raises :class:`ServerError`."""
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "reason", None) or error.strerror
        raise ServerError(
            f"--tls-cert, --tls-key: {certificate} and {key} cannot be used: {why}. They have to be a certificate and "
            "its own key, both PEM."
        ) from error
    return context


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises :class:`ServerError`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(address)
            opened.listen(512)
        except BaseException:
            opened.close()
            raise
    except OSError as error:
        raise ServerError(f"--listen: cannot listen on {host}:{port}: {error.strerror or error}.") from error
    return opened
