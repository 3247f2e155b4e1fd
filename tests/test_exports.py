"""Exporting, removing a room and purging, over REST and by the command, with a look into a real Galaxy's database."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import Engine

from galaxy_communication.models import PREFIX
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api, Meet, eventually
from tests.test_moderation import Room

Json = dict[str, Any]


@pytest.fixture(scope="module")
def tables(galaxy: GalaxyServer) -> Engine:
    """Galaxy's own database, in which the chat's tables are."""
    return create_engine(f"sqlite:///{galaxy.directory}/data/universe.sqlite", poolclass=NullPool)


@pytest.fixture
def room(meet: Meet) -> Room:
    return Room(meet)


@pytest.fixture
def admin(meet: Meet) -> Api:
    return meet.api(meet.galaxy.admin(chat=True))


def asked(tables: Engine, statement: str, **values: object) -> Sequence[Any]:
    with tables.begin() as connection:
        found = connection.execute(text(statement.replace("our_", PREFIX)), values)
        return found.all() if found.returns_rows else []


def number(meet: Meet, room_name: str, tables: Engine) -> int:
    ((found,),) = asked(tables, "SELECT id FROM our_room WHERE name = :name", name=room_name)
    return int(found)


def lines(response: requests.Response) -> list[Json]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/x-ndjson")
    assert response.headers["content-disposition"].startswith("attachment")
    found = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["x-total-count"] == str(len(found))
    return found


def command(galaxy: GalaxyServer, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    config = str(galaxy.directory / "galaxy.yml")
    return subprocess.run(
        [sys.executable, "-m", "galaxy_communication.cli", *arguments, "--config", config],
        capture_output=True,
        text=True,
        check=False,
        cwd=galaxy.directory,
        **more,
    )


def furnished(room: Room) -> list[str]:
    """A room with a message of every kind; their ids."""
    first = room.said(room.member, "first @room")
    body = {"text": "an answer", "client_id": "answer", "reply_to": first}
    answer = room.done(room.owner, "POST", f"rooms/{room.id}/messages", body)["id"]
    edited, deleted = room.said(room.member, "before"), room.said(room.member, "taken back")
    room.done(room.member, "PATCH", f"messages/{edited}", {"text": "after"})
    room.done(room.member, "DELETE", f"messages/{deleted}")
    for user in (room.owner, room.member):
        room.done(user, "PUT", f"messages/{first}/reactions/👍")
    room.done(room.owner, "PUT", f"messages/{first}/pin")
    room.done(room.owner, "POST", f"messages/{edited}/report", {"reason": "rude"})
    return [first, answer, edited, deleted]


def test_a_rooms_messages_are_lines(room: Room, admin: Api, meet: Meet, tables: Engine, tmp_path: Path) -> None:
    ids = furnished(room)
    exported = lines(admin("GET", f"admin/rooms/{room.id}/export"))
    first, answer, edited, deleted = exported
    assert [line["id"] for line in exported] == ids
    assert {(line["room_id"], line["room_name"], line["room_kind"]) for line in exported} == {
        (room.id, room.name, "public")
    }
    assert first["user"] == {"id": room.member.id, "username": room.member.username}
    assert (first["reactions"], first["pinned"], first["reply_to"]) == ({"👍": 2}, True, None)
    assert (answer["text"], answer["reply_to"], answer["pinned"]) == ("an answer", first["id"], False)
    assert (edited["text"], edited["edited_at"] is not None) == ("after", True)
    assert (deleted["text"], deleted["deleted"], first["deleted"]) == ("", True, False)
    (entry,) = (entry for entry in room.audit(room_id=room.id) if entry["act"] == "export_room")
    assert (entry["actor"]["id"], entry["detail"]) == (room.admin.id, {"messages": 4})
    direct = room.done(room.owner, "POST", "rooms", {"kind": "direct", "members": [room.member.id]})["id"]
    assert admin("GET", f"admin/rooms/{direct}/export").status_code == 404

    # More than fits on a page, and by the command.
    asked(
        tables,
        """
        WITH RECURSIVE n(n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM n WHERE n < 2200)
        INSERT INTO our_message (room_id, seq, changed_seq, user_id, client_id, text, created_at)
        SELECT :room_id, n, n, 4711, n, 'line ' || n, '2026-01-01' FROM n
        """,
        room_id=number(meet, room.name, tables),
    )
    exported = lines(admin("GET", f"admin/rooms/{room.id}/export"))
    assert [line["text"] for line in exported[4:]] == [f"line {n}" for n in range(1001, 2201)]
    file = tmp_path / "room.jsonl"
    done = command(meet.galaxy, "export", "--room", room.name, "--output", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1204 messages of {room.name} are in {file}.\n"
    assert [json.loads(line) for line in file.read_text().splitlines()] == exported
    assert [entry["actor"] for entry in room.audit(room_id=room.id, limit=1)] == [None]
    missing = command(meet.galaxy, "export", "--room", "No such room", "--output", str(file))
    assert (missing.returncode, missing.stderr) == (1, "There is no room of this name.\n")
    assert list(tmp_path.iterdir()) == [file]


def test_a_terminal_shows_how_far_it_is(room: Room, meet: Meet, tmp_path: Path) -> None:
    furnished(room)
    terminal, end = pty.openpty()
    arguments = ["export", "--room", room.name, "--output", str(tmp_path / "room.jsonl")]
    config = str(meet.galaxy.directory / "galaxy.yml")
    program = [sys.executable, "-m", "galaxy_communication.cli", *arguments, "--config", config]
    subprocess.run(program, stderr=end, stdout=subprocess.DEVNULL, check=True, cwd=meet.galaxy.directory)
    os.close(end)
    assert f"[{'#' * 40}] 4 of 4" in os.read(terminal, 10_000).decode()
    os.close(terminal)


def test_ones_own_export_holds_nothing_of_others(room: Room, meet: Meet) -> None:
    first, _, edited, deleted = furnished(room)
    direct = room.done(room.member, "POST", "rooms", {"kind": "direct", "members": [room.owner.id]})["id"]
    for user, source in ((room.member, "between us"), (room.owner, "what the other says")):
        room.done(user, "POST", f"rooms/{direct}/messages", {"text": source, "client_id": source})
    room.done(room.member, "DELETE", f"rooms/{room.id}/membership")
    response = room.apis[room.member.id]("GET", "export")
    exported = lines(response)
    assert [(line["id"], line["room_name"]) for line in exported[:-1]] == [
        (message, room.name) for message in (first, edited, deleted)
    ]
    assert (exported[-1]["text"], exported[-1]["room_name"]) == ("between us", room.owner.username)
    assert {line["user"]["id"] for line in exported} == {room.member.id}
    assert "what the other says" not in response.text
    assert lines(meet.api(meet.user())("GET", "export")) == []
    assert Api(meet.galaxy.url)("GET", "export").status_code == 401


def test_a_room_is_removed_with_all_that_was_said_there(room: Room, admin: Api, meet: Meet, tables: Engine) -> None:
    furnished(room)
    in_tables = number(meet, room.name, tables)
    member = meet.person(room.member)
    path = f"admin/rooms/{room.id}"
    refused = admin("DELETE", path, params={"name": room.name.lower()})
    assert (refused.status_code, refused.json()["error"]["reason"]) == (409, "name_differs")
    assert admin("DELETE", path).status_code == 400
    assert room.apis[room.owner.id]("DELETE", path, params={"name": room.name}).status_code == 403
    assert len(admin.get(f"rooms/{room.id}/messages")) == 4

    assert admin("DELETE", path, params={"name": room.name}).status_code == 204
    member.wait_for("room.removed", lambda told: told == {"room_id": room.id, "reason": "deleted"})
    assert admin("DELETE", path, params={"name": room.name}).status_code == 404
    assert room.apis[room.member.id]("GET", f"rooms/{room.id}").status_code == 404
    for table in ("membership", "message", "mention", "report"):
        assert asked(tables, f"SELECT * FROM our_{table} WHERE room_id = :id", id=in_tables) == [], table
    assert asked(tables, "SELECT * FROM our_room WHERE id = :id", id=in_tables) == []
    dangling = "SELECT * FROM our_revision WHERE message_id NOT IN (SELECT id FROM our_message)"
    assert asked(tables, dangling) == []
    audit = room.audit(room_id=room.id)
    assert [entry["act"] for entry in audit] == ["delete_room", "report", "set_role"]
    assert {entry["room_name"] for entry in audit} == {room.name}
    assert audit[0]["detail"] == {"name": room.name, "kind": "public"}

    again = room.done(room.owner, "POST", "rooms", {"kind": "public", "name": room.name})
    assert again["id"] != room.id
    rooms = {one["name"]: one["id"] for one in admin.get("rooms")}
    for name, status in (("All Chats", 403), ("NGS", 409)):
        assert admin("DELETE", f"admin/rooms/{rooms[name]}", params={"name": name}).status_code == status


def deleted(galaxy: GalaxyServer, user: TestUser) -> None:
    galaxy.api("DELETE", f"users/{user.id}")


def test_what_is_kept_is_administrators_to_say(room: Room, admin: Api, meet: Meet, tables: Engine) -> None:
    assert eventually(lambda: admin.get("admin/retention")["last_run"]), "once a day, and nobody has to be connected"
    before = admin.get("admin/retention")
    assert (set(before["days"].values()), before["erasure"]) == ({None}, "keep")
    for wrong in ({"days": {"lobby": 0}}, {"days": {"attic": 1}}, {"erasure": "burn"}):
        assert admin("PUT", "admin/retention", wrong).status_code == 400
    first, answer, *_ = furnished(room)
    kept = room.said(room.owner, "recent")
    of_the_room = {"id": number(meet, room.name, tables)}
    asked(
        tables,
        "UPDATE our_message SET created_at = '2020-01-01' WHERE room_id = :id AND text != 'recent'",
        **of_the_room,
    )
    wanted = {"days": {"public": 1000}}
    preview = admin("POST", "admin/retention/preview", wanted).json()
    assert preview["by_kind"]["public"] >= 3
    assert preview["messages"] == sum(preview["by_kind"].values())
    assert admin.get("admin/retention") == before
    try:
        after = admin("PUT", "admin/retention", wanted).json()
        assert after == {**before, "days": {**before["days"], "public": 1000}}
        (entry,) = room.audit(limit=1)
        assert (entry["act"], entry["detail"]) == ("set_retention", {"what": "public", "before": None, "after": 1000})

        doomed = meet.user("doomed")
        api = meet.api(doomed)
        api("POST", f"rooms/{room.id}/membership")
        body = {"text": "by somebody who goes", "client_id": "goes"}
        theirs = api("POST", f"rooms/{room.id}/messages", body).json()
        deleted(meet.galaxy, doomed)
        everything = "SELECT * FROM our_message ORDER BY id"
        all_before = asked(tables, everything)
        done = command(meet.galaxy, "purge", "--dry-run")
        assert (done.returncode, done.stderr) == (0, "")
        assert f"public: {preview['by_kind']['public']} messages would be removed (kept for 1000 days)" in done.stdout
        assert "lobby: 0 messages would be removed (kept for ever)" in done.stdout
        assert "would be erased, messages kept without an author" in done.stdout
        assert asked(tables, everything) == all_before

        done = command(meet.galaxy, "purge")
        assert (done.returncode, done.stderr) == (0, "")
        assert f"public: {preview['by_kind']['public']} messages removed (kept for 1000 days)" in done.stdout
    finally:
        assert admin("PUT", "admin/retention", {"days": {"public": None}}).ok
    left = asked(tables, "SELECT text, user_id FROM our_message WHERE room_id = :id ORDER BY seq", **of_the_room)
    assert [source for source, _ in left] == ["first @room", "recent", "by somebody who goes"]
    assert left[-1].user_id < 0
    assert asked(tables, "SELECT * FROM our_person WHERE username = :name", name=doomed.username) == []
    now = admin.get(f"rooms/{room.id}/messages")
    assert [message["id"] for message in now] == [theirs["id"], kept, first]
    assert (now[0]["user"]["username"], now[0]["user"]["id"] != doomed.id) == (None, True)
    assert admin("GET", f"messages/{answer}").status_code == 404
    assert admin.get("admin/retention")["last_run"] > before["last_run"]
    assert "erase_user" in {entry["act"] for entry in room.audit(target=doomed.id)}
