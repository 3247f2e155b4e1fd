"""The administrators' list of rooms: what is in it, how one looks through it, and what can be changed from there."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.people import Api, Meet

Json = dict[str, Any]


@pytest.fixture
def admin(meet: Meet) -> Api:
    return meet.api(meet.galaxy.admin(chat=True))


def room_of(admin: Api, room_id: str, **filters: object) -> Json | None:
    return next((room for room in admin.get("admin/rooms", limit=200, **filters) if room["id"] == room_id), None)


def test_a_persistent_room_is_made_by_administrators_and_kept(meet: Meet, admin: Api) -> None:
    name = f"Imaging {secrets.token_hex(3)}"
    made = admin("POST", "rooms", {"kind": "persistent", "name": name, "topic": "stains"}).json()
    assert (made["kind"], made["topic"], made["listed"]) == ("persistent", "stains", True)
    user = meet.user()
    person = meet.person(user)
    assert person.call("room.join", {"name": name.lower()})["ok"]
    person.send(made["id"], "hello")
    forbidden = person.call("room.create", {"kind": "persistent", "name": f"{name} too"})
    assert forbidden["error"]["code"] == "forbidden"

    room = room_of(admin, made["id"])
    assert room is not None
    assert (room["member_count"], room["message_count"], room["configured"]) == (2, 1, False)
    assert room["owner"]["username"] == "admin"
    assert room["last_message_at"] >= room["created_at"]

    changes = {"name": f"{name}, renamed", "slow_mode_seconds": 5, "read_only": True, "archived": True}
    changed = admin("PATCH", f"admin/rooms/{made['id']}", changes).json()
    assert {key: changed[key] for key in changes} == changes
    told = person.wait_for("room.updated", lambda payload: payload["room"]["archived"])["room"]
    assert (told["name"], told["can_post"]) == (changes["name"], False)
    assert [entry["act"] for entry in admin.get("admin/audit", room_id=made["id"])] == [
        *("archive", "set_read_only", "set_slow_mode", "rename")
    ]


def test_what_galaxy_yml_names_keeps_its_name(meet: Meet, admin: Api) -> None:
    rooms = admin.get("admin/rooms", kind="persistent", query="rna-seq")
    (room,) = [room for room in rooms if room["name"] == "RNA-Seq"]
    assert room["configured"] is True
    for change in ({"name": "Transcripts"}, {"archived": True}):
        assert admin("PATCH", f"admin/rooms/{room['id']}", change).status_code == 409
    topic = secrets.token_hex(3)
    assert admin("PATCH", f"admin/rooms/{room['id']}", {"topic": topic}).json()["topic"] == topic
    assert admin("PATCH", f"admin/rooms/{room['id']}", {"topic": ""}).ok


def test_the_list_is_looked_through_by_name_kind_and_page(meet: Meet, admin: Api) -> None:
    word = secrets.token_hex(4)
    person = meet.person()
    kinds = ("public", "private", "public", "private")
    wanted = [{"kind": kind, "name": f"Öl {word.upper()} {number}"} for number, kind in enumerate(kinds)]
    ids = [person.call("room.create", one)["room"]["id"] for one in wanted][::-1]

    def found(**filters: object) -> list[str]:
        return [room["id"] for room in admin.get("admin/rooms", query=word, **filters)]

    assert found() == ids
    assert found(kind="private") == [ids[0], ids[2]]
    assert found(limit=2) == ids[:2]
    assert found(limit=2, before=ids[1]) == ids[2:]
    assert found(kind="direct") == []
    assert admin("PATCH", f"admin/rooms/{ids[3]}", {"archived": True}).ok
    assert (found(archived=True), found(archived=False)) == (ids[3:], ids[:3])
    assert [room["id"] for room in admin.get("admin/rooms", query=f"öl {word}", kind="public")] == [ids[1], ids[3]]
    assert admin("GET", "admin/rooms", params={"kind": "secret"}).status_code == 400
    assert admin("GET", "admin/rooms", params={"before": "nothing"}).status_code == 404


def test_private_rooms_are_changed_and_not_read(meet: Meet, admin: Api) -> None:
    ada_user, ben = meet.user("ada"), meet.user("ben")
    ada = meet.person(ada_user)
    private = ada.call("room.create", {"kind": "private", "name": "Ours"})["room"]["id"]
    direct = ada.call("room.create", {"kind": "direct", "members": [ben.id]})["room"]["id"]
    assert admin("PATCH", f"admin/rooms/{private}", {"topic": "quiet, please"}).status_code == 200
    ada.wait_for("room.updated", lambda payload: payload["room"]["topic"] == "quiet, please")
    for path in ("", "/messages", "/members"):
        assert admin("GET", f"rooms/{private}{path}").status_code == 404
    assert admin("PATCH", f"admin/rooms/{direct}", {"topic": "read"}).status_code == 404
    assert room_of(admin, direct) is None


def test_galaxys_groups_and_their_rooms(meet: Meet, admin: Api) -> None:
    name = f"Lab {secrets.token_hex(4)}"
    key = meet.galaxy.admin().api_key
    member = meet.user()
    wanted = {"name": name, "user_ids": [member.id], "role_ids": []}
    (group,) = meet.galaxy.api("POST", "groups", wanted, key=key)
    role = meet.galaxy.api("POST", "roles", {"name": f"{name} role", "description": "", "user_ids": []}, key=key)

    def found() -> list[Json]:
        return list(admin.get("admin/groups", query=name.upper()))

    of_group = {"id": group["id"], "name": name, "kind": "group", "room_id": None}
    assert found() == [of_group, {"id": role["id"], "name": f"{name} role", "kind": "role", "room_id": None}]
    made = admin("POST", "rooms", {"kind": "group", "group_id": group["id"], "name": "The lab"}).json()
    assert found()[0] == {**of_group, "room_id": made["id"]}
    room = room_of(admin, made["id"], kind="group")
    assert room is not None
    assert (room["name"], room["group_name"]) == ("The lab", name)
    assert member.email not in str(admin.get("admin/groups", query=member.email)), "everybody has a role of their own"
