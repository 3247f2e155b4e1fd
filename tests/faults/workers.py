"""Which of a Galaxy's processes serve, and whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from contextlib import suppress

import psutil

from galaxy_communication.galaxy_process import HOST
from tests.galaxy_server import GalaxyServer


def workers(galaxy: GalaxyServer) -> list[psutil.Process]:
    """gunicorn's master forked them, and so their command line is its own."""
    address = f"{HOST}:{galaxy.port}"
    found = {one.pid: one for one in psutil.process_iter(["cmdline", "ppid"]) if address in (one.info["cmdline"] or ())}
    return [process for process in found.values() if process.info["ppid"] in found]


def connections_of(galaxy: GalaxyServer, ports: Collection[int]) -> dict[int, int]:
    """The workers that serve those who come from ``ports``."""
    found = {}
    for worker in workers(galaxy):
        with suppress(psutil.NoSuchProcess):
            peers = (one.raddr.port for one in worker.net_connections("tcp4") if one.raddr)
            found.update({port: worker.pid for port in peers if port in ports})
    return found


def spread(galaxy: GalaxyServer, ports: Collection[int]) -> list[int]:
    """How many of those who come from ``ports`` each worker has."""
    counts = Counter({worker.pid: 0 for worker in workers(galaxy)})
    counts.update(connections_of(galaxy, ports).values())
    return sorted(counts.values())
