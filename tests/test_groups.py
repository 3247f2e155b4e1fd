"""Rooms of Galaxy's groups and roles, whose members Galaxy decides about."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import pytest
import requests

from tests.galaxy_server import TestUser
from tests.people import Meet, Person


class GalaxyAdmin:
    """Galaxy's own admin API."""

    def __init__(self, meet: Meet) -> None:
        self._url = meet.galaxy.url
        self._headers = {"x-api-key": meet.galaxy.admin(chat=True).api_key}

    def __call__(self, method: str, path: str, json: object = None) -> Any:
        response = requests.request(method, f"{self._url}/api/{path}", json=json, headers=self._headers, timeout=60)
        assert response.ok, response.text
        return response.json()

    def group(self, users: Sequence[TestUser]) -> str:
        name = f"lab-{secrets.token_hex(3)}"
        (made,) = self("POST", "groups", {"name": name, "user_ids": [user.id for user in users], "role_ids": []})
        return str(made["id"])

    def role(self, users: Sequence[TestUser]) -> str:
        wanted = {"name": f"role-{secrets.token_hex(3)}", "description": "x", "user_ids": [user.id for user in users]}
        return str(self("POST", "roles", wanted)["id"])


@pytest.fixture
def galaxy_admin(meet: Meet) -> GalaxyAdmin:
    return GalaxyAdmin(meet)


def make(meet: Meet, **bound_to: str) -> dict[str, Any]:
    admin = meet.person(meet.galaxy.admin(chat=True))
    answer = admin.call("room.create", {"kind": "group", **bound_to})
    assert answer["ok"], answer
    room: dict[str, Any] = answer["room"]
    return room


def has_room(person: Person, room_id: str) -> dict[str, Any]:
    return person.wait_for("room.updated", lambda payload: payload["room"]["id"] == room_id)


def test_a_groups_room_follows_the_group(meet: Meet, galaxy_admin: GalaxyAdmin) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada, ben = meet.person(ada_user), meet.person(ben_user)
    group = galaxy_admin.group([ada_user])
    room = make(meet, group_id=group)
    assert room["name"].startswith("lab-")
    has_room(ada, room["id"])
    assert make(meet, group_id=group)["id"] == room["id"], "there is one"

    galaxy_admin("PUT", f"groups/{group}/users/{ben_user.id}")
    has_room(ben, room["id"])
    assert ada.wait_for("room.member", lambda payload: payload["user"]["id"] == ben_user.id)["joined"]
    ben.wait_for_message(ada.send(room["id"], "welcome")["id"])

    galaxy_admin("DELETE", f"groups/{group}/users/{ben_user.id}")
    assert ben.wait_for("room.removed") == {"room_id": room["id"], "reason": "removed"}
    ada.wait_for_message(ada.send(room["id"], "without them")["id"])
    ben.send(ben.room()["id"], "a later frame")
    assert "without them" not in str(ben.events)
    assert meet.api(ben_user)("GET", f"rooms/{room['id']}").status_code == 404


def test_who_is_not_connected_is_compared_at_the_door(meet: Meet, galaxy_admin: GalaxyAdmin) -> None:
    ada_user = meet.user("ada")
    group = galaxy_admin.group([ada_user])
    room = make(meet, group_id=group)
    api = meet.api(ada_user)
    assert api.get(f"rooms/{room['id']}")["joined"]
    galaxy_admin("DELETE", f"groups/{group}/users/{ada_user.id}")
    assert api("GET", f"rooms/{room['id']}").status_code == 404
    galaxy_admin("PUT", f"groups/{group}/users/{ada_user.id}")
    assert meet.person(ada_user).room(room["name"])["joined"]


def test_who_is_banned_from_it_does_not_come_back_by_the_group(meet: Meet, galaxy_admin: GalaxyAdmin) -> None:
    ada_user = meet.user("ada")
    ada, admin = meet.person(ada_user), meet.api(meet.galaxy.admin(chat=True))
    group = galaxy_admin.group([ada_user, meet.galaxy.admin()])
    room = make(meet, group_id=group)
    has_room(ada, room["id"])
    assert admin("PUT", f"rooms/{room['id']}/bans/{ada_user.id}", {}).ok
    assert ada.wait_for("room.removed")["room_id"] == room["id"]
    assert meet.api(ada_user)("GET", f"rooms/{room['id']}").status_code == 404
    assert room["id"] not in {one["id"] for one in meet.person(ada_user).ready["rooms"]}
    assert admin("DELETE", f"rooms/{room['id']}/bans/{ada_user.id}").ok
    back = meet.person(ada_user)
    assert back.room(room["name"])["joined"]


def test_a_roles_room_follows_the_role(meet: Meet, galaxy_admin: GalaxyAdmin) -> None:
    ada_user = meet.user("ada")
    room = make(meet, role_id=galaxy_admin.role([ada_user]))
    assert meet.person(ada_user).room(room["name"])["kind"] == "group"


def test_only_administrators_make_them(meet: Meet, galaxy_admin: GalaxyAdmin) -> None:
    ada_user = meet.user("ada")
    ada = meet.person(ada_user)
    group = galaxy_admin.group([ada_user])
    assert ada.call("room.create", {"kind": "group", "group_id": group})["error"]["code"] == "forbidden"
    admin = meet.person(meet.galaxy.admin(chat=True))
    assert admin.call("room.create", {"kind": "group"})["error"]["code"] == "invalid"
    missing = admin.call("room.create", {"kind": "group", "role_id": "f2db41e1fa331b3e"})
    assert missing["error"]["code"] == "not_found"
