"""How the chat is used over time, for administrators."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Session

from . import permissions, usage_queries
from .admin_schemas import DayFigures, RoomFigures, Statistics
from .chat import Chat
from .identity import Identity
from .models import now
from .usage_queries import Activity

MAX_ROOMS = 10
#: Each process gives an answer again for so many times as long as it took to count, and so many seconds at most.
KEPT_TIMES, KEPT_SECONDS = 100, 60.0


async def over(chat: Chat, admin: Identity, days: int) -> Statistics:
    """The last ``days`` in UTC, today among them."""
    chat.require_running()
    permissions.administer(admin)
    loop = asyncio.get_running_loop()
    began = loop.time()
    if (kept := chat.statistics.get(days)) and began < kept[0]:
        return kept[1]
    found = await chat.database.read(lambda session: _counted(chat, session, days))
    ended = loop.time()
    chat.statistics[days] = ended + min(KEPT_TIMES * (ended - began), KEPT_SECONDS), found
    return found


def _counted(chat: Chat, session: Session, days: int) -> Statistics:
    first = now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    said = usage_queries.said_since(session, first)
    counts = {day.date: day for day in usage_queries.days(session, said)}
    nothing = usage_queries.Day("", 0, 0)
    listed = []
    for number in range(days):
        date = f"{first + timedelta(days=number):%Y-%m-%d}"
        day = counts.get(date, nothing)
        listed.append(DayFigures(date=date, messages=day.messages, authors=day.authors))
    return Statistics(days=listed, rooms=_rooms(chat, usage_queries.rooms(session, said)))


def _rooms(chat: Chat, active: list[Activity]) -> list[RoomFigures]:
    """The busiest; of conversations of two no more than that there are some."""
    shown = [
        RoomFigures(
            id=chat.host.encode_id(room.room_id),
            name=room.name,
            kind=room.kind,  # type: ignore[arg-type]  # the column holds nothing else
            messages=room.messages,
        )
        for room in active
        if room.kind != "direct"
    ][:MAX_ROOMS]
    if between_two := sum(room.messages for room in active if room.kind == "direct"):
        shown.append(RoomFigures(id=None, name="", kind="direct", messages=between_two))
    return sorted(shown, key=lambda room: -room.messages)
