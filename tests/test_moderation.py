"""What moderators do: the audit log of it, and what it does to others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.galaxy_server import TestUser
from tests.people import Api, Meet, client_ids


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
