"""Who is behind a request or a connection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request or connection brought to say who it is. Galaxy's session goes before a key, as in Galaxy's API."""

    session_cookie: str | None = None
    api_key: str | None = None
    bearer_token: str | None = None
    run_as: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The person behind a request or a connection, as Galaxy vouches for them."""

    user_id: int
    username: str | None
    is_admin: bool
    session_id: int | None = None
    """Galaxy's session, None where an API key was used."""
    acting_admin_id: int | None = None
    """The administrator who acts as this person in that session."""
