"""What an administrator says as somebody else, through Galaxy's own impersonation, is marked as such for everybody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from galaxy_communication.galaxy_process import Account
from tests.galaxy_server import ADMIN, GalaxyServer, StartGalaxy, TestUser, session_cookie
from tests.people import Api, Meet, Person, eventually

SECOND_ADMIN = Account("second-admin", "second-admin@example.org", "admin-password")


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """Where everybody has to log in, Galaxy's rows of its sessions are the same after an ordinary logout and login."""
    admins = f"{ADMIN.email},{SECOND_ADMIN.email}"
    return start_galaxy(config={"require_login": True, "admin_users": admins, "enable_notification_system": True})


@dataclass
class Browser:
    """A session in Galaxy, and both ways from there into the chat."""

    meet: Meet
    session: requests.Session

    @property
    def api(self) -> Api:
        return Api(self.meet.galaxy.url, session=self.session)

    def person(self) -> Person:
        return self.meet.connect(cookie=session_cookie(self.session))

    def says(self, text: str) -> list[dict[str, Any]]:
        """The same words by socket and by REST, in the lobby."""
        person = self.person()
        lobby = person.room()["id"]
        by_socket = person.send(lobby, text)
        by_rest = self.api("POST", f"rooms/{lobby}/messages", {"text": text, "client_id": f"rest {text}"})
        assert by_rest.status_code == 200, by_rest.text
        return [by_socket, by_rest.json()]

    def username(self) -> str:
        answer = self.session.get(f"{self.meet.galaxy.url}/api/users/current", timeout=60)
        return str(answer.json()["username"])


def browser(meet: Meet, user: TestUser) -> Browser:
    return Browser(meet, meet.galaxy.login(user))


def impersonating(meet: Meet, *users: TestUser) -> Browser:
    """The administrator's browser, who has become these users one after the other."""
    found = browser(meet, meet.galaxy.admin())
    for user in users:
        meet.galaxy.impersonate(found.session, user)
    return found


def marks(messages: list[dict[str, Any]]) -> list[str | None]:
    return [message["acting_admin"] and message["acting_admin"]["username"] for message in messages]


def test_all_that_an_administrator_says_as_somebody_is_marked_for_all_readers(meet: Meet) -> None:
    user, reader = meet.user(), meet.person()
    said = impersonating(meet, user).says("in your name")
    admin = meet.galaxy.admin()
    assert [message["user"]["id"] for message in said] == [user.id, user.id]
    assert [message["acting_admin"]["id"] for message in said] == [admin.id, admin.id]
    assert marks([reader.wait_for_message(message["id"])["message"] for message in said]) == ["admin", "admin"]
    stored = meet.api(user).get(f"rooms/{said[0]['room_id']}/messages")
    assert marks([message for message in stored if message["user"]["id"] == user.id]) == ["admin", "admin"]


def test_the_users_own_sessions_and_keys_are_not_marked(meet: Meet) -> None:
    user = meet.user()
    own, key = browser(meet, user), meet.person(user)
    acting = impersonating(meet, user)
    assert marks(own.says("mine")) == [None, None]
    assert marks([key.send(key.room()["id"], "mine too")]) == [None]
    assert marks(acting.says("not mine")) == ["admin", "admin"]


def test_it_ends_with_galaxys_session(meet: Meet) -> None:
    user = meet.user()
    shared = impersonating(meet, user)
    before = shared.person()
    meet.galaxy.logout(shared.session)
    assert before.wait_for("closed")["code"] == "not_authenticated"
    meet.galaxy.login(user, shared.session)
    assert marks(shared.says("myself again")) == [None, None]


def test_who_logs_in_after_an_administrator_in_the_same_browser_is_not_marked(meet: Meet) -> None:
    user = meet.user()
    shared = browser(meet, meet.galaxy.admin())
    meet.galaxy.logout(shared.session)
    meet.galaxy.login(user, shared.session)
    assert shared.username() == user.username
    assert marks(shared.says("my own login")) == [None, None]


