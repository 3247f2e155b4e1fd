"""A full Galaxy in this process, and what people read there: tests look at the plans, the benchmark at the times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from galaxy_communication.identity import Identity
from tests.crowd import COMMON, FIRST, PHRASE, RARE, Crowd, Rooms, make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables, follow_our_rooms
from tests.in_process import Server

Operation = Callable[[], object]
#: Users of Galaxy's who have never been here.
NEWCOMERS = 8


@dataclass(frozen=True)
class FullGalaxy:
    server: Server
    rooms: Rooms
    crowd: Crowd

    @property
    def newcomer_id(self) -> int:
        """Of a user of Galaxy's who has never been here."""
        return self.crowd.people + 1

    @property
    def is_sqlite(self) -> bool:
        return self.server.galaxy.engine.dialect.name == "sqlite"

    def forget_statistics(self) -> None:
        """As it is in service: nobody tells SQLite to gather any."""
        with self.server.galaxy.engine.begin() as connection:
            connection.execute(text("DELETE FROM sqlite_stat1"))
        for engine in (self.server.galaxy.engine, self.server.chat.database.engine):
            engine.dispose()  # who is connected remembers

    def chatters(self, count: int) -> list[int]:
        """So many of the crowd, all of whom have switched chat on."""
        return [number for number in range(FIRST, FIRST + 2 * count) if number % 10 != 9][:count]


@contextmanager
def full_galaxy(database_url: str, crowd: Crowd) -> Iterator[FullGalaxy]:
    """In an empty database. No bus says or asks anything beside what is counted."""
    engine = create_engine(database_url)
    create_galaxys_tables(engine)
    make_galaxy_users(database_url, crowd.people + NEWCOMERS)
    with Server(GalaxyApp(engine, communication_message_bus="memory")).running() as server:
        rooms = crowd.fill(server.chat.database)
        follow_our_rooms(engine)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        yield FullGalaxy(server, rooms, crowd)
    engine.dispose()


def reads(full: FullGalaxy, who: Identity) -> dict[str, Operation]:
    """All that answers from the crowd's data; each as a whole, with the questions at the door."""
    visitor, encode, lobby = full.server.visitor(who.user_id), full.server.encode, full.server.encode(full.rooms.lobby)
    author, middle = encode(full.crowd.author_of(2)), encode(full.crowd.messages // 2)
    return {
        "connect, until ready": visitor.connect,
        "room list": lambda: visitor.get("rooms"),
        "browse rooms by a part of the name": lambda: visitor.get("rooms", query="17"),
        "unread counts for the badge": lambda: visitor.get("status"),
        "one room": lambda: visitor.get(f"rooms/{lobby}"),
        "newest page of messages": lambda: visitor.get(f"rooms/{lobby}/messages"),
        "pinned messages": lambda: visitor.get(f"rooms/{lobby}/pins"),
        "people, by one letter": lambda: visitor.get("users", query="e"),
        "people, by two": lambda: visitor.get("users", query="ab"),
        "members": lambda: visitor.get(f"rooms/{lobby}/members"),
        "members, a later page": lambda: visitor.get(f"rooms/{lobby}/members", before=middle),
        "members, by one letter": lambda: visitor.get(f"rooms/{lobby}/members", query="e"),
        "members, by two": lambda: visitor.get(f"rooms/{lobby}/members", query="ab"),
        "search a rare word": lambda: visitor.get("search", q=RARE),
        "search a common word": lambda: visitor.get("search", q=COMMON),
        "search a word that is not there": lambda: visitor.get("search", q="zebrafish"),
        "search a phrase": lambda: visitor.get("search", q=f'"{PHRASE}"'),
        "search a file name": lambda: visitor.get("search", q="sample-17_R1.fastq.gz"),
        "search in a room": lambda: visitor.get("search", q=COMMON, room_id=lobby),
        "search by person": lambda: visitor.get("search", q=COMMON, user_id=author),
        "search, a later page": lambda: visitor.get("search", q=COMMON, before=middle),
        "search before a time": lambda: visitor.get("search", q=COMMON, before="2025-01-02T00:00:00Z"),
    }


def administrators_reads(full: FullGalaxy, admin: Identity) -> dict[str, Operation]:
    """The same, for administrators. A first page differs from a later one in that it has no upper end, which plans do
    not tell from reading it all."""
    visitor, encode = full.server.visitor(admin.user_id), full.server.encode
    return {
        "figures": lambda: visitor.get("admin/figures"),
        "statistics": lambda: visitor.get("admin/statistics"),
        "all rooms": lambda: visitor.get("admin/rooms"),
        "all rooms, the last page": lambda: visitor.get("admin/rooms", before=encode(full.rooms.private)),
        "all rooms by a part of the name": lambda: visitor.get("admin/rooms", query="17", archived=False),
        "all people, a later page": lambda: visitor.get("admin/users", before=encode(full.crowd.people // 2)),
        "all people, by one letter": lambda: visitor.get("admin/users", query="e"),
        "all people, by an address": lambda: visitor.get("admin/users", query="person-17"),
    }
