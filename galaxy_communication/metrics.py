"""What a process counts of itself. Made before gunicorn's fork, all zero; safe in all threads.

What happens is counted here; what another part knows anyway is read when somebody asks. No label names a room or a
user: their number would be that of the series.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

PREFIX = "galaxy_communication_"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COMMANDS = (1, 2, 5, 10, 25, 50, 100, 250, 500)
#: Times that statsd is told one by one, the newest: more in a burst would overflow the buffer of its socket.
MAX_TIMES = 100

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")


class _Readings:
    """Figures that are counted elsewhere."""

    def __init__(self) -> None:
        self.all: list[Callable[[], Metric]] = []

    def collect(self) -> Iterator[Metric]:
        for read in self.all:
            yield read()


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._readings = _Readings()
        self._registry.register(self._readings)
        self.connects = self._counter("connects", "Connections that were let in")
        self._commit_failures = self._counter("commit_failures", "Transactions of the writer that failed")
        self._turned_away = cache(self._counter("connections_refused", "Connections not let in", "code").labels)
        self._refusals = cache(self._counter("refusals", "Refused requests and events", "via", "code").labels)
        self._synced = cache(
            self._counter("sync_rooms", "Rooms that clients asked to catch up with", "recovered").labels
        )
        self._ack = cache(self._histogram("ack_seconds", "From an event's arrival to its ack", SECONDS, "event").labels)
        self._commit_seconds = self._histogram("commit_seconds", "Transactions of the writer", SECONDS)
        self._commit_commands = self._histogram("commit_commands", "Commands in one transaction", COMMANDS)
        self.times: deque[tuple[str, float]] = deque(maxlen=MAX_TIMES)
        """The newest ones: of what, and seconds."""

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(PREFIX + name, text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(PREFIX + name, text, labels, registry=self._registry, buckets=buckets)

    # What happens

    def turned_away(self, code: str) -> None:
        self._turned_away(code).inc()

    def refused(self, via: str, code: str) -> None:
        """
        :param via: ``socket`` or ``rest``.
        """
        self._refusals(via, code).inc()

    def synced(self, *, recovered: bool) -> None:
        self._synced("true" if recovered else "false").inc()

    def acked(self, event: str, seconds: float) -> None:
        """
        :param event: one that is declared: a client's own words would be series without end.
        """
        self._ack(event).observe(seconds)
        self.times.append((f"ack.{event}", seconds))

    def timed(self, commit: Callable[[Sequence[Command]], Outcome]) -> Callable[[Sequence[Command]], Outcome]:
        """The same, and its size and time are counted."""

        def timed(batch: Sequence[Command]) -> Outcome:
            began = time.perf_counter()
            with self._commit_failures.count_exceptions():
                outcome = commit(batch)
            seconds = time.perf_counter() - began
            self._commit_seconds.observe(seconds)
            self._commit_commands.observe(len(batch))
            self.times.append(("commit", seconds))
            return outcome

        return timed

    # What is counted elsewhere

    def read_gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """From now on ``read``, which any thread may call, is asked for it."""
        self._readings.all.append(lambda: GaugeMetricFamily(PREFIX + name, text, read()))

    def read_counter(self, name: str, text: str, read: Callable[[], float]) -> None:
        self._readings.all.append(lambda: CounterMetricFamily(PREFIX + name, text, read()))

    def read_counters(self, name: str, text: str, label: str, counts: Mapping[str, int]) -> None:
        """One for each key; the keys stay what they are."""

        def read() -> Metric:
            family = CounterMetricFamily(PREFIX + name, text, labels=[label])
            for key, count in counts.items():
                family.add_metric([key], count)
            return family

        self._readings.all.append(read)

    # What is told

    def collect(self) -> Iterator[Metric]:
        """Without the moments at which each was made, which the library adds to all."""
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family

    def page(self) -> str:
        """In Prometheus's text format."""
        return generate_latest(self).decode()
