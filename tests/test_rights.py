"""Every cell of the table in `rights`, on REST and on the socket, by key and by session, against one Galaxy."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import pytest
from fastapi.routing import APIRoute
from galaxy.security.idencoding import IdEncodingHelper

from galaxy_communication import events
from galaxy_communication.router import router
from tests import rights
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api, Meet, Refused
from tests.rights import DOOR, HIDDEN, OUTSIDERS, Row
from tests.rights_calls import IN_ROOMS, ON_SERVER, Call, Values, ask_rest, ask_socket
from tests.rights_cast import Actor, Cast, Place
from tests.rights_page import markdown

#: Asks for an operation: the outcome, and the whole answer.
Ask = Callable[[Call, Values], tuple[str, Any]]
#: What a room says of its viewer's rights, and an operation that it must agree with.
FLAGS = {
    "can_post": "send",
    "can_invite": "invite",
    "can_moderate": "delete another's",
    "can_manage": "change the topic",
}


@dataclass
class Ways:
    """All the ways in which somebody can ask, by name."""

    rest: dict[str, Ask] = field(default_factory=dict)
    socket: dict[str, Ask] = field(default_factory=dict)

    def of(self, call: Call) -> Iterator[tuple[str, Ask]]:
        if call.rest:
            yield from self.rest.items()
        if call.event:
            yield from self.socket.items()


@pytest.fixture(scope="module")
def stage(galaxy: GalaxyServer) -> Iterator[Meet]:
    meeting = Meet(galaxy)
    yield meeting
    meeting.part()


@pytest.fixture(scope="module")
def cast(stage: Meet) -> Iterator[Cast]:
    cast = Cast(stage)
    yield cast
    cast.restore()


@pytest.fixture(scope="module")
def ways(stage: Meet, cast: Cast) -> dict[str, Ways]:
    """By role. Members also come with a browser's session."""
    found = {role: _by_key(actor) for role, actor in cast.actors.items()}
    session, cookie = stage.browser_session(cast.actors["member"].user)
    found["member"].rest["REST, by session"] = partial(ask_rest, Api(stage.galaxy.url, session=session))
    found["member"].socket["socket, by session"] = partial(ask_socket, stage.connect(cookie=cookie))
    return found


def _by_key(actor: Actor) -> Ways:
    return Ways(
        {"REST": partial(ask_rest, actor.api)}, {"socket": partial(ask_socket, actor.person)} if actor.person else {}
    )


def named(row: Row) -> str:
    return row.operation


# In rooms


@pytest.mark.parametrize("row", rights.room_rows(), ids=named)
def test_in_rooms(cast: Cast, ways: Mapping[str, Ways], row: Row) -> None:
    call = IN_ROOMS[row.operation]
    wrong = []
    for kind, role in cast.standing:
        expected = rights.in_room(row, role, kind)
        for interface, ask in ways[role].of(call) if expected else ():
            with cast.place(kind, role, afresh=role in call.spends and expected == "ok") as place:
                got, answer = ask(call, asdict(place))
            if got != expected:
                wrong.append(f"{row.operation}, {role}, {kind}, {interface}: expected {expected}, got {got}: {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", rights.room_rows(), ids=named)
def test_what_is_hidden_is_as_if_it_were_not(
    galaxy: GalaxyServer, cast: Cast, ways: Mapping[str, Ways], row: Row
) -> None:
    """To the word, and whatever else is said about it."""
    call = IN_ROOMS[row.operation]
    encode = IdEncodingHelper(id_secret=(galaxy.directory / "id_secret").read_text()).encode_id
    names = ("room", "own", "another", "another_doomed", "report")
    nothing = {name: encode(10**9 + number) for number, name in enumerate(names)}
    for kind in HIDDEN if rights.in_room(row, "stranger", "private") else ():
        there = asdict(cast.standing[kind, "stranger"])
        for interface, ask in ways["stranger"].of(call):
            assert ask(call, there) == ask(call, {**there, "word": secrets.token_hex(8), **nothing}), (kind, interface)


def test_a_room_says_what_its_viewer_may_do(cast: Cast) -> None:
    rows = {row.operation: row for row in rights.room_rows()}
    for (kind, role), place in cast.standing.items():
        if kind in HIDDEN and role in OUTSIDERS:
            continue
        room = cast.actors[role].api.get(f"rooms/{place.room}")
        for flag, operation in FLAGS.items():
            assert room[flag] == (rights.in_room(rows[operation], role, kind) == "ok"), (flag, role, kind)


