"""Rooms that people make: public and private ones, conversations of two; what becomes of them, and who hears of it."""

from __future__ import annotations

import itertools
from typing import Any, cast

from tests.people import Meet, Person

numbers = itertools.count(1)

Json = dict[str, Any]


def unique(name: str) -> str:
    return f"{name} {next(numbers)} of room kinds"


def make(person: Person, kind: str, *members: str, **more: object) -> Json:
    answer = person.call("room.create", {"kind": kind, "members": list(members), **more})
    assert answer["ok"], answer
    return cast(Json, answer["room"])


def error(answer: Json) -> str:
    assert not answer["ok"], answer
    return str(answer["error"]["code"])


def heard_of(person: Person, room_id: str) -> bool:
    """Whether anything that the person was ever sent names the room."""
    return room_id in str(person.events)


def test_a_public_room_is_there_for_everybody(meet: Meet) -> None:
    ada, ben = meet.person(), meet.person()
    name = unique("Proteomics")
    room = make(ada, "public", name=f"  {name} ", topic="mass and charge")
    assert (room["name"], room["topic"], room["role"], room["can_manage"]) == (name, "mass and charge", "owner", True)
    joined = ben.call("room.join", {"name": name.upper()})["room"]
    assert (joined["id"], joined["member_count"], joined["role"], joined["can_manage"]) == (
        room["id"],
        2,
        "member",
        False,
    )
    assert error(ben.call("room.create", {"kind": "public", "name": name})) == "conflict"
    assert error(ben.call("room.create", {"kind": "public", "name": " "})) == "invalid"
    assert error(ben.call("room.create", {"kind": "public"})) == "invalid"
    assert error(ben.call("room.create", {"kind": "lobby", "name": "mine"})) == "invalid"


def test_a_private_room_is_known_to_its_members_alone(meet: Meet) -> None:
    ben_user, eve_user = meet.user("ben"), meet.user("eve")
    ada, ben, eve = meet.person(), meet.person(ben_user), meet.person(eve_user)
    name = unique("Secret")
    room = make(ada, "private", ben_user.id, name=name)
    assert (room["listed"], room["member_count"]) == (False, 2)
    invited = ben.wait_for("room.updated", lambda payload: payload["room"]["id"] == room["id"])["room"]
    assert (invited["joined"], invited["role"], invited["can_invite"]) == (True, "member", False)
    sent = ada.send(room["id"], "between us")
    ben.wait_for_message(sent["id"])

    api = meet.api(eve_user)
    assert error(eve.call("room.join", {"room_id": room["id"]})) == "not_found"
    assert error(eve.call("room.join", {"name": name})) == "not_found"
    assert error(eve.call("message.send", {"room_id": room["id"], "text": "x", "client_id": "x"})) == "not_found"
    assert eve.call("sync", {"rooms": {room["id"]: 0}})["rooms"] == {}
    for path in ("", "/messages", "/members", "/pins"):
        assert api("GET", f"rooms/{room['id']}{path}").status_code == 404
    assert room["id"] not in {other["id"] for other in api.get("rooms", query=name)}
    make(eve, "private", name=name)  # the name is no secret's, and takes none away
    eve.send(eve.room()["id"], "a later frame")
    assert not heard_of(eve, room["id"])


def test_a_conversation_is_one_whoever_begins_it(meet: Meet) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada, ben = meet.person(ada_user), meet.person(ben_user)
    room = make(ada, "direct", ben_user.id)
    assert (room["name"], room["other"]["id"], room["notify"]) == (ben_user.username, ben_user.id, "all")
    theirs = ben.wait_for("room.updated", lambda payload: payload["room"]["id"] == room["id"])["room"]
    assert (theirs["name"], theirs["other"]["id"]) == (ada_user.username, ada_user.id)
    assert make(ben, "direct", ada_user.id)["id"] == make(ada, "direct", ben_user.id)["id"] == room["id"]
    assert ben.send(room["id"], "hello")["room_id"] == room["id"]
    assert error(ada.call("room.leave", {"room_id": room["id"]})) == "forbidden"
    assert error(ada.call("room.create", {"kind": "direct", "members": [ada_user.id]})) == "invalid"
    assert error(ada.call("room.create", {"kind": "direct", "members": []})) == "invalid"


def test_only_who_uses_the_chat_is_brought_into_a_room(meet: Meet) -> None:
    ada, outsider = meet.person(), meet.user(chat=False)
    for kind in ("direct", "private"):
        answer = ada.call("room.create", {"kind": kind, "name": unique("x"), "members": [outsider.id]})
        assert error(answer) == "not_found"


def test_somebody_who_has_never_come_finds_what_waits_for_them(meet: Meet) -> None:
    ada, later_user = meet.person(), meet.user("later")
    room = make(ada, "direct", later_user.id)
    ada.send(room["id"], "for when you come")
    assert meet.api(later_user).get("status")["unread"] == 1
    later = meet.person(later_user)
    assert later.room(ada.ready["user"]["username"])["unread"] == 1


