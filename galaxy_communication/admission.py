"""Who is let in: the same questions at both doors, the socket's and REST's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from . import people_queries, switch
from .chat import Chat
from .errors import ChatError, Disabled, Forbidden
from .identity import Credentials, Identity
from .moderation_models import Sanction


def admitted(chat: Chat, credentials: Credentials) -> Identity:
    """Who this is, if they may use the chat. Blocks."""
    identity = chat.host.identify(credentials)
    if not chat.host.chat_enabled(identity.user_id):
        raise Disabled("Chat is switched off in your Galaxy preferences.", reason="own_switch_off")
    chat.require_running()

    def read(session: Session) -> tuple[bool, dict[int, Sanction], int | None]:
        bans = people_queries.bans(session, {identity.user_id})
        return switch.is_on(session), bans, people_queries.acting_admin(session, identity.session_id)

    is_on, bans, admin_id = chat.database.read_now(read)
    if not is_on:
        raise switch.switched_off()
    if bans:
        raise _banned(bans[identity.user_id])
    return _acting(identity, admin_id)


def acting(chat: Chat, identity: Identity) -> Identity:
    """With the administrator who acts in their place, for whom no other question is asked. Blocks."""
    session_id = identity.session_id
    if session_id is None or chat.failure is not None:
        return identity
    return _acting(identity, chat.database.read_now(lambda session: people_queries.acting_admin(session, session_id)))


def _acting(identity: Identity, admin_id: int | None) -> Identity:
    return identity if admin_id in (None, identity.user_id) else replace(identity, acting_admin_id=admin_id)


def note_impersonation(chat: Chat, admins_session_id: int, admin_id: int, session_id: int) -> None:
    """An administrator acts as the user of ``session_id``. Blocks, in a thread of Galaxy's.

    :param admins_session_id: from which they came; may be that of another administrator in whose place they acted.
    """

    def write(session: Session) -> None:
        first = people_queries.acting_admin(session, admins_session_id) or admin_id
        people_queries.add_impersonation(session, session_id, first)

    chat.database.write_now(write)


def no_longer_admitted(chat: Chat, identities: Collection[Identity]) -> dict[Identity, ChatError]:
    """Of those who were admitted before, the ones who would not be now, and why. Blocks."""
    gone = chat.host.no_longer_welcome(identities)
    user_ids = {identity.user_id for identity in identities}
    is_on, bans = chat.database.read_now(
        lambda session: (switch.is_on(session), people_queries.bans(session, user_ids))
    )
    if not is_on:
        return dict.fromkeys(identities, switch.switched_off())
    gone |= {identity: _banned(bans[identity.user_id]) for identity in identities if identity.user_id in bans}
    return gone


def _banned(ban: Sanction) -> Forbidden:
    message = f"You are banned from the chat. {ban.reason}".strip()
    return Forbidden(message, retry_after=ban.seconds_left(), reason="banned", why=ban.reason)
