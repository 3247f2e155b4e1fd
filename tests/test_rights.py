"""Every cell of `rights.TABLE`, on a real Galaxy, over REST and on the socket."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import rights
from tests.galaxy_server import GalaxyServer
from tests.people import Api, Meet, Refused
from tests.rights_cast import Actor, Cast

numbers = itertools.count()

Json = dict[str, Any]
Call = tuple[str, str, Json | None]
Event = tuple[str, Json]


@pytest.fixture(scope="module")
def cast(galaxy: GalaxyServer) -> Iterator[Cast]:
    meeting = Meet(galaxy)
    yield Cast(meeting)
    meeting.part()


class Attempt:
    """One role's at one operation, on things of its own."""

    def __init__(self, cast: Cast, role: str, kind: str) -> None:
        self.cast = cast
        self.room = cast.room(role, kind)
        self._own = cast.actors[role].own.get(self.room, [])

    @property
    def own(self) -> str:
        """One that is still there."""
        return self._own[0]

    def own_to_delete(self) -> str:
        return self._own.pop()

    @property
    def peers(self) -> str:
        return self.cast.message_of_peer(self.room)

    def new_id(self) -> str:
        return f"rights-{next(numbers)}"


REST: dict[str, Callable[[Attempt], Call]] = {
    "see the room": lambda one: ("GET", f"rooms/{one.room}", None),
    "read its history": lambda one: ("GET", f"rooms/{one.room}/messages", None),
    "read a message": lambda one: ("GET", f"messages/{one.peers}", None),
    "list the pinned messages": lambda one: ("GET", f"rooms/{one.room}/pins", None),
    "list the members": lambda one: ("GET", f"rooms/{one.room}/members", None),
    "search in it": lambda one: ("GET", f"search?q=once&room_id={one.room}", None),
    "write": lambda one: ("POST", f"rooms/{one.room}/messages", {"text": "hello", "client_id": one.new_id()}),
    "answer a message": lambda one: (
        "POST",
        f"rooms/{one.room}/messages",
        {"text": "hello", "client_id": one.new_id(), "reply_to": one.peers},
    ),
    "react": lambda one: ("PUT", f"messages/{one.peers}/reactions/👍", None),
    "edit one's own message": lambda one: ("PATCH", f"messages/{one.own}", {"text": f"edited {one.new_id()}"}),
    "edit another's message": lambda one: ("PATCH", f"messages/{one.peers}", {"text": "edited"}),
    "delete one's own message": lambda one: ("DELETE", f"messages/{one.own_to_delete()}", None),
    "delete another's message": lambda one: ("DELETE", f"messages/{one.peers}", None),
    "pin a message": lambda one: ("PUT", f"messages/{one.peers}/pin", None),
    "see what one's own message said before": lambda one: ("GET", f"messages/{one.own}/revisions", None),
    "see what another's message said before": lambda one: ("GET", f"messages/{one.peers}/revisions", None),
    "move one's read pointer": lambda one: ("PUT", f"rooms/{one.room}/read", {"seq": 1}),
    "set how much one wants to hear": lambda one: ("PATCH", f"rooms/{one.room}/membership", {"notify": "all"}),
    "join": lambda one: ("POST", f"rooms/{one.room}/membership", None),
    "leave": lambda one: ("DELETE", f"rooms/{one.room}/membership", None),
    "invite somebody": lambda one: ("POST", f"rooms/{one.room}/members", {"user_id": one.cast.guest.user.id}),
    "remove somebody": lambda one: ("DELETE", f"rooms/{one.room}/members/{removable(one)}", None),
    "appoint a moderator": lambda one: (
        "PATCH",
        f"rooms/{one.room}/members/{one.cast.peer.user.id}",
        {"role": "moderator"},
    ),
    "change the topic": lambda one: ("PATCH", f"rooms/{one.room}", {"topic": one.new_id()}),
    "archive": lambda one: ("DELETE", f"rooms/{one.room}", None),
}
SOCKET: dict[str, Callable[[Attempt], Event]] = {
    "sync": lambda one: ("sync", {"rooms": {one.room: 0}}),
    "write": lambda one: ("message.send", {"room_id": one.room, "text": "hello", "client_id": one.new_id()}),
    "answer a message": lambda one: (
        "message.send",
        {"room_id": one.room, "text": "hello", "client_id": one.new_id(), "reply_to": one.peers},
    ),
    "react": lambda one: ("message.react", {"message_id": one.peers, "emoji": "👍", "on": True}),
    "edit one's own message": lambda one: ("message.edit", {"message_id": one.own, "text": one.new_id()}),
    "edit another's message": lambda one: ("message.edit", {"message_id": one.peers, "text": "edited"}),
    "delete one's own message": lambda one: ("message.delete", {"message_id": one.own_to_delete()}),
    "delete another's message": lambda one: ("message.delete", {"message_id": one.peers}),
    "type": lambda one: ("room.typing", {"room_id": one.room}),
    "move one's read pointer": lambda one: ("room.read", {"room_id": one.room, "seq": 1}),
    "join": lambda one: ("room.join", {"room_id": one.room}),
    "leave": lambda one: ("room.leave", {"room_id": one.room}),
}


