"""Finding messages again."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy.orm import Session

from . import access, permissions, schemas, search_queries, text
from .chat import Chat
from .errors import Invalid
from .identity import Identity
from .models import Message


async def find(
    chat: Chat,
    reader: Identity,
    query: str,
    *,
    room_id: str | None = None,
    user_id: str | None = None,
    before: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[schemas.Message]:
    """Messages that hold all words of ``query``, the newest first, as far as the reader may read them.

    :param before: the id of a message, the last of the page before; or a time, in ISO 8601.
    :param after: a time.
    """
    chat.require_running()
    await chat.limits.take("searches", reader.user_id)
    terms = text.search_terms(query)
    if not terms:
        raise Invalid("Search for a word or two.", reason="search_words")
    before_time = _moment(before, "before") if before and "-" in before else None
    wanted = search_queries.Search(
        terms=terms,
        room_id=chat.decode_id(room_id) if room_id else None,
        user_id=chat.decode_id(user_id) if user_id else None,
        before_id=chat.decode_id(before) if before and before_time is None else None,
        before=before_time,
        after=_moment(after, "after") if after else None,
        limit=limit,
    )

    def read(session: Session) -> list[Message]:
        if wanted.room_id is not None:
            permissions.see(*access.place(session, wanted.room_id, reader))
        return search_queries.find(session, reader.user_id, wanted)

    return await chat.database.read_then(read, chat.views.messages)


def _moment(value: str, name: str) -> datetime:
    """Without an offset it is meant in UTC."""
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise Invalid(f"{name}: {value!r} is no time of the form 2026-01-31T12:00:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
