"""How often one may do something: at a real Galaxy with limits that are met soon, and the limiter by itself."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, cast

import pytest
from limits import parse_many
from limits.aio.storage import MemoryStorage

from galaxy_communication.errors import RateLimited
from galaxy_communication.models import PREFIX, THE_CHAT
from galaxy_communication.moderation import FLOODED
from galaxy_communication.ratelimit import NOUNS, Counted, RateLimits
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser
from tests.people import Meet, Person, Refused, client_ids

RARELY = "2 per hour"
CONFIG = {
    "communication_rate_limit_messages": "5 per 3 seconds; 1000 per hour",
    "communication_rate_limit_edits": RARELY,
    "communication_rate_limit_reactions": RARELY,
    "communication_rate_limit_rooms": RARELY,
    "communication_rate_limit_searches": RARELY,
    "communication_rate_limit_connections": RARELY,
    "communication_flood_limit": "20 per hour",
    "communication_flood_silence_minutes": 0.1,
}


@pytest.fixture(scope="module")
def strict(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config=CONFIG)


@pytest.fixture
def meet(strict: GalaxyServer) -> Iterator[Meet]:
    meeting = Meet(strict)
    yield meeting
    meeting.part()


def send_at_once(person: Person, count: int) -> list[dict[str, Any]]:
    """What became of so many messages, none of which waits for another."""
    room_id = person.room()["id"]
    messages = [{"room_id": room_id, "text": "again", "client_id": next(client_ids)} for _ in range(count)]
    answers = [person.later("message.send", message) for message in messages]
    return [answer() for answer in answers]


def test_a_person_has_one_budget_whatever_the_way(meet: Meet) -> None:
    user, other = meet.user(), meet.user()
    first, second, api = meet.person(user), meet.person(user), meet.api(user)
    message = first.send(first.room()["id"], "hello")
    edit = {"message_id": message["id"], "text": "hallo"}
    assert first.call("message.edit", edit)["ok"]
    assert api("PATCH", f"messages/{message['id']}", {"text": "salut"}).status_code == 200

    for person in (first, second):
        refusal = person.call("message.edit", edit)
        assert (refusal["ok"], refusal["error"]["code"]) == (False, "rate_limited")
        assert 3500 < refusal["error"]["retry_after"] <= 3600
    refused = api("DELETE", f"messages/{message['id']}")
    assert refused.status_code == 429
    error, seconds = refused.json()["error"], refused.headers["Retry-After"]
    assert (error["code"], error["retry_after"]) == ("rate_limited", int(seconds))
    assert error["message"] == f"Too many changes of messages in a short time. Try again in {seconds} seconds."

    someone = meet.person(other)
    theirs = someone.send(someone.room()["id"], "hello")
    assert someone.call("message.edit", {**edit, "message_id": theirs["id"]})["ok"]


def test_messages_go_when_the_time_has_come_and_keep_their_order(meet: Meet) -> None:
    person = meet.person()
    answers = send_at_once(person, 8)
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False] * 3
    stored = [answer["message"] for answer in answers[:5]]
    assert [message["seq"] for message in stored] == sorted(message["seq"] for message in stored)
    seconds = answers[5]["error"]["retry_after"]
    assert 0 < seconds <= 4

    time.sleep(seconds)
    again = person.send(person.room()["id"], "again", stored[0]["client_id"])
    assert again["id"] == stored[0]["id"], "what is stored already is found, not stored twice"


def in_lobby(meet: Meet, user: TestUser) -> str:
    """A message of this user's."""
    api = meet.api(user)
    lobby = next(room for room in api.get("rooms") if room["kind"] == "lobby")
    sent = api("POST", f"rooms/{lobby['id']}/messages", {"text": "hello", "client_id": next(client_ids)})
    return cast(str, sent.json()["id"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "messages/{message}/reactions/👍", None),
        ("DELETE", "messages/{message}", None),
        ("PUT", "messages/{message}/pin", None),
        ("POST", "rooms", {"kind": "private", "name": "two of us"}),
        ("GET", "search?q=hello", None),
    ],
)
def test_each_kind_is_limited(meet: Meet, method: str, path: str, body: object) -> None:
    user = meet.user()
    api, message = meet.api(user), in_lobby(meet, user)
    statuses = [api(method, path.format(message=message), body).status_code for _ in range(3)]
    assert (429 in statuses[:2], statuses[2]) == (False, 429)


def test_a_connection_too_many_is_refused_with_the_time_to_wait(meet: Meet) -> None:
    user = meet.user()
    meet.person(user)
    limits = meet.person(user).ready["limits"]["rates"]
    assert limits["connections"] == [{"amount": 2, "seconds": 3600}]
    assert set(limits) == set(NOUNS)
    with pytest.raises(Refused) as refused:
        meet.person(user)
    answer = refused.value.args[0]["data"]
    assert (answer["ok"], answer["error"]["code"]) == (False, "rate_limited")
    assert 3500 < answer["error"]["retry_after"] <= 3600