# Without a room


@pytest.fixture(scope="module")
def values(cast: Cast) -> dict[str, str]:
    guest, host = cast.newcomer("guest"), cast.host.user
    group = cast.group([host])
    return {"guest": guest.user.id, "host": host.id, "host_name": host.username, "group": group}


@pytest.mark.parametrize("row", rights.SERVER, ids=named)
def test_without_a_room(ways: Mapping[str, Ways], refused: Mapping[str, Refusal], values: Values, row: Row) -> None:
    call = ON_SERVER[row.operation]
    everybody = {"user": ways["member"], "silenced": ways["silenced"], "admin": ways["admin_out"]}
    everybody |= {who: refusal.ways for who, refusal in refused.items()}
    wrong = []
    for who, theirs in everybody.items():
        expected = rights.on_server(row, who)
        for interface, ask in theirs.of(call):
            got, answer = ask(call, values)
            if got != expected:
                wrong.append(f"{row.operation}, {who}, {interface}: expected {expected}, got {got}: {answer}")
    assert not wrong, "\n".join(wrong)


# At the door


@dataclass(frozen=True)
class Refusal:
    """Somebody who once was let in, and was in rooms. On the socket they have no ways."""

    ways: Ways
    credentials: Mapping[str, dict[str, str]]
    """To connect with."""
    places: Mapping[str, Place]


@pytest.fixture(scope="module")
def refused(stage: Meet, cast: Cast) -> dict[str, Refusal]:
    found = {}
    for who in DOOR:
        user = stage.user(who.replace("_", "-"))
        places = {kind: cast.joined(kind, Actor(user, stage.api(user))) for kind in ("public", "private")}
        session, cookie = stage.browser_session(user)
        by_session = Api(stage.galaxy.url, session=session)
        apis = {"REST": stage.api(user), "REST, by session": by_session}
        credentials = {"socket": {"api_key": user.api_key}, "socket, by session": {"cookie": cookie}}
        turn_away(stage, cast, who, user)
        if who == "signed_out":
            stage.galaxy.logout(session)
            apis["REST"] = Api(stage.galaxy.url)
            credentials["socket"] = {}
        found[who] = Refusal(Ways({name: partial(ask_rest, api) for name, api in apis.items()}), credentials, places)
    return found


def turn_away(stage: Meet, cast: Cast, who: str, user: TestUser) -> None:
    if who == "opted_out":
        stage.galaxy.enable_chat(user, on=False)
    elif who == "banned":
        assert cast.admin.api("PUT", f"admin/bans/{user.id}", {}).ok
    elif who == "deleted":
        stage.galaxy.api("DELETE", f"users/{user.id}")


@pytest.mark.parametrize("who", DOOR)
def test_at_the_door(stage: Meet, refused: Mapping[str, Refusal], who: str) -> None:
    refusal = refused[who]
    wrong = []
    for (operation, call), (kind, place) in ((one, at) for one in IN_ROOMS.items() for at in refusal.places.items()):
        for interface, ask in refusal.ways.of(call):
            got, answer = ask(call, asdict(place))
            if got != DOOR[who]:
                wrong.append(f"{operation}, {who}, {kind}, {interface}: expected {DOOR[who]}, got {got}: {answer}")
    for interface, credentials in refusal.credentials.items():
        with pytest.raises(Refused) as refused_connection:
            stage.connect(**credentials)
        code = refused_connection.value.args[0]["data"]["error"]["code"]
        if code != DOOR[who]:
            wrong.append(f"connect, {who}, {interface}: expected {DOOR[who]}, got {code}")
    assert not wrong, "\n".join(wrong)


# The table itself


def test_the_page_is_what_the_table_says() -> None:
    assert rights.PAGE.read_text() == markdown(), "python -m tests.rights writes it"


def test_every_route_and_event_has_its_row() -> None:
    rows = {row.operation for row in rights.room_rows()}, {row.operation for row in rights.SERVER}
    assert (set(IN_ROOMS), set(ON_SERVER)) == rows
    calls = [*IN_ROOMS.values(), *ON_SERVER.values()]
    assert set(events.CLIENT_EVENTS) - {call.event for call in calls} == set()
    tried = {
        _shape(call.rest.partition("?")[0].replace("👍", "{}").replace(" ", " /api/communication/")) for call in calls
    }
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    assert {_shape(f"{method} {route.path}") for route in routes for method in route.methods or ()} - tried == set()


def _shape(path: str) -> str:
    return re.sub(r"\{\w*\}", "{}", path)
