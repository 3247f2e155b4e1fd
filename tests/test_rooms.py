"""Rooms: seeing, joining, leaving, reading up to a number."""

from __future__ import annotations

from tests.people import Meet


def test_everybody_sees_the_lobby_and_the_configured_rooms(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    everywhere = person.ready["rooms"]
    rooms = [room for room in everywhere if room["kind"] in ("lobby", "persistent")]
    assert [(room["name"], room["kind"], room["joined"]) for room in rooms] == [
        ("All Chats", "lobby", True),
        ("NGS", "persistent", False),
        ("RNA-Seq", "persistent", False),
        ("Genome Annotation", "persistent", False),
    ]
    assert all(room["listed"] and not room["archived"] for room in rooms)
    assert [room["can_post"] for room in rooms] == [True, False, False, False]
    assert person.ready["limits"]["max_message_length"] == 6000
    assert person.ready["limits"]["max_room_mention_members"] == 50
    assert [room["id"] for room in meet.api(user).get("rooms")] == [room["id"] for room in everywhere]
    assert meet.api(user).get(f"rooms/{rooms[1]['id']}") == rooms[1]


def test_the_first_visit_is_a_joining_of_the_lobby(meet: Meet) -> None:
    ada = meet.person()
    user = meet.user()
    before = ada.room()["member_count"]
    for _ in range(2):
        ben = meet.person(user)
        assert ben.room()["member_count"] == before + 1
        ben.close()
    ada.send(ada.room()["id"], "a later frame")
    notices = [payload for name, payload in ada.events if name == "room.member" and payload["user"]["id"] == user.id]
    assert notices == [{"room_id": ada.room()["id"], "user": ben.ready["user"], "joined": True}]


def test_joining_brings_the_rooms_messages_and_leaving_ends_them(meet: Meet) -> None:
    user = meet.user()
    ada, tab, ben = meet.person(user), meet.person(user), meet.person()
    ngs = ada.room("NGS")["id"]
    ben.call("room.join", {"room_id": ngs})
    before = ben.send(ngs, "before")

    joined = ada.call("room.join", {"name": "  ngs "})["room"]
    assert (joined["id"], joined["joined"], joined["can_post"]) == (ngs, True, True)
    assert (joined["unread"], joined["read_seq"]) == (0, joined["head_seq"]), "a newcomer starts with everything read"
    notice = ben.wait_for("room.member", lambda payload: payload["user"]["id"] == user.id)
    assert (notice["room_id"], notice["joined"]) == (ngs, True)
    assert tab.wait_for("room.updated")["room"]["id"] == ngs
    again = ada.call("room.join", {"room_id": ngs})["room"]
    assert again["member_count"] == joined["member_count"]
    during = ben.send(ngs, "during")
    ada.wait_for_message(during["id"])
    tab.wait_for_message(during["id"])

    assert ada.call("room.leave", {"room_id": ngs}) == {"ok": True}
    assert tab.wait_for("room.removed") == {"room_id": ngs, "reason": "left"}
    gone = ben.wait_for("room.member", lambda payload: not payload["joined"] and payload["user"]["id"] == user.id)
    assert gone["room_id"] == ngs
    after = ben.send(ngs, "after")
    ben.wait_for_message(after["id"])
    ada.send(ada.room()["id"], "a later frame, so that the one before would have come")
    assert {event["message"]["id"] for event in ada.changes(ngs)}.isdisjoint({before["id"], after["id"]})
    assert ada.call("room.leave", {"room_id": ngs}) == {"ok": True}
    assert meet.api(user).get(f"rooms/{ngs}")["member_count"] == joined["member_count"] - 1


def test_the_same_by_rest(meet: Meet) -> None:
    user = meet.user()
    person, api = meet.person(user), meet.api(user)
    ngs = person.room("NGS")["id"]
    response = api("POST", f"rooms/{ngs}/membership")
    assert (response.status_code, response.json()["joined"]) == (200, True)
    assert person.wait_for("room.updated")["room"]["joined"] is True
    sent = api("POST", f"rooms/{ngs}/messages", {"text": "from a script", "client_id": "1"}).json()
    assert person.wait_for_message(sent["id"])["message"] == sent
    assert api("DELETE", f"rooms/{ngs}/membership").status_code == 204
    assert api("GET", f"rooms/{ngs}").json()["joined"] is False


def test_rooms_that_one_cannot_leave_or_find(meet: Meet) -> None:
    person = meet.person()
    assert person.call("room.leave", {"room_id": person.room()["id"]})["error"]["code"] == "forbidden"
    assert person.call("room.leave", {"room_id": "f2db41e1fa331b3e"})["error"]["code"] == "not_found"
    assert person.call("room.join", {"name": "no such room"})["error"]["code"] == "not_found"


def test_the_read_pointer_is_one_for_all_devices(meet: Meet) -> None:
    user = meet.user()
    ada, tab, ben = meet.person(user), meet.person(user), meet.person()
    lobby = ada.room()["id"]
    first, second = ben.send(lobby, "one"), ben.send(lobby, "two")
    ada.send(lobby, "my own are never news to me")
    api = meet.api(user)
    assert api.get(f"rooms/{lobby}")["unread"] == 2
    assert api.get("status")["unread"] == 2

    room = ada.call("room.read", {"room_id": lobby, "seq": first["seq"]})["room"]
    assert (room["read_seq"], room["unread"]) == (first["seq"], 1)
    updated = tab.wait_for("room.updated", lambda payload: payload["room"]["id"] == lobby)
    assert updated["room"]["read_seq"] == first["seq"]
    back = ada.call("room.read", {"room_id": lobby, "seq": 0})["room"]
    assert back["read_seq"] == first["seq"], "it never moves back"
    past = ada.call("room.read", {"room_id": lobby, "seq": second["seq"] + 1000})["room"]
    assert (past["read_seq"], past["unread"]) == (past["head_seq"], 0), "nor beyond what there is"
    ngs = ada.room("NGS")["id"]
    assert ada.call("room.read", {"room_id": ngs, "seq": 0})["error"]["code"] == "not_found"


def test_presence(meet: Meet) -> None:
    ada = meet.person()
    user = meet.user()
    ben = meet.person(user)

    def says(status: str) -> None:
        ada.wait_for("presence", lambda payload: [user.id, status] in changes(payload))

    def changes(payload: dict[str, list[dict[str, dict[str, str]]]]) -> list[list[object]]:
        return [[change["user"]["id"], change["status"]] for change in payload["changes"]]

    says("online")
    assert user.id in {online["id"] for online in meet.person().ready["online"]}
    assert ben.call("presence.set", {"status": "away"}) == {"ok": True}
    says("away")
    ben.close()
    says("offline")


def test_hello_says_what_ready_says_as_it_is_now(meet: Meet) -> None:
    person = meet.person()
    person.call("room.join", {"name": "NGS"})
    answer = person.call("hello", {})
    assert answer.pop("ok")
    assert answer.keys() == person.ready.keys()
    assert answer["user"] == person.ready["user"]
    assert [room["joined"] for room in answer["rooms"] if room["name"] == "NGS"] == [True]