def removable(one: Attempt) -> str:
    """In a conversation there is only the other one."""
    is_direct = one.room in (one.cast.room("member", "direct"), one.cast.room("silenced", "direct"))
    return (one.cast.peer if is_direct else one.cast.victim).user.id


def by_rest(actor: Actor, one: Attempt, operation: str) -> str:
    response = actor.api(*REST[operation](one))
    return "ok" if response.status_code in (200, 204) else str(response.json()["error"]["code"])


def by_socket(actor: Actor, one: Attempt, operation: str) -> str:
    answer = actor.person.call(*SOCKET[operation](one))
    if operation == "sync":  # what one may not know of is left out
        return "ok" if one.room in answer["rooms"] else "not_found"
    return "ok" if answer["ok"] else str(answer["error"]["code"])


Way = tuple[dict[str, Callable[[Attempt], Any]], Callable[[Actor, Attempt, str], str]]
WAYS: dict[str, Way] = {"REST": (REST, by_rest), "socket": (SOCKET, by_socket)}


@pytest.mark.parametrize("operation", rights.TABLE)
def test_the_table_is_true(cast: Cast, operation: str) -> None:
    wrong = []
    for role, kind in itertools.product(rights.TABLE[operation], rights.KINDS):
        expected = rights.expected(operation, role, kind)
        for way, (attempts, ask) in WAYS.items():
            if not expected or operation not in attempts:
                continue
            got = ask(cast.actors[role], Attempt(cast, role, kind), operation)
            if got != expected:
                wrong.append(f"{role} in {kind} by {way}: {got} instead of {expected}")
            if got == "ok":
                cast.restore(operation, role, kind)
    assert wrong == []


def test_whoever_is_not_let_in_can_do_nothing(cast: Cast) -> None:
    meet = cast.meet
    outsider, banned, deleted = meet.user("outsider", chat=False), meet.user("banned"), meet.user("deleted")
    cast.boss("PUT", f"admin/bans/{banned.id}", {})
    cast.admin("DELETE", f"users/{deleted.id}")
    keys = {"not opted in": outsider.api_key, "banned": banned.api_key, "deleted": deleted.api_key, "stranger": None}
    for role, key in keys.items():
        expected, _ = rights.DOOR[role]
        api = Api(meet.galaxy.url, key=key)
        for operation, attempt in REST.items():
            if "own message" in operation:
                continue
            response = api(*attempt(Attempt(cast, "outsider", "public")))
            assert response.json()["error"]["code"] == expected, (role, operation, response.text)
        with pytest.raises(Refused) as refusal:
            meet.connect(api_key=key)
        assert refusal.value.args[0]["data"]["error"]["code"] == expected, role


def test_a_session_and_a_key_are_worth_the_same(cast: Cast) -> None:
    user = cast.actors["member"].user
    session, cookie = cast.meet.browser_session(user)
    actor = Actor(user, Api(cast.meet.galaxy.url, session=session), cast.meet.connect(cookie=cookie))
    for operation in ("see the room", "write", "react", "edit another's message", "delete another's message", "join"):
        for kind in rights.KINDS:
            expected = rights.expected(operation, "member", kind)
            for way, (attempts, ask) in WAYS.items():
                if operation in attempts:
                    got = ask(actor, Attempt(cast, "member", kind), operation)
                    assert got == expected, (operation, kind, way)


def test_the_page_is_the_table() -> None:
    assert rights.PAGE.read_text() == rights.page(), "write it anew: python -m tests.rights"


def test_nothing_is_left_out() -> None:
    assert rights.TABLE.keys() == REST.keys() | SOCKET.keys()
