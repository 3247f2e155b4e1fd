"""The same figures for statsd, where Galaxy is configured with one, through Galaxy's own client."""

from __future__ import annotations

import socket
from typing import Protocol

from prometheus_client.samples import Sample

from .metrics import PREFIX, Metrics


class Client(Protocol):
    """Galaxy's. Its metrics are UDP datagrams: nobody waits for an answer."""

    def timing(self, path: str, time: float) -> None: ...

    def gauge(self, path: str, value: float) -> None: ...

    def incr(self, path: str, n: float) -> None: ...


class Galaxy(Protocol):
    @property
    def statsd(self) -> Client | None: ...

    @property
    def server_name(self) -> str: ...


class Statsd:
    """Used by one thread, the pulse's. A gauge's path ends with the process, as statsd keeps what was said last."""

    def __init__(self, metrics: Metrics, galaxy: Galaxy) -> None:
        self._metrics = metrics
        self._galaxy = galaxy
        self._told: dict[str, float] = {}
        """By path: the counter's value up to which it was told."""

    def push(self) -> None:
        if (client := self._galaxy.statsd) is None:
            return
        worker = _word(f"{socket.gethostname()}-{self._galaxy.server_name}")
        for family in self._metrics.collect():
            for sample in family.samples:
                if family.type == "gauge":
                    client.gauge(f"{_path(sample)}.{worker}", sample.value)
                elif not sample.name.endswith("_bucket"):
                    self._count(client, _path(sample), sample.value)
        while self._metrics.times:
            what, seconds = self._metrics.times.popleft()
            part, _, event = what.partition(".")
            client.timing(".".join(("communication", part, *filter(None, [_word(event)]))), seconds * 1000)

    def _count(self, client: Client, path: str, value: float) -> None:
        if more := value - self._told.get(path, 0):
            client.incr(path, more)
        self._told[path] = value


def _path(sample: Sample) -> str:
    name = sample.name.removeprefix(PREFIX).removesuffix("_total")
    return ".".join(("communication", name, *map(_word, sample.labels.values())))


def _word(text: str) -> str:
    """One step of a path, whose steps are divided by dots."""
    return "".join(char if char.isalnum() or char == "-" else "_" for char in text)
