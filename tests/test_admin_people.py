"""The administrators' list of people."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.people import Api, Meet


@pytest.fixture
def admin(meet: Meet) -> Api:
    return meet.api(meet.galaxy.admin(chat=True))


def test_people_are_found_by_name_and_address_with_what_is_known_of_them(meet: Meet, admin: Api) -> None:
    prefix = f"p{secrets.token_hex(4)}"
    quiet, loud, outsider = meet.user(f"{prefix}-q"), meet.user(f"{prefix}-l"), meet.user(f"{prefix}-o", chat=False)
    speaker = meet.person(loud)
    for number in range(3):
        sent = speaker.send(speaker.room()["id"], f"{number}")
    assert speaker.call("message.delete", {"message_id": sent["id"]})["ok"]
    assert admin("PUT", f"admin/silences/{loud.id}", {"reason": "too loud"}).ok
    assert admin("PUT", f"admin/bans/{outsider.id}", {"reason": "elsewhere, too"}).ok

    def found(query: str, **page: object) -> list[dict[str, Any]]:
        return list(admin.get("admin/users", query=query, **page))

    last, first, second = found(prefix)
    assert [one["user"]["id"] for one in (last, first, second)] == [outsider.id, loud.id, quiet.id]
    assert (first["message_count"], first["last_message_at"]) == (3, sent["created_at"])
    assert (first["silence"]["reason"], first["silence"]["actor"]["username"]) == ("too loud", "admin")
    assert (first["ban"], last["ban"]["reason"]) == (None, "elsewhere, too")
    assert second == {
        "user": {"id": quiet.id, "username": quiet.username, "avatar_color": second["user"]["avatar_color"]},
        "email": quiet.email,
        "deleted": False,
        "message_count": 0,
        "last_message_at": None,
        "silence": None,
        "ban": None,
    }
    assert found(f" {prefix.upper()}") == [last, first, second]
    assert found(loud.email) == [first]
    assert found("@example.org") == []
    assert (found(prefix, limit=1), found(prefix, limit=2, before=outsider.id)) == ([last], [first, second])

    assert admin("DELETE", f"admin/silences/{loud.id}").ok
    meet.galaxy.api("DELETE", f"users/{quiet.id}")
    ((_, first, second)) = found(prefix)
    assert (first["silence"], second["deleted"], second["email"]) == (None, True, quiet.email)
    meet.galaxy.api("DELETE", f"users/{quiet.id}?purge=true")
    assert [one["user"]["id"] for one in found(prefix)] == [outsider.id, loud.id]


def test_without_a_query_those_are_listed_who_have_come(meet: Meet, admin: Api) -> None:
    users = [meet.user(), meet.user(), meet.user(chat=False)]
    for user in users[:2]:
        meet.person(user)
    newest = admin.get("admin/users", limit=2)
    assert [one["user"]["id"] for one in newest] == [users[1].id, users[0].id]
    older = admin.get("admin/users", before=users[0].id)
    assert not {user.id for user in users} & {one["user"]["id"] for one in older}
    meet.galaxy.api("DELETE", f"users/{users[1].id}")
    meet.galaxy.api("DELETE", f"users/{users[1].id}?purge=true")
    purged = admin.get("admin/users", limit=1)[0]
    assert (purged["user"]["username"], purged["email"], purged["deleted"]) == (None, None, True)
