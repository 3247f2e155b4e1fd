"""A large population, made inside the database: 100,000 people in 2,000 rooms take seconds. See ``crowd.sql``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from galaxy_communication import room_queries
from galaxy_communication.database import Database
from galaxy_communication.identity import Identity
from galaxy_communication.models import PREFIX

SCRIPT, GALAXY_SCRIPT = (Path(__file__).with_name(name) for name in ("crowd.sql", "crowd_galaxy.sql"))
#: What Galaxy's preferences form stores for somebody who uses the chat.
PREFERENCE = '{"communication|enabled": true}'

#: In a hundred rooms, and has not read a word in any of them; hardly anybody is busier.
BUSY = Identity(1, "user-one", False)
#: In five: the lobby, a persistent, a private and a public one, and a conversation of two.
ORDINARY = Identity(2, "user-two", False)
#: From here on they are a crowd, and in no room in particular.
FIRST = 11
#: Rooms with more in them than is counted as unread, at full size; all others but the lobby are small.
HOT_ROOMS = 20

#: A word of every second message, one of a few, and a phrase whose words are more often apart than together.
COMMON, RARE, PHRASE = "reads", "kraken", "adapter trimming"

#: What the script leaves to us: minutes after a first moment, in the database's own way, and names as Galaxy allows
#: them, so that every letter, and every pair of letters, begins equally many.
MOMENTS = {
    "sqlite": r"strftime('%Y-%m-%d %H:%M:%f000', '2025-01-01', '+' || (\1) || ' minutes')",
    "postgresql": r"(timestamptz '2025-01-01 00:00:00+00' + (\1) * interval '1 minute')",
}
LETTER = "substr('abcdefghijklmnopqrstuvwxyz', CAST({place} % 26 AS INTEGER) + 1, 1)"
USERNAME = (
    rf"CASE \1 WHEN {BUSY.user_id} THEN '{BUSY.username}' WHEN {ORDINARY.user_id} THEN '{ORDINARY.username}' ELSE "
    rf"{LETTER.format(place=chr(92) + '1')} || {LETTER.format(place=chr(92) + '1 / 26')} "
    rf"|| substr('.-_', CAST(\1 % 3 AS INTEGER) + 1, 1) || \1 END"
)
#: PostgreSQL wants to be told that a text is JSON.
DOCUMENT = re.compile(r"('\{\}'|CASE [^,]*'\[\]' END)(?=,)")


@dataclass(frozen=True)
class Rooms:
    """The ids of some."""

    lobby: int
    private: int
    """`ORDINARY` is in this, the next and the direct one."""
    public: int
    direct: int
    foreign: int
    """A private one with neither `BUSY` nor `ORDINARY`."""


@dataclass(frozen=True)
class Crowd:
    """At least some 200 people and rooms."""

    people: int = 100_000
    rooms: int = 2_000
    messages: int = 100_000
    """In the lobby half of them, in the `HOT_ROOMS` a quarter."""

    def author_of(self, seq: int) -> int:
        """Of a message in the lobby."""
        return seq * 7919 % (self.people - 10) + 11

    def fill(self, database: Database) -> Rooms:
        """Into a database that holds nothing but the lobby and one persistent room."""
        rooms = database.write_now(self._fill)
        database.write_now(lambda session: session.execute(text("ANALYZE")))
        return rooms

    def _fill(self, session: Session) -> Rooms:
        dialect = session.get_bind().dialect.name
        base = session.scalar(text(f"SELECT max(id) FROM {PREFIX}room")) or 0
        sizes = {"people": self.people, "rooms": self.rooms, "messages": self.messages, "hot_rooms": HOT_ROOMS}
        given = {**sizes, "base": base, "most": max(self.people, self.messages)}
        for statement in _statements(SCRIPT, dialect):
            session.execute(text(statement), given)
        if dialect == "postgresql":  # its counter does not know of ids that rows bring with them
            session.execute(text(f"SELECT setval('{PREFIX}room_id_seq', {base + self.rooms})"))
        last_private = self.rooms // 20 * 20 - 14
        return Rooms(room_queries.lobby(session).id, base + 6, base + 11, base + 41, base + last_private)


def make_galaxy_users(database_url: str, count: int) -> None:
    """So many more users in a Galaxy's own table, with names like those of the crowd; nine in ten use the chat."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        base = connection.scalar(text("SELECT max(id) FROM galaxy_user")) or 0
        dialect = engine.dialect.name
        for statement in _statements(GALAXY_SCRIPT, dialect):
            connection.execute(text(statement), {"base": base, "count": count, "preference": PREFERENCE})
        if dialect == "postgresql":
            connection.execute(text(f"SELECT setval('galaxy_user_id_seq', {base + count})"))
    engine.dispose()


def _statements(script: Path, dialect: str) -> list[str]:
    source = re.sub("--.*", "", script.read_text())
    source = re.sub(r"username\((\w+)\)", USERNAME, source)
    source = re.sub(r"moment\(([^)]*)\)", MOMENTS[dialect], source)
    if dialect == "postgresql":
        source = DOCUMENT.sub(r"CAST(\1 AS JSON)", source)
    return [statement for statement in source.split(";") if statement.strip()]
