"""Which hosts are this very machine: only to those may frames travel without TLS, at either end."""

import ipaddress


def is_this_machine(host: str) -> bool:
    """Whether ``host``, a name or an address, stays on this machine. Of names only "localhost" does."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
