"""What a client has to know first: `ready` of the socket, `hello` there and on REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from . import __version__, glances, people, rooms, schemas, text, views
from .chat import Chat
from .identity import Identity
from .people import Ways
from .permissions import MAX_ADDRESSED_BY_ANYBODY
from .presence import Connection
from .views import Glance


async def without_connection(chat: Chat, identity: Identity) -> schemas.Ready:
    """For who has none: the same, and nobody sees them for it."""
    visitor = Connection("", identity)
    visitor.room_ids = set(await rooms.joined_by(chat, identity)) & chat.connections.rooms()
    return await introduction(chat, visitor)


async def introduction(chat: Chat, connection: Connection) -> schemas.Ready:
    """All that a client needs to know first."""
    identity = connection.identity

    def read(session: Session) -> tuple[Ways, list[Glance]]:
        return people.ways(session, identity), glances.of_viewer(session, identity, to_join=rooms.MAX_TO_JOIN)

    def present(found: tuple[Ways, list[Glance]]) -> tuple[Ways, list[schemas.User], list[schemas.Room]]:
        ways, seen = found
        return ways, chat.views.users(ways.muted), chat.views.rooms(seen)

    ways, muted, seen = await chat.database.read_then(read, present)
    people.apply(chat, identity, ways.preferences)
    connection.silence_id = ways.silence.id if ways.silence is not None else None
    return schemas.Ready(
        user=chat.views.identity(identity),
        is_admin=identity.is_admin,
        rooms=seen,
        online=[chat.views.identity(other) for other in chat.connections.online(connection)],
        limits=schemas.Limits(
            max_message_length=chat.settings.communication_max_message_length,
            max_room_name_length=text.MAX_NAME_LENGTH,
            max_topic_length=text.MAX_TOPIC_LENGTH,
            max_mentions=text.MAX_MENTIONS,
            max_room_mention_members=MAX_ADDRESSED_BY_ANYBODY,
            rates={
                kind: [schemas.Rate(amount=rate.amount, seconds=rate.get_expiry()) for rate in rates]
                for kind, rates in chat.limits.rates.items()
            },
        ),
        server=schemas.Server(version=__version__),
        can_create_rooms=identity.is_admin or chat.settings.communication_users_create_rooms,
        muted=muted,
        preferences=ways.preferences,
        silence=views.silence(ways.silence),
    )
