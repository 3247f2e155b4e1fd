"""What happened, counted; the table that ends up in the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Counts:
    """Written on the clients' event loop, read anywhere: single numbers, each good by itself at any time."""

    acked: int = 0
    resent: int = 0
    given_back: int = 0
    """Of these, messages that were stored already, their answer having been lost."""
    refused: Counter[str] = field(default_factory=Counter)
    """Acks that were errors, by code."""
    unanswered: int = 0
    """Acks that did not come within a client's patience though the connection stood."""
    connections: int = 0
    not_let_in: Counter[str] = field(default_factory=Counter)
    """Connections that the server refused, by code."""
    closed: Counter[str] = field(default_factory=Counter)
    """Connections that the server ended, by the code it gave."""
    broken: int = 0
    recovered: int = 0
    replaced: int = 0
    """Syncs answered with ``recovered: false``."""
    live: int = 0
    replayed: int = 0
    known: int = 0
    """Changes that came again and were ignored, as the contract has it."""
    spread: list[int] = field(default_factory=list)
    """Readers by worker, when the last fault began."""
    repair_seconds: float = 0.0
    """From the end of the last fault until all readers had everything."""
    done: Counter[str] = field(default_factory=Counter)
    """Faults, by what was done."""

    def rows(self) -> dict[str, object]:
        return {
            "acked": self.acked,
            "sent again / of these were stored already": f"{self.resent} / {self.given_back}",
            **_by_code("refused", self.refused),
            "not answered in time": self.unanswered,
            "connections made": self.connections,
            **_by_code("connections refused", self.not_let_in),
            **_by_code("connections closed by the server", self.closed),
            **dict(sorted(self.done.items())),
            "readers of each worker at the last fault": " / ".join(map(str, self.spread)),
            "seconds after it until all had everything": f"{self.repair_seconds:.1f}",
            "gaps filled: all changes / newest page": f"{self.recovered} / {self.replaced}",
            "changes heard: live / replayed / again": f"{self.live} / {self.replayed} / {self.known}",
        }


def _by_code(name: str, counts: Counter[str]) -> dict[str, object]:
    return {f"{name}: `{code}`": count for code, count in counts.items()}


def table(title: str, rows: Mapping[str, object]) -> str:
    """Markdown."""
    lines = [f"| {title} | |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {name} | {value} |" for name, value in rows.items()])