def test_who_does_not_wait_is_silenced_for_a_time(meet: Meet, strict: GalaxyServer) -> None:
    user = meet.user()
    person, other, admin = meet.person(user), meet.person(), meet.person(strict.admin(chat=True))
    refused = send_at_once(person, 40)[5:]
    assert {answer["error"]["code"] for answer in refused} <= {"rate_limited", "silenced"}
    told = person.wait_for("silence")["silence"]
    assert (told["automatic"], told["reason"]) == (True, FLOODED)
    answer = person.call("room.create", {"kind": "private", "name": "elsewhere"})
    assert (answer["error"]["code"], answer["error"]["reason"]) == ("silenced", "flooded")
    other.send(other.room()["id"], "one may speak")
    with closing(sqlite3.connect(strict.directory / "data" / "universe.sqlite", timeout=30)) as database:
        rows = database.execute(f"SELECT kind, reason, actor_id FROM {PREFIX}sanction").fetchall()
    assert rows == [("silence", FLOODED, THE_CHAT)]

    notice = admin.wait_for("notice")
    assert (notice["level"], notice["reason"], notice["values"]["name"]) == (
        "warning",
        "flooder_silenced",
        user.username,
    )
    assert "notice" not in {name for one in (person, other) for name, _ in one.events}

    person.wait_for("silence", lambda payload: payload["silence"] is None)
    person.send(person.room()["id"], "sorry")


# The limiter by itself


def limiter(storage: str = "memory://", taken: Callable[[Counted, int], None] | None = None) -> RateLimits:
    rates = dict.fromkeys(NOUNS, parse_many("1 per second; 3 per 3 seconds"))
    return RateLimits(storage, rates, parse_many("2 per minute"), taken)


async def refused(limits: RateLimits) -> float | None:
    """For how long, where it is."""
    try:
        await limits.take("messages", 1)
    except RateLimited as error:
        return error.retry_after
    return None


def test_who_waits_never_floods() -> None:
    async def send() -> None:
        limits = limiter()
        for _ in range(5):
            assert await refused(limits) is None, "after the time that was named it goes, in all windows"
            seconds = await refused(limits)
            assert seconds
            assert not await limits.is_flood(1, seconds)
            await asyncio.sleep(seconds)

    asyncio.run(send())


def test_who_does_not_wait_floods_and_is_counted_anew() -> None:
    async def send() -> list[bool]:
        limits = limiter()
        return [await limits.is_flood(1, 60) for _ in range(7)]

    assert asyncio.run(send()) == [False, False, False, True, False, False, True]


def test_offences_count_wherever_they_are_made() -> None:
    """Two processes, each with a storage of its own."""

    async def send() -> list[bool]:
        one = limiter(taken=lambda kind, user_id: other.note(kind, user_id))
        other = limiter(taken=lambda kind, user_id: one.note(kind, user_id))
        floods = []
        for limits in (one, other, one, other, one):
            floods.append(await limits.is_flood(1, 60))
            await asyncio.gather(*one._noting, *other._noting)
        return floods

    assert asyncio.run(send()) == [False, False, False, False, True], "the first one in each is none"


class Unreachable(MemoryStorage):
    """Like one on another machine."""

    STORAGE_SCHEME = ["async+unreachable"]  # noqa: RUF012  # as in the base class
    fails = True

    async def get_moving_window(self, *arguments: Any) -> tuple[float, int]:
        if self.fails:
            raise ConnectionError("no route to host")
        return await super().get_moving_window(*arguments)


def test_a_storage_that_fails_stops_nobody_and_is_told_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send() -> list[float | None]:
        limits = limiter("unreachable://")
        found = [await refused(limits) for _ in range(5)]
        monkeypatch.setattr(Unreachable, "fails", False)
        return [*found, await refused(limits), await refused(limits)]

    with caplog.at_level(logging.INFO):
        assert asyncio.run(send()) == [None] * 6 + [1]
    assert caplog.messages == [
        "communication: nobody's rate is limited until the storage of the limits answers: no route to host",
        "communication: rates are limited again",
    ]


def test_one_persons_calls_keep_their_order_also_with_a_slow_storage() -> None:
    class Slow(MemoryStorage):
        STORAGE_SCHEME = ["async+slow"]  # noqa: RUF012  # as in the base class

        async def get_moving_window(self, *arguments: Any) -> tuple[float, int]:
            for _ in range(next(delays)):
                await asyncio.sleep(0)
            return await super().get_moving_window(*arguments)

    delays = iter(range(100, 0, -1))

    async def send() -> list[int]:
        rates = dict.fromkeys(NOUNS, parse_many("100 per hour"))
        limits = RateLimits("slow://", rates, ())
        order: list[int] = []

        async def one(number: int) -> None:
            await limits.take("messages", 1)
            order.append(number)

        await asyncio.gather(*(one(number) for number in range(10)))
        return order

    assert asyncio.run(send()) == list(range(10))
