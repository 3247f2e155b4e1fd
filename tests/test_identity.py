"""Who is let in, on the socket and on REST; and who is shown out again."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.galaxy_server import COOKIE, TestUser
from tests.people import Api, Meet, Refused


def refused(meet: Meet, **how: Any) -> dict[str, Any]:
    """What the contract's error says to a connection that is not let in."""
    with pytest.raises(Refused) as refusal:
        meet.connect(**how)
    data = refusal.value.args[0]["data"]
    assert data["ok"] is False
    error: dict[str, Any] = data["error"]
    assert error["message"]
    return error


def delete_user(meet: Meet, user: TestUser) -> None:
    meet.galaxy.api("DELETE", f"users/{user.id}")


def test_a_session_cookie_is_an_identity(meet: Meet) -> None:
    user = meet.user()
    _, cookie = meet.browser_session(user)
    person = meet.connect(cookie=cookie)
    assert person.ready["user"]["id"] == user.id
    assert person.ready["user"]["username"] == user.username
    assert person.ready["is_admin"] is False


def test_an_api_key_is_an_identity(meet: Meet) -> None:
    user = meet.user()
    assert meet.person(user).ready["user"]["id"] == user.id


def test_administrators_are_known_as_such(meet: Meet) -> None:
    assert meet.person(meet.galaxy.admin(chat=True)).ready["is_admin"] is True


def test_strangers_are_refused(meet: Meet) -> None:
    anonymous = requests.get(f"{meet.galaxy.url}/login/start", timeout=60).cookies[COOKIE]
    assert refused(meet)["code"] == "not_authenticated"
    assert refused(meet, cookie=anonymous)["code"] == "not_authenticated"
    assert refused(meet, cookie="0123")["code"] == "not_authenticated"
    assert refused(meet, cookie="ab" * 40)["code"] == "not_authenticated"
    assert refused(meet, api_key="no-such-key")["code"] == "not_authenticated"


def test_the_bootstrap_key_is_nobody(meet: Meet) -> None:
    assert refused(meet, api_key=meet.galaxy.bootstrap_key)["code"] == "forbidden"


def test_run_as_is_galaxys(meet: Meet) -> None:
    """Whoever may act for others in Galaxy's API may do so here, and nobody else."""
    user, other = meet.user(), meet.user()
    for_user = {"headers": {"run-as": user.id}}
    script = meet.api(meet.galaxy.admin())
    room = script("GET", "rooms", **for_user).json()[0]["id"]
    sent = script("POST", f"rooms/{room}/messages", {"text": "for them", "client_id": "run-as"}, **for_user)
    assert sent.json()["user"]["id"] == user.id
    assert meet.api(other)("GET", "rooms", **for_user).status_code == 403


def test_a_user_without_the_preference_is_refused(meet: Meet) -> None:
    user = meet.user(chat=False)
    assert refused(meet, api_key=user.api_key)["code"] == "disabled"
    response = meet.api(user)("GET", "rooms")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "disabled")


def test_foreign_origins_are_refused(meet: Meet) -> None:
    user = meet.user()
    session, cookie = meet.browser_session(user)
    own, foreign = meet.galaxy.url, "https://example.com"
    assert refused(meet, cookie=cookie, origin=foreign)["code"] == "forbidden"
    assert refused(meet, cookie=cookie, origin="null")["code"] == "forbidden"
    assert meet.connect(cookie=cookie, origin=own).ready["user"]["id"] == user.id
    api = Api(meet.galaxy.url, session=session)
    assert api("PUT", "preferences", {"enabled": True}, headers={"Origin": foreign}).status_code == 403
    assert api("PUT", "preferences", {"enabled": True}, headers={"Origin": own}).status_code == 200


def test_logging_out_ends_everything(meet: Meet) -> None:
    user = meet.user()
    session, cookie = meet.browser_session(user)
    person = meet.connect(cookie=cookie)
    bystander = meet.person(user)
    meet.galaxy.logout(session)

    assert person.wait_for("closed")["code"] == "not_authenticated"
    assert person.ended.wait(15)
    assert refused(meet, cookie=cookie)["code"] == "not_authenticated"
    assert not bystander.ended.is_set(), "a key of the same user is not a session"


def test_switching_the_preference_off_ends_the_connection(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    meet.galaxy.enable_chat(user, on=False)
    assert person.wait_for("closed")["code"] == "disabled"
    assert person.ended.wait(15)


def test_deleted_users_are_shown_out_and_refused(meet: Meet) -> None:
    user = meet.user()
    _, cookie = meet.browser_session(user)
    person = meet.connect(cookie=cookie)
    delete_user(meet, user)
    assert person.wait_for("closed")["code"] == "not_authenticated"
    assert refused(meet, cookie=cookie)["code"] == "not_authenticated"
    assert refused(meet, api_key=user.api_key)["code"] == "not_authenticated"
    assert meet.api(user)("GET", "rooms").status_code == 401


def test_rest_errors_have_galaxys_shape(meet: Meet) -> None:
    response = Api(meet.galaxy.url)("GET", "rooms")
    assert response.status_code == 401
    body = response.json()
    assert isinstance(body["err_msg"], str)
    assert isinstance(body["err_code"], int)
    assert body["error"]["code"] == "not_authenticated"


def test_a_key_in_the_query_and_a_wrong_one(meet: Meet) -> None:
    user = meet.user()
    assert Api(meet.galaxy.url)("GET", "rooms", params={"key": user.api_key}).status_code == 200
    assert Api(meet.galaxy.url, key="wrong")("GET", "rooms").status_code == 401


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_a_client_cannot_play_the_servers_own_events(meet: Meet, event: str) -> None:
    """A forged "disconnect" would otherwise take the connection off the books while its socket stays open."""
    user = meet.user()
    person = meet.person(user)
    answer = person.call(event, {"asgi.scope": {}})
    assert (answer["ok"], answer["error"]["code"]) == (False, "invalid")
    assert person.call("sync", {"rooms": {}}) == {"ok": True, "rooms": {}}
    meet.galaxy.enable_chat(user, on=False)
    assert person.ended.wait(15)