def test_invitations_roles_and_handing_over(meet: Meet) -> None:
    users = [meet.user(name) for name in ("ada", "ben", "cleo")]
    ada, ben, cleo = (meet.person(user) for user in users)
    ada_user, ben_user, cleo_user = users
    room_id = make(ada, "private", ben_user.id, name=unique("Team"))["id"]
    api = meet.api(ada_user)
    assert meet.api(ben_user)("POST", f"rooms/{room_id}/members", {"user_id": cleo_user.id}).status_code == 403

    role = api("PATCH", f"rooms/{room_id}/members/{ben_user.id}", {"role": "moderator"})
    assert (role.status_code, role.json()["role"]) == (200, "moderator")
    ben.wait_for("room.updated", lambda payload: payload["room"]["can_moderate"])
    invited = meet.api(ben_user)("POST", f"rooms/{room_id}/members", {"members": [cleo_user.id]})
    assert [member["id"] for member in invited.json()] == [cleo_user.id]
    cleo.wait_for("room.updated", lambda payload: payload["room"]["id"] == room_id)
    notice = ada.wait_for("room.member", lambda payload: payload["user"]["id"] == cleo_user.id)
    assert notice["joined"]
    assert [member["role"] for member in api.get(f"rooms/{room_id}/members")] == ["member", "moderator", "owner"]

    assert api("PATCH", f"rooms/{room_id}/members/{ada_user.id}", {"role": "member"}).status_code == 409
    assert api("PATCH", f"rooms/{room_id}/members/{cleo_user.id}", {"role": "owner"}).status_code == 200
    assert cleo.wait_for("room.updated", lambda payload: payload["room"]["role"] == "owner")["room"]["can_manage"]
    assert api.get(f"rooms/{room_id}")["role"] == "moderator"
    assert cleo.call("room.leave", {"room_id": room_id}) == {"ok": True}
    heirs = {member["username"]: member["role"] for member in api.get(f"rooms/{room_id}/members")}
    assert heirs == {ada_user.username: "owner", ben_user.username: "moderator"}


def test_who_is_removed_hears_no_more(meet: Meet) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada, ben = meet.person(ada_user), meet.person(ben_user)
    room_id = make(ada, "private", ben_user.id, name=unique("Team"))["id"]
    ben.wait_for("room.updated", lambda payload: payload["room"]["id"] == room_id)
    assert meet.api(ada_user)("DELETE", f"rooms/{room_id}/members/{ben_user.id}").status_code == 204
    assert ben.wait_for("room.removed") == {"room_id": room_id, "reason": "removed"}
    sent = ada.send(room_id, "now that we are alone")
    ada.wait_for_message(sent["id"])
    ben.send(ben.room()["id"], "a later frame")
    assert ben.changes(room_id) == []
    assert meet.api(ben_user)("GET", f"rooms/{room_id}").status_code == 404
    assert meet.api(ben_user)("GET", f"messages/{sent['id']}").status_code == 404


def test_changes_of_a_room_reach_its_members_as_each_sees_it(meet: Meet) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada, ben = meet.person(ada_user), meet.person(ben_user)
    room_id = make(ada, "private", ben_user.id, name=unique("Old"))["id"]
    ada.send(room_id, "unread to one of them")
    wanted = {"name": unique("New"), "topic": "changed"}
    changed = meet.api(ada_user)("PATCH", f"rooms/{room_id}", wanted).json()
    assert (changed["name"], changed["topic"]) == (wanted["name"], "changed")
    theirs = ben.wait_for("room.updated", lambda payload: payload["room"]["topic"] == "changed")["room"]
    assert (theirs["name"], theirs["unread"], theirs["can_manage"]) == (wanted["name"], 1, False)
    assert theirs == meet.api(ben_user).get(f"rooms/{room_id}")

    assert meet.api(ben_user)("PATCH", f"rooms/{room_id}", {"topic": "mine"}).status_code == 403
    assert meet.api(ada_user)("DELETE", f"rooms/{room_id}").status_code == 204
    archived = ben.wait_for("room.updated", lambda payload: payload["room"]["archived"])["room"]
    assert not archived["can_post"]
    assert error(ben.call("message.send", {"room_id": room_id, "text": "x", "client_id": "x"})) == "archived"
    assert meet.api(ada_user)("PATCH", f"rooms/{room_id}", {"archived": False}).json()["can_post"]


def test_how_much_one_wants_to_hear(meet: Meet) -> None:
    ada_user = meet.user("ada")
    ada, tab, ben = meet.person(ada_user), meet.person(ada_user), meet.person()
    api = meet.api(ada_user)
    lobby = ada.room()["id"]
    ben.send(lobby, "noise")
    assert api.get("status")["unread"] == 1
    assert api("PATCH", f"rooms/{lobby}/membership", {"notify": "nothing"}).json()["notify"] == "nothing"
    tab.wait_for("room.updated", lambda payload: payload["room"]["notify"] == "nothing")
    assert api.get("status")["unread"] == 0
    assert api.get(f"rooms/{lobby}")["unread"] == 1
    api("PATCH", f"rooms/{lobby}/membership", {"notify": "all", "muted_until": "2100-01-01T00:00:00Z"})
    assert api.get(f"rooms/{lobby}")["muted_until"] == "2100-01-01T00:00:00.000Z"
    assert api.get("status")["unread"] == 0
    api("PATCH", f"rooms/{lobby}/membership", {"muted_until": None})
    assert api.get("status")["unread"] == 1
    assert api("PATCH", f"rooms/{lobby}/membership", {"muted_until": "tomorrow"}).status_code == 400


def test_unread_again_from_a_message_on(meet: Meet) -> None:
    ada_user = meet.user("ada")
    ada, tab, ben = meet.person(ada_user), meet.person(ada_user), meet.person()
    lobby = ada.room()["id"]
    first, second = ben.send(lobby, "one"), ben.send(lobby, "two")
    ada.call("room.read", {"room_id": lobby, "seq": second["seq"]})
    back = ada.call("room.read", {"room_id": lobby, "seq": first["seq"] - 1, "backward": True})["room"]
    assert (back["read_seq"], back["unread"]) == (first["seq"] - 1, 2)
    tab.wait_for("room.updated", lambda payload: payload["room"]["unread"] == 2)
    again = meet.api(ada_user)("PUT", f"rooms/{lobby}/read", {"seq": first["seq"]})
    assert again.json()["unread"] == 1
