"""What the parts of a process count themselves, and Prometheus and statsd are told."""

from __future__ import annotations

from .chat import Chat
from .notifications import Notifier


def read_parts(chat: Chat, notifier: Notifier) -> None:
    """A new part's figures are a line here."""
    metrics, bus, broadcast = chat.metrics, chat.bus, chat.broadcast
    backpressure, catch_up = broadcast.backpressure, chat.catch_up
    metrics.read_gauge("connections", "Connections now", lambda: len(chat.connections))
    metrics.read_gauge("people", "People who are connected now", chat.connections.people)
    metrics.read_gauge("writer_queue_length", "Commands that wait for the writer", lambda: len(chat.writer))
    metrics.read_counters("events_sent", "Events sent, each to a whole audience", "event", broadcast.sent)
    metrics.read_counter("frames_sent", "Packets to single connections, with acks", lambda: backpressure.sent)
    metrics.read_counter("events_dropped", "Events that the full queue had no room for", lambda: broadcast.dropped)
    metrics.read_counter("slow_readers", "Connections that fell behind", lambda: backpressure.fell_behind)
    metrics.read_counter("connections_cut_off", "Connections that did not read", lambda: backpressure.cut_off)
    metrics.read_counter("notifications_dropped", "Messages of which nobody was told", lambda: notifier.left_out)
    metrics.read_counter("caught_up_changes", "Changes read to be sent, of other processes", lambda: catch_up.recovered)
    metrics.read_counter("bus_published", "Publications on the message bus", lambda: bus.published)
    metrics.read_counter("bus_heard", "What other processes said on it", lambda: bus.heard)
    metrics.read_counter("bus_lost", "Publications of this process that it has not heard itself", lambda: bus.lost)
    metrics.read_gauge("bus_working", "Whether this process hears itself on it", lambda: bus.is_working)
