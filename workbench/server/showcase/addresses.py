"""Where a showcase listens: this computer alone, or its addresses in the local network too, never the internet's."""

import ipaddress
import socket

import psutil

from workbench.errors import WorkbenchError
from workbench.server.port import claim_port

LOOPBACK = "127.0.0.1"
FIRST_PORT, _PORTS = 7870, 20


def local_addresses() -> list[str]:
    """This computer's addresses in its local networks, the one that others most likely share first."""
    stats = psutil.net_if_stats()
    found = [
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        if name in stats and stats[name].isup
        for entry in entries
        if entry.family == socket.AF_INET and _is_local(entry.address)
    ]
    main = _main_address()
    return sorted(found, key=lambda address: address != main)


def claim(addresses: list[str], port: int) -> list[socket.socket]:
    """Listening sockets on one port for all addresses; with port 0, on the first of ours that is free."""
    for wanted in [port] if port else range(FIRST_PORT, FIRST_PORT + _PORTS):
        if sockets := _claim_all(addresses, wanted):
            return sockets
    if port:
        raise WorkbenchError(f"Port {port} is taken.", "Choose another one, or leave --port out.")
    last = FIRST_PORT + _PORTS - 1
    raise WorkbenchError(f"The ports {FIRST_PORT} to {last} are taken.", "End another showcase, or give --port.")


def _claim_all(addresses: list[str], port: int) -> list[socket.socket]:
    claimed: list[socket.socket] = []
    for address in addresses:
        listener = claim_port(address, port)
        if listener is None:
            for other in claimed:
                other.close()
            return []
        claimed.append(listener)
    return claimed


def _is_local(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.is_private and not parsed.is_loopback


def _main_address() -> str:
    """The address by which this computer would go out. Nothing is sent: a datagram socket only looks up the way."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looking:
        try:
            looking.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(looking.getsockname()[0])
