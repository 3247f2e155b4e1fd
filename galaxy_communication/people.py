"""People: whom one can address, whom one does not want to hear, and how one wants the chat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from . import payloads, people_queries, schemas, text
from .chat import Chat
from .errors import Invalid, NotFound
from .identity import Identity
from .models import Person
from .moderation_models import Sanction

MAX_FOUND = 20


@dataclass(frozen=True)
class Ways:
    """How somebody wants the chat; `ready` says it, the connection goes by it."""

    preferences: schemas.Preferences
    muted: list[int]
    silence: Sanction | None


async def find(chat: Chat, viewer: Identity, query: str) -> list[schemas.User]:
    """People who use the chat and whose public name begins with ``query``, themselves left out.

    Where Galaxy shows its users to each other (``expose_user_name``), all of them; otherwise those with whom one
    shares a room that is not everybody's. With ``expose_user_email``, also by a whole address.
    """
    chat.require_running()
    prefix = text.name_key(query)
    galaxys: list[int] = []
    if chat.host.exposes_names and prefix:
        galaxys += await chat.database.in_thread(lambda: chat.host.users_by_name(prefix, MAX_FOUND))
    if chat.host.exposes_emails and "@" in prefix:
        galaxys += await chat.database.in_thread(lambda: chat.host.users_by_email(query.strip()))

    def read(session: Session) -> list[int]:
        if chat.host.exposes_names or viewer.is_admin:
            return list(people_queries.find(session, prefix, MAX_FOUND))
        return list(people_queries.find_known(session, viewer.user_id, prefix, MAX_FOUND)) if prefix else []

    def present(ours: list[int]) -> list[schemas.User]:
        known = chat.host.chat_users({*ours, *galaxys} - {viewer.user_id})
        named = sorted((name, user_id) for user_id, name in known.items() if name)
        return [chat.views.user(user_id, name) for name, user_id in named[:MAX_FOUND]]

    return await chat.database.read_then(read, present)


async def set_muted(chat: Chat, person: Identity, user_id: str, *, on: bool) -> None:
    """What a muted person writes is not counted and tells one nothing; they do not learn of it."""
    chat.require_running()
    number = chat.decode_id(user_id)
    if number == person.user_id:
        raise Invalid("You cannot mute yourself.")
    if on:
        known = await chat.database.in_thread(lambda: chat.host.known_users({number}))
        if number not in known:
            raise NotFound("There is nobody with this id.")
    await chat.database.write(lambda session: people_queries.set_muted(session, person.user_id, number, on=on))


async def muted_by(chat: Chat, person: Identity) -> list[schemas.User]:
    chat.require_running()
    return await chat.database.read_then(
        lambda session: list(people_queries.muted_by(session, person.user_id)), chat.views.users
    )


def ways(session: Session, person: Identity) -> Ways:
    """Of somebody who was let in, and so has switched chat on for themselves."""
    return Ways(
        _preferences(True, people_queries.person(session, person.user_id)),
        list(people_queries.muted_by(session, person.user_id)),
        people_queries.silence(session, person.user_id),
    )


async def language(chat: Chat, person: Identity) -> schemas.Language | None:
    found = await chat.database.read(lambda session: people_queries.person(session, person.user_id))
    return _preferences(True, found).language


# Preferences. Whether one uses the chat at all is Galaxy's to know, and works with the chat switched off.


async def preferences(chat: Chat, person: Identity) -> schemas.Preferences:
    enabled = await chat.database.in_thread(lambda: chat.host.chat_enabled(person.user_id))
    found = None
    if chat.failure is None:
        found = await chat.database.read(lambda session: people_queries.person(session, person.user_id))
    return _preferences(enabled, found)


async def set_preferences(chat: Chat, person: Identity, wanted: payloads.PreferencesUpdate) -> schemas.Preferences:
    given = wanted.given()
    given.pop("enabled", None)
    if (enabled := wanted.enabled) is not None:
        await chat.database.in_thread(lambda: chat.host.set_chat_enabled(person.user_id, enabled))
    if given:
        chat.require_running()

        def write(session: Session) -> None:
            if people_queries.person(session, person.user_id) is None:
                people_queries.put_person(session, person.user_id, person.username)
            people_queries.set_preferences(session, person.user_id, given)

        await chat.database.write(write)
    now = await preferences(chat, person)
    chat.bus.say("preferences", person.user_id)
    apply(chat, person, now)
    return now


def apply(chat: Chat, person: Identity, preferences: schemas.Preferences) -> None:
    """Let the person's connections here go by their preferences."""
    connections = chat.connections.of_user(person.user_id)
    for connection in connections:
        connection.tells_typing = preferences.typing
    if connections:
        chat.connections.set_shown(person, preferences.presence)


def _preferences(enabled: bool, person: Person | None) -> schemas.Preferences:
    if person is None:
        person = Person(presence=True, typing=True, notifications=True, sound=False, language=None)
    return schemas.Preferences(
        enabled=enabled,
        presence=person.presence,
        typing=person.typing,
        notifications=person.notifications,
        sound=person.sound,
        language=person.language,  # type: ignore[arg-type]  # the column holds nothing else
    )
