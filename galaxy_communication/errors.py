"""Domain errors: the codes of the wire contract, each with its HTTP status and Galaxy's error code.

Operations raise these; ``sockets`` and ``router`` turn them into an ack and into Galaxy's JSON error. Galaxy's numbers
are those of ``galaxy/exceptions/error_codes.json``, repeated here because only ``host`` may import Galaxy.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ChatError(Exception):
    """Something the caller is told. ``message`` is shown to people; ``retry_after`` is in seconds.

    ``reason`` names what is told more closely than the code does, for clients that say it in another language, and
    ``values`` are what stands in it.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    galaxy_code: ClassVar[int]

    def __init__(
        self, message: str, *, retry_after: float | None = None, reason: str | None = None, **values: str | int
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
        self.reason = reason
        self.values = values

    def described(self) -> dict[str, Any]:
        """The contract's error object; what there is nothing to say of is None."""
        return {
            "code": self.code,
            "message": self.message,
            "retry_after": self.retry_after,
            "reason": self.reason,
            "values": self.values or None,
        }


class NotAuthenticated(ChatError):
    code, status, galaxy_code = "not_authenticated", 401, 401001


class Disabled(ChatError):
    """Chat is off for this user or this server, or could not start."""

    code, status, galaxy_code = "disabled", 403, 403004


class Forbidden(ChatError):
    code, status, galaxy_code = "forbidden", 403, 403005


class NotFound(ChatError):
    """Missing, or hidden from the caller: the two are never told apart."""

    code, status, galaxy_code = "not_found", 404, 404001


class Invalid(ChatError):
    code, status, galaxy_code = "invalid", 400, 400008


class TooLong(ChatError):
    code, status, galaxy_code = "too_long", 413, 400008


class RateLimited(ChatError):
    code, status, galaxy_code = "rate_limited", 429, 403005


class Silenced(ChatError):
    code, status, galaxy_code = "silenced", 403, 403005


class Archived(ChatError):
    code, status, galaxy_code = "archived", 403, 403003


class Conflict(ChatError):
    code, status, galaxy_code = "conflict", 409, 409001


class Overloaded(ChatError):
    """Nothing was stored; worth another try after ``retry_after`` seconds."""

    code, status, galaxy_code = "overloaded", 503, 500007
