"""What the operations work with: the parts that `plugin` puts together, one of each per process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import Disabled, NotFound
from .log_lines import short

if TYPE_CHECKING:  # the parts know nothing of each other, and this page must not make them
    from .admin_schemas import Statistics
    from .broadcast import Broadcast
    from .bus import Bus
    from .catch_up import CatchUp
    from .commands import Command, Stored
    from .config import Settings
    from .database import Database
    from .drain import Drain
    from .filter_store import WordFilters
    from .host import Host
    from .metrics import Metrics
    from .presence import Connections
    from .pulse import Pulse
    from .purge import Daily
    from .ratelimit import RateLimits
    from .schemas import StatusWarning
    from .views import Views
    from .writer import Writer


@dataclass
class Chat:
    settings: Settings
    host: Host
    database: Database
    views: Views
    writer: Writer[Command, Stored]
    broadcast: Broadcast
    connections: Connections
    drain: Drain
    limits: RateLimits
    filters: WordFilters
    pulse: Pulse
    daily: Daily
    bus: Bus
    catch_up: CatchUp
    metrics: Metrics
    dedicated: bool = False
    """Whether this is the chat's own process, and not Galaxy's."""
    failure: str | None = "it has not started"
    """Why chat cannot serve, None when it can."""
    needs_migration: bool = False
    """Whether that is why."""
    statistics: dict[int, tuple[float, Statistics]] = field(default_factory=dict)
    """By number of days: until when it is given again, on the event loop's clock, and what was found."""

    one_elsewhere: tuple[float, bool] = (0.0, False)
    """Whether the chat is served by one process, which is not this one; and, before it, until when that is not asked
    again, on the event loop's clock."""

    @property
    def warnings(self) -> list[StatusWarning]:
        """Whether other processes serve the same chat that nothing joins with this one."""
        if not self.bus.joins:
            return ["workers_without_bus"] if self.pulse.has_peers else []
        return ["workers_not_heard"] if self.pulse.roll_call.unheard else []

    @property
    def elsewhere(self) -> str | None:
        """The URL of the process that serves the chat, None where that is this one."""
        return None if self.dedicated else self.settings.server_url

    def require_here(self) -> None:
        if self.elsewhere is not None:
            raise Disabled(f"The chat is served at {self.elsewhere}.", reason="elsewhere", url=self.elsewhere)

    def require_running(self) -> None:
        if self.failure is not None:
            raise Disabled(f"Chat is not available: {self.failure}.")

    def logged(self, sid: str) -> dict[str, str]:
        """What lines of the log call a connection."""
        connection = self.connections.get(sid)
        user = {"user": self.host.encode_id(connection.identity.user_id)} if connection is not None else {}
        return {"connection": short(sid)} | user

    def decode_id(self, encoded: str) -> int:
        """What is not an id names nothing: `NotFound`, as for an id of something that is not there."""
        try:
            return self.host.decode_id(encoded)
        except Exception as error:
            raise NotFound("There is nothing with this id.") from error
