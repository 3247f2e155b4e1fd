"""People: the directory and Galaxy's privacy settings, preferences, mutes, sanctions, and Galaxy's notifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import requests

from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser
from tests.people import Meet, eventually


@pytest.fixture(scope="module")
def open_galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """One whose users are shown to each other, and notified."""
    names = ("expose_user_name", "expose_user_email", "enable_notification_system")
    return start_galaxy(config=dict.fromkeys(names, True))


@pytest.fixture
def meet_in_the_open(open_galaxy: GalaxyServer) -> Iterator[Meet]:
    meeting = Meet(open_galaxy)
    yield meeting
    meeting.part()


def found(meet: Meet, user: TestUser, query: str) -> list[str]:
    return [other["username"] for other in meet.api(user).get("users", query=query)]


def test_the_directory_of_a_galaxy_that_hides_its_users(meet: Meet) -> None:
    ada, ben = meet.user("ada"), meet.user("ben")
    person = meet.person(ada)
    meet.person(ben)
    assert found(meet, ada, ben.username) == []
    assert found(meet, ada, ben.email) == []
    person.call("room.create", {"kind": "direct", "members": [ben.id]})
    assert found(meet, ada, ben.username[:5]) == [ben.username]
    assert found(meet, ada, "") == []


def test_the_directory_of_a_galaxy_that_shows_its_users(meet_in_the_open: Meet) -> None:
    ada, ben, cy = (meet_in_the_open.user(name) for name in ("ada", "ben.jr", "ben-z"))
    outsider = meet_in_the_open.user("ben", chat=False)
    assert found(meet_in_the_open, ada, "BEN") == sorted([ben.username, cy.username])
    assert found(meet_in_the_open, ada, cy.email) == [cy.username]
    assert found(meet_in_the_open, ada, outsider.email) == []
    assert found(meet_in_the_open, ada, ada.username) == [], "not oneself"
    answer = meet_in_the_open.api(ada).get("users", query=cy.email)
    assert set(answer[0]) == {"id", "username", "avatar_color"}


def test_preferences_are_kept_and_obeyed(meet: Meet) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada, ben = meet.person(ada_user), meet.person(ben_user)
    api = meet.api(ada_user)
    first = dict.fromkeys(("enabled", "presence", "typing", "notifications"), True)
    assert api.get("preferences") == {**first, "sound": False, "language": None}
    room = ada.call("room.create", {"kind": "direct", "members": [ben_user.id]})["room"]["id"]
    ben.wait_for("room.updated", lambda payload: payload["room"]["id"] == room)

    ada.call("room.typing", {"room_id": room})
    assert ben.wait_for("room.typing")["user"]["id"] == ada_user.id
    assert ada.call("room.typing", {"room_id": "f2db41e1fa331b3e"})["error"]["code"] == "not_found"
    assert api("PUT", "preferences", {"presence": False, "typing": False}).json()["typing"] is False
    ben.wait_for("presence", lambda payload: says(payload, ada_user, "offline"))
    assert ada_user.id not in {user["id"] for user in meet.person(ben_user).ready["online"]}
    again = meet.person(ada_user)
    assert again.ready["preferences"]["presence"] is False
    assert again.ready["preferences"]["sound"] is False
    assert api("PUT", "preferences", {"sound": True}).json()["sound"] is True
    assert meet.person(ada_user).ready["preferences"]["sound"] is True
    for language in ("ja", None):
        assert api("PUT", "preferences", {"language": language}).json()["language"] == language
        assert api("PUT", "preferences", {"sound": True}).json()["language"] == language
        assert api.get("status")["language"] == language
    assert api("PUT", "preferences", {"language": "tlh"}).status_code == 400
    heard = len(ben.events)
    again.call("room.typing", {"room_id": room})
    ben.wait_for_message(again.send(room, "after typing")["id"])
    assert "room.typing" not in [name for name, _ in ben.events[heard:]]
    (member,) = (one for one in meet.api(ben_user).get(f"rooms/{room}/members") if one["id"] == ada_user.id)
    assert member["status"] == "offline"


def test_who_says_how_they_want_it_before_they_come_is_welcomed_all_the_same(meet: Meet) -> None:
    user = meet.user(chat=False)
    assert meet.api(user)("PUT", "preferences", {"typing": False, "enabled": True}).json()["typing"] is False
    assert meet.person(user).room()["joined"]


def says(payload: dict[str, Any], user: TestUser, status: str) -> bool:
    return any(change["user"]["id"] == user.id and change["status"] == status for change in payload["changes"])


def test_muting_a_person(meet: Meet) -> None:
    ada_user, ben_user = meet.user("ada"), meet.user("ben")
    ada = meet.person(ada_user)
    api = meet.api(ben_user)
    assert api("PUT", f"users/{ada_user.id}/mute").status_code == 204
    assert [user["id"] for user in api.get("mutes")] == [ada_user.id]
    ben = meet.person(ben_user)
    assert [user["id"] for user in ben.ready["muted"]] == [ada_user.id]
    ada.send(ada.room()["id"], f"do you hear me, @{ben_user.username}?")
    assert (api.get("status")["unread"], api.get("status")["mentions"]) == (0, 0)
    assert api("DELETE", f"users/{ada_user.id}/mute").status_code == 204
    assert (api.get("status")["unread"], api.get("status")["mentions"]) == (1, 1)
    assert api("PUT", f"users/{ben_user.id}/mute").status_code == 400
    assert api("PUT", "users/f2db41e1fa331b3e/mute").status_code == 404


def test_a_banned_user_is_put_out_and_not_let_in(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    admin = meet.api(meet.galaxy.admin())
    ban = {"reason": "Spam.", "until": "2100-01-01T00:00:00Z"}
    assert admin("PUT", f"admin/bans/{user.id}", ban).status_code == 204
    closed = person.wait_for("closed")
    assert (closed["code"], closed["message"]) == ("forbidden", "You are banned from the chat. Spam.")
    assert closed["retry_after"] > 1e9
    assert person.ended.wait(15)
    refused = meet.api(user)("GET", "rooms")
    assert (refused.status_code, "Spam." in refused.json()["err_msg"]) == (403, True)
    assert refused.json()["error"]["retry_after"] > 1e9
    assert admin("DELETE", f"admin/bans/{user.id}").status_code == 204
    meet.person(user)
    assert meet.api(user)("PUT", f"admin/bans/{user.id}", {}).status_code == 403


def test_a_silenced_user_sees_it_and_for_how_long(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    admin = meet.api(meet.galaxy.admin())
    assert person.ready["silence"] is None
    silence = {"reason": "Enough.", "until": "2100-01-01T00:00:00Z"}
    assert admin("PUT", f"admin/silences/{user.id}", silence).status_code == 204
    told = {"automatic": False, "reason": "Enough.", "until": "2100-01-01T00:00:00.000Z"}
    assert person.wait_for("silence") == {"silence": told}
    lobby = person.room()["id"]
    assert person.wait_for("room.updated", lambda payload: not payload["room"]["can_post"])["room"]["id"] == lobby
    error = person.call("message.send", {"room_id": lobby, "text": "x", "client_id": "x"})["error"]
    assert (error["code"], error["retry_after"] > 1e9) == ("silenced", True)
    other = meet.person(user)
    assert other.ready["silence"] == told
    assert [room["can_post"] for room in other.ready["rooms"] if room["joined"]] == [False]
    admin("DELETE", f"admin/silences/{user.id}")
    for one in (person, other):
        one.wait_for("silence", lambda payload: payload["silence"] is None)
        one.wait_for("room.updated", lambda payload: payload["room"]["can_post"])
    person.send(lobby, "again")
    assert admin("PUT", f"admin/silences/{user.id}", {"until": "2000-01-01T00:00:00Z"}).status_code == 400


def test_the_end_of_a_silence_is_told(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    until = (datetime.now(timezone.utc) + timedelta(seconds=2)).isoformat()
    assert meet.api(meet.galaxy.admin())("PUT", f"admin/silences/{user.id}", {"until": until}).status_code == 204
    person.wait_for("silence", lambda payload: payload["silence"] is not None)
    person.wait_for("silence", lambda payload: payload["silence"] is None)
    person.wait_for("room.updated", lambda payload: payload["room"]["can_post"])
    person.send(person.room()["id"], "again")


# Galaxy's notifications


def notifications(galaxy: GalaxyServer, user: TestUser) -> list[dict[str, Any]]:
    response = requests.get(f"{galaxy.url}/api/notifications", headers={"x-api-key": user.api_key}, timeout=60)
    return [one for one in response.json() if one["source"] == "communication"]


def test_who_is_away_is_told_once_by_galaxy(meet_in_the_open: Meet) -> None:
    meet, galaxy = meet_in_the_open, meet_in_the_open.galaxy
    ada_user, ben_user, unwilling, muting = (meet.user(name) for name in ("ada", "ben", "cleo", "dan"))
    ada = meet.person(ada_user)
    for user in (ben_user, unwilling, muting):
        meet.api(user).get("rooms")
    meet.api(unwilling)("PUT", "preferences", {"notifications": False})
    meet.api(muting)("PUT", f"users/{ada_user.id}/mute")
    lobby = ada.room()["id"]
    everybody = " ".join(f"@{user.username}" for user in (ben_user, unwilling, muting))
    sent = ada.send(lobby, f"{everybody}: `look` at [this](https://example.org)")
    told = eventually(lambda: notifications(galaxy, ben_user))
    assert told[0]["content"]["subject"] == f"{ada_user.username} mentioned you in All Chats"
    body = told[0]["content"]["message"]
    assert f"/communication?message={sent['id']}" in body
    assert "](https" not in body, "what somebody wrote is no link of Galaxy's"
    ada.send(lobby, f"@{ben_user.username} again")
    direct = ada.call("room.create", {"kind": "direct", "members": [ben_user.id]})["room"]["id"]
    ada.send(direct, "and here")
    eventually(lambda: len(notifications(galaxy, ben_user)) == 2)
    subjects = {one["content"]["subject"] for one in notifications(galaxy, ben_user)}
    assert f"{ada_user.username} wrote to you" in subjects
    assert notifications(galaxy, unwilling) == notifications(galaxy, muting) == []

    ben = meet.person(ben_user)
    ben.call("room.read", {"room_id": lobby, "seq": sent["seq"] + 1})
    ada.send(lobby, f"@{ben_user.username}, you are here now")
    ada.wait_for("presence", lambda payload: says(payload, ben_user, "online"))
    ben.close()
    ada.wait_for("presence", lambda payload: says(payload, ben_user, "offline"))
    ada.send(lobby, f"@{ben_user.username}, and now you are not")
    eventually(lambda: len(notifications(galaxy, ben_user)) == 3)