def test_an_edit_is_marked_live_and_later(meet: Meet) -> None:
    user = meet.user()
    own = meet.person(user)
    message = own.send(own.room()["id"], "my words")
    acting = impersonating(meet, user).person()
    edited = acting.call("message.edit", {"message_id": message["id"], "text": "other words"})["message"]
    assert marks([edited]) == ["admin"]
    assert marks([own.wait_for_change(edited["room_id"], edited["changed_seq"])["message"]]) == ["admin"]
    assert marks([meet.api(user).get(f"messages/{message['id']}")]) == ["admin"]


def test_the_audit_log_says_who_acted(meet: Meet) -> None:
    user, admin = meet.user(), meet.galaxy.admin(chat=True)
    acting = impersonating(meet, user)
    room = acting.api("POST", "rooms", {"kind": "private", "name": "theirs"}).json()["id"]
    assert acting.api("PATCH", f"rooms/{room}", {"topic": "set in their name"}).ok
    assert meet.api(user)("PATCH", f"rooms/{room}", {"topic": "set by themselves"}).ok
    second = meet.galaxy.user(SECOND_ADMIN, chat=True)
    assert impersonating(meet, second).api("PUT", f"admin/silences/{user.id}", {}).ok
    log = meet.api(admin).get("admin/audit", limit=3)
    assert [(one["act"], one["actor"]["id"], (one["acting_admin"] or {}).get("id")) for one in log] == [
        ("silence", second.id, admin.id),
        ("set_topic", user.id, None),
        ("set_topic", user.id, admin.id),
    ]


def test_in_a_conversation_of_two_both_can_see_it(meet: Meet) -> None:
    user, other = meet.user(), meet.person()
    acting = impersonating(meet, user).person()
    room = acting.call("room.create", {"kind": "direct", "members": [other.ready["user"]["id"]]})["room"]
    sent = acting.send(room["id"], "a word in private")
    assert marks([other.wait_for_message(sent["id"])["message"]]) == ["admin"]
    assert marks(meet.api(user).get(f"rooms/{room['id']}/messages")) == ["admin"]


def test_galaxys_notifications_say_it(meet: Meet) -> None:
    user, away = meet.user(), meet.user()
    acting = impersonating(meet, user).person()
    room = acting.call("room.create", {"kind": "direct", "members": [away.id]})["room"]
    acting.send(room["id"], "a word in private")
    (told,) = eventually(lambda: meet.galaxy.api("GET", "notifications", key=away.api_key))
    assert told["content"]["subject"] == f"{user.username} (by admin admin) wrote to you"


def test_by_way_of_another_administrator_it_is_still_the_first(meet: Meet) -> None:
    second = meet.galaxy.user(SECOND_ADMIN, chat=True)
    assert marks(impersonating(meet, second, meet.user()).says("twice removed")) == ["admin", "admin"]
    assert marks(impersonating(meet, second, meet.galaxy.admin(chat=True)).says("and back")) == [None, None]


def test_who_is_refused_by_galaxy_is_nobody_else(meet: Meet) -> None:
    user, victim = meet.user(), meet.user()
    own = browser(meet, user)
    answer = own.session.get(f"{meet.galaxy.url}/admin/impersonate", params={"id": victim.id}, timeout=60)
    assert answer.status_code == 403
    assert own.username() == user.username
    assert marks(own.says("still me")) == [None, None]


def test_galaxys_impersonation_works_where_ours_fails_and_the_log_says_so(meet: Meet) -> None:
    user, galaxy = meet.user(), meet.galaxy
    with closing(sqlite3.connect(galaxy.directory / "data" / "universe.sqlite", timeout=30)) as database:
        table = "galaxy_communication_impersonation"
        database.execute(f"CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END")
        acting = impersonating(meet, user)
        database.execute("DROP TRIGGER broken")
    assert acting.username() == user.username
    assert "an impersonation could not be noted" in galaxy.log.read_text()
    assert marks(impersonating(meet, user).says("noted again")) == ["admin", "admin"]
