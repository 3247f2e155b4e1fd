"""What moderators do: the audit log of it, and what it does to others."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.galaxy_server import TestUser
from tests.people import Api, Meet, Person, client_ids, eventually


class Room:
    """A public room with its owner, a moderator, a member, and an administrator of Galaxy who is not in it."""

    def __init__(self, meet: Meet) -> None:
        self.meet = meet
        self.owner, self.moderator, self.member = (meet.user(name) for name in ("owner", "moderator", "member"))
        self.admin = meet.galaxy.admin(chat=True)
        people = (self.owner, self.moderator, self.member, self.admin)
        self.apis: dict[str, Api] = {user.id: meet.api(user) for user in people}
        self.name = f"Room of {self.owner.username}"
        body = {"kind": "public", "name": self.name, "members": [self.moderator.id, self.member.id]}
        self.id: str = self.done(self.owner, "POST", "rooms", body)["id"]
        self.done(self.owner, "PATCH", f"rooms/{self.id}/members/{self.moderator.id}", {"role": "moderator"})

    def done(self, user: TestUser, method: str, path: str, body: object = None) -> Any:
        response = self.apis[user.id](method, path, body)
        assert response.ok, (response.status_code, response.text)
        return response.json() if response.content else None

    def said(self, user: TestUser, text: str) -> str:
        body = {"text": text, "client_id": next(client_ids)}
        return str(self.done(user, "POST", f"rooms/{self.id}/messages", body)["id"])

    def audit(self, **wanted: object) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.apis[self.admin.id].get("admin/audit", **wanted)
        return entries


@pytest.fixture
def room(meet: Meet) -> Room:
    return Room(meet)


def summary(entry: dict[str, Any]) -> tuple[object, ...]:
    """Act, who, to whom, and why."""
    actor, target = ((entry[one] or {}).get("id") for one in ("actor", "target"))
    return entry["act"], actor, target, entry["reason"], entry["detail"]


def test_what_is_done_in_a_room_is_in_the_audit_log(room: Room) -> None:
    owner, moderator, member = room.owner.id, room.moderator.id, room.member.id
    message, own = room.said(room.member, "buy this"), room.said(room.member, "and this")
    room.done(room.moderator, "DELETE", f"messages/{message}?reason=Spam")
    room.done(room.moderator, "DELETE", f"messages/{message}?reason=Again")
    room.done(room.member, "DELETE", f"messages/{own}")
    room.done(room.owner, "PATCH", f"rooms/{room.id}", {"name": f"{room.name}!", "topic": "Reads"})
    room.done(room.owner, "PATCH", f"rooms/{room.id}", {"name": f"{room.name}!", "topic": "Reads", "archived": True})
    room.done(room.owner, "PATCH", f"rooms/{room.id}", {"archived": False})
    room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"slow_mode_seconds": 10, "read_only": True})
    room.done(room.moderator, "DELETE", f"rooms/{room.id}/members/{member}?reason=More%20spam")
    room.done(room.owner, "PATCH", f"rooms/{room.id}/members/{moderator}", {"role": "owner"})
    room.done(room.moderator, "DELETE", f"rooms/{room.id}/membership")

    entries = room.audit(room_id=room.id)
    assert [summary(entry) for entry in reversed(entries)] == [
        ("set_role", owner, moderator, "", {"before": "member", "after": "moderator"}),
        ("delete_message", moderator, member, "Spam", {}),
        ("rename", owner, None, "", {"before": room.name, "after": f"{room.name}!"}),
        ("set_topic", owner, None, "", {"before": "", "after": "Reads"}),
        ("archive", owner, None, "", {}),
        ("unarchive", owner, None, "", {}),
        ("set_slow_mode", moderator, None, "", {"before": 0, "after": 10}),
        ("set_read_only", moderator, None, "", {"before": False, "after": True}),
        ("remove_member", moderator, member, "More spam", {}),
        ("set_role", owner, owner, "", {"before": "owner", "after": "moderator"}),
        ("set_role", owner, moderator, "", {"before": "moderator", "after": "owner"}),
        ("set_role", None, owner, "", {"before": "moderator", "after": "owner"}),
    ]
    assert {(entry["room_id"], entry["room_name"]) for entry in entries} == {(room.id, f"{room.name}!")}
    assert [entry["message_id"] for entry in entries if entry["message_id"]] == [message]


def test_what_is_refused_is_not_in_the_audit_log(room: Room) -> None:
    before = room.audit(room_id=room.id)
    api, message = room.apis[room.member.id], room.said(room.owner, "hello")
    for method, path, body in (
        ("DELETE", f"messages/{message}", None),
        ("PATCH", f"rooms/{room.id}", {"topic": "mine"}),
        ("DELETE", f"rooms/{room.id}/members/{room.moderator.id}", None),
    ):
        assert api(method, path, body).status_code == 403
    assert room.audit(room_id=room.id) == before


def test_silences_and_bans_are_in_the_audit_log(room: Room) -> None:
    until = "2100-01-01T00:00:00+00:00"
    for kind in ("silences", "bans"):
        path = f"admin/{kind}/{room.member.id}"
        room.done(room.admin, "PUT", path, {"reason": "Spam", "until": until})
        room.done(room.admin, "DELETE", f"{path}?reason=Sorry")
        room.done(room.admin, "DELETE", path)
    entries = room.audit(target=room.member.id)
    admin, member = room.admin.id, room.member.id
    assert [summary(entry) for entry in reversed(entries)] == [
        ("silence", admin, member, "Spam", {"until": until}),
        ("lift_silence", admin, member, "Sorry", {}),
        ("ban", admin, member, "Spam", {"until": until}),
        ("lift_ban", admin, member, "Sorry", {}),
    ]


def test_the_audit_log_comes_in_pages(room: Room) -> None:
    for number in range(5):
        room.done(room.owner, "PATCH", f"rooms/{room.id}", {"topic": f"topic {number}"})
    whole = room.audit(actor=room.owner.id)
    assert len(whole) == 6
    first = room.audit(actor=room.owner.id, limit=4)
    assert first + room.audit(actor=room.owner.id, limit=4, before=first[-1]["id"]) == whole


def test_silences_and_bans_are_listed(room: Room) -> None:
    def listed(**wanted: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = room.apis[room.admin.id].get("admin/sanctions", user_id=room.member.id, **wanted)
        return found

    until = "2100-01-01T00:00:00.000Z"
    path = f"admin/silences/{room.member.id}"
    room.done(room.admin, "PUT", path, {"reason": "Noise", "until": until})
    room.done(room.admin, "DELETE", path)
    room.done(room.admin, "PUT", path, {"reason": "More noise"})
    room.done(room.admin, "PUT", f"admin/bans/{room.member.id}", {})
    ban, silence, lifted = listed()
    assert [(one["kind"], one["reason"], one["until"]) for one in (ban, silence, lifted)] == [
        ("ban", "", None),
        ("silence", "More noise", None),
        ("silence", "Noise", until),
    ]
    assert {(one["user"]["id"], one["actor"]["id"]) for one in (ban, silence, lifted)} == {
        (room.member.id, room.admin.id)
    }
    assert [(one["active"], one["lifted_at"] is None) for one in (silence, lifted)] == [(True, True), (False, False)]
    assert (listed(active=True), listed(active=False)) == ([ban, silence], [lifted])
    assert listed(limit=1, before=ban["id"]) == [silence]


# Bans from one room


def test_a_ban_from_a_room_keeps_out_of_that_room_alone(room: Room, meet: Meet) -> None:
    path, member, stranger = f"rooms/{room.id}/bans", room.apis[room.member.id], meet.user("stranger")
    said = room.said(room.member, "unheard-of spam")
    person = meet.person(room.member)
    person.call("room.typing", {"room_id": room.id})
    until = "2100-01-01T00:00:00.000Z"
    room.done(room.moderator, "PUT", f"{path}/{room.member.id}", {"reason": "Spam", "until": until})
    gone = person.wait_for("room.removed")
    assert gone == {"room_id": room.id, "reason": "removed"}
    notice = person.wait_for("notice")
    assert (notice["reason"], notice["values"]) == ("banned_from", {"room": room.name, "why": "Spam"})

    for method, where in (
        ("GET", f"rooms/{room.id}"),
        ("GET", f"rooms/{room.id}/messages"),
        ("GET", f"rooms/{room.id}/members"),
        ("GET", f"rooms/{room.id}/pins"),
        ("GET", f"messages/{said}"),
        ("GET", f"search?q=spam&room_id={room.id}"),
        ("POST", f"rooms/{room.id}/membership"),
    ):
        answer = member(method, where)
        assert answer.status_code == 403, (method, where, answer.text)
        error = answer.json()["error"]
        assert (error["code"], error["reason"], error["values"]) == ("forbidden", "banned_from_room", {"why": "Spam"})
        assert error["retry_after"] > 0
    assert person.call("room.join", {"name": room.name})["error"]["reason"] == "banned_from_room"
    assert person.call("sync", {"rooms": {room.id: 0}})["rooms"] == {}
    assert [hit["id"] for hit in member.get("search", q="unheard-of")] == []
    invited = room.apis[room.owner.id]("POST", f"rooms/{room.id}/members", {"members": [stranger.id, room.member.id]})
    assert invited.json()["error"]["reason"] == "person_banned_from_room"
    assert stranger.id not in {one["id"] for one in room.apis[room.owner.id].get(f"rooms/{room.id}/members")}

    person.send(person.room()["id"], "elsewhere I am let in")
    (entry,) = room.apis[room.moderator.id].get(path)
    assert (entry["kind"], entry["user"]["id"], entry["actor"]["id"]) == ("ban", room.member.id, room.moderator.id)
    assert (entry["reason"], entry["until"], entry["room_id"], entry["room_name"]) == (
        "Spam",
        until,
        room.id,
        room.name,
    )
    assert room.apis[room.admin.id].get("admin/sanctions", user_id=room.member.id, active=True) == [entry]

    room.done(room.admin, "DELETE", f"admin/bans/{room.member.id}")
    assert room.apis[room.moderator.id].get(path) == [entry], "an end of a ban from the chat is none of this one's"
    for _ in range(2):
        room.done(room.owner, "DELETE", f"{path}/{room.member.id}?reason=Sorry")
    assert room.apis[room.moderator.id].get(path) == []
    room.done(room.member, "POST", f"rooms/{room.id}/membership")
    acts = [summary(one) for one in room.audit(room_id=room.id, target=room.member.id)]
    until = "2100-01-01T00:00:00+00:00"
    assert acts == [
        ("lift_room_ban", room.owner.id, room.member.id, "Sorry", {}),
        ("ban_from_room", room.moderator.id, room.member.id, "Spam", {"until": until}),
    ]


def test_a_ban_from_a_room_ends_by_itself(room: Room) -> None:
    until = (datetime.now(timezone.utc) + timedelta(seconds=3)).isoformat()
    room.done(room.owner, "PUT", f"rooms/{room.id}/bans/{room.member.id}", {"until": until})
    member = room.apis[room.member.id]
    assert member("GET", f"rooms/{room.id}").status_code == 403
    eventually(lambda: member("POST", f"rooms/{room.id}/membership").ok)
    assert room.apis[room.owner.id].get(f"rooms/{room.id}/bans") == []


def test_whom_nobody_bans_from_a_room(room: Room) -> None:
    path, owner = f"rooms/{room.id}/bans", room.apis[room.owner.id]
    assert owner("PUT", f"{path}/{room.admin.id}", {}).status_code == 403
    assert room.apis[room.moderator.id]("PUT", f"{path}/{room.moderator.id}", {}).status_code == 400
    past = {"until": "2020-01-01T00:00:00Z"}
    assert owner("PUT", f"{path}/{room.member.id}", past).status_code == 400
    assert owner("PUT", f"{path}/f2db41e1fa331b3e", {}).status_code == 404
    assert owner.get(path) == []


# Slow mode and read-only rooms


def refusal(person: Person, room_id: str) -> tuple[str, str, float | None]:
    """Of a message: code, reason, and when to come again."""
    answer = person.call("message.send", {"room_id": room_id, "text": "hello", "client_id": next(client_ids)})
    assert not answer["ok"], answer
    error = answer["error"]
    return error["code"], error["reason"], error.get("retry_after")


def test_a_read_only_room_says_so_at_once(room: Room, meet: Meet) -> None:
    moderator, member = meet.person(room.moderator), meet.person(room.member)
    assert room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"read_only": True})["can_post"]
    member.wait_for("room.updated", lambda payload: payload["room"]["read_only"] and not payload["room"]["can_post"])
    assert refusal(member, room.id) == ("forbidden", "read_only", None)
    moderator.send(room.id, "An announcement")
    room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"read_only": False})
    member.wait_for("room.updated", lambda payload: not payload["room"]["read_only"] and payload["room"]["can_post"])
    member.send(room.id, "Thank you")


def test_slow_mode_holds_over_all_connections_and_excepts_moderators(room: Room, meet: Meet) -> None:
    one, other, moderator = meet.person(room.member), meet.person(room.member), meet.person(room.moderator)
    first = one.send(room.id, "before", "first")
    room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"slow_mode_seconds": 3600})
    one.wait_for("room.updated", lambda payload: payload["room"]["slow_mode_seconds"] == 3600)
    for person in (one, other):
        code, reason, seconds = refusal(person, room.id)
        assert (code, reason) == ("rate_limited", "slow_mode")
        assert seconds is not None
        assert 3500 < seconds <= 3600
    assert other.send(room.id, "again", "first")["id"] == first["id"]
    for _ in range(2):
        moderator.send(room.id, "one after the other")
    one.send(one.room()["id"], "elsewhere")
    room.done(room.member, "DELETE", f"messages/{first['id']}")
    assert refusal(one, room.id)[1] == "slow_mode", "what is deleted was written"
    room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"slow_mode_seconds": 0})
    one.send(room.id, "freely")


def test_slow_mode_ends_when_it_says(room: Room, meet: Meet) -> None:
    person = meet.person(room.member)
    room.done(room.moderator, "PATCH", f"rooms/{room.id}", {"slow_mode_seconds": 1})
    person.send(room.id, "one")
    seconds = refusal(person, room.id)[2]
    assert seconds == 1
    eventually(lambda: person.call("message.send", {"room_id": room.id, "text": "two", "client_id": "two"})["ok"])


@pytest.mark.parametrize("seconds", [-1, 3601, 1.5, "10"])
def test_what_is_no_pace_is_refused(room: Room, seconds: object) -> None:
    answer = room.apis[room.owner.id]("PATCH", f"rooms/{room.id}", {"slow_mode_seconds": seconds})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
