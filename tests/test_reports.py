"""Reports of messages: who sees them, what they show, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.galaxy_server import TestUser
from tests.people import Api, Meet, client_ids
from tests.test_moderation import Room

Json = dict[str, Any]


@pytest.fixture
def room(meet: Meet) -> Room:
    return Room(meet)


def report(room: Room, user: TestUser, message: str, reason: str = "Rude") -> Json:
    made: Json = room.done(user, "POST", f"messages/{message}/report", {"reason": reason})
    return made


def queue(api: Api, **wanted: object) -> dict[str, Json]:
    """By message."""
    return {one["message_id"]: one for one in api.get("admin/reports", limit=200, **wanted)}


def test_a_message_is_reported_once_by_each_person(room: Room) -> None:
    message = room.said(room.moderator, "buy this")
    first = report(room, room.member, message)
    assert report(room, room.member, message, "Again") == first
    assert report(room, room.owner, message)["id"] != first["id"]
    reports = room.apis[room.owner.id].get("admin/reports")
    assert [(one["reporter"]["id"], one["reason"]) for one in reports] == [
        (room.owner.id, "Rude"),
        (room.member.id, "Rude"),
    ]
    acts = [entry["act"] for entry in room.audit(room_id=room.id)]
    assert acts.count("report") == 2


def test_moderators_who_are_there_are_told_of_a_report(room: Room, meet: Meet) -> None:
    owner, moderator, member = (meet.person(user) for user in (room.owner, room.moderator, room.member))
    admin = meet.person(room.admin)
    message = room.said(room.moderator, "buy this")
    for _ in range(2):
        report(room, room.member, message)
    told: Json = {"level": "info", "text": f"A message in {room.name} was reported."}
    told |= {"reason": "reported", "values": {"room": room.name}}
    for person in (owner, admin):
        assert person.wait_for("notice", lambda payload: payload["values"].get("room") == room.name) == told
    last = member.send(room.id, "a later frame")
    for person in (owner, moderator, member):
        person.wait_for_message(last["id"])
    heard = {person: [name for name, _ in person.events].count("notice") for person in (owner, moderator, member)}
    assert heard == {owner: 1, moderator: 0, member: 0}, "once, and neither its author nor who reported it"


def test_a_report_shows_what_was_reported(room: Room) -> None:
    edited, deleted = room.said(room.member, "rude"), room.said(room.member, "very rude")
    room.done(room.member, "PATCH", f"messages/{edited}", {"text": "ruder"})
    for message in (edited, deleted):
        report(room, room.owner, message)
    for text in ("nice", "nicer"):
        room.done(room.member, "PATCH", f"messages/{edited}", {"text": text})
    room.done(room.member, "DELETE", f"messages/{deleted}")
    for user in (room.owner, room.moderator, room.admin):
        reports = queue(room.apis[user.id])
        assert [reports[message]["message"]["text"] for message in (edited, deleted)] == ["ruder", "very rude"]
    shown = queue(room.apis[room.admin.id])[deleted]
    assert (shown["room_id"], shown["room_name"], shown["room_kind"]) == (room.id, room.name, "public")
    assert (shown["message"]["user"]["id"], shown["message"]["deleted"]) == (room.member.id, True)
    assert (shown["reporter"]["id"], shown["context"]) == (room.owner.id, [])


def test_moderators_see_reports_of_their_rooms_alone(room: Room, meet: Meet) -> None:
    other = Room(meet)
    message, elsewhere = room.said(room.member, "rude"), other.said(other.member, "rude")
    report(room, room.owner, message)
    report(other, other.owner, elsewhere)
    assert queue(room.apis[room.moderator.id]).keys() == {message}
    assert queue(room.apis[room.member.id]) == {}
    assert queue(room.apis[room.admin.id]).keys() >= {message, elsewhere}


def test_nobody_judges_reports_of_their_own_messages(room: Room) -> None:
    message = room.said(room.moderator, "rude")
    made = report(room, room.member, message)
    assert queue(room.apis[room.moderator.id]) == {}
    answer = room.apis[room.moderator.id]("PUT", f"admin/reports/{made['id']}", {"outcome": "dismissed"})
    assert answer.status_code == 404
    assert queue(room.apis[room.owner.id]).keys() == {message}


def test_a_report_is_resolved(room: Room) -> None:
    message = room.said(room.member, "rude")
    made = report(room, room.owner, message)
    moderator = room.apis[room.moderator.id]
    assert queue(moderator, open=True).keys() == {message}
    path = f"admin/reports/{made['id']}"
    resolved = room.done(room.moderator, "PUT", path, {"outcome": "dismissed", "note": "Not so bad"})
    assert (resolved["outcome"], resolved["note"]) == ("dismissed", "Not so bad")
    assert resolved["resolved_by"]["id"] == room.moderator.id
    assert (queue(moderator, open=True), queue(moderator, open=False)) == ({}, {message: resolved})
    assert room.done(room.admin, "PUT", path, {"outcome": "acted"})["outcome"] == "acted"
    entries = [entry for entry in room.audit(room_id=room.id) if entry["act"] == "resolve_report"]
    assert [(one["actor"]["id"], one["reason"], one["detail"]) for one in entries] == [
        (room.admin.id, "", {"outcome": "acted"}),
        (room.moderator.id, "Not so bad", {"outcome": "dismissed"}),
    ]


def test_of_a_conversation_of_two_administrators_see_what_was_reported_and_a_little_around_it(room: Room) -> None:
    ada, ben = room.member, room.owner
    direct = room.done(ada, "POST", "rooms", {"kind": "direct", "members": [ben.id]})["id"]

    def said(text: str) -> str:
        body = {"text": text, "client_id": next(client_ids)}
        return str(room.done(ada, "POST", f"rooms/{direct}/messages", body)["id"])

    messages = [said(f"text {number}") for number in range(9)]
    room.done(ada, "PUT", f"messages/{messages[8]}/reactions/👍")  # takes a number of the room
    room.done(ada, "DELETE", f"messages/{messages[8]}")
    messages += [said(f"text {number}") for number in range(9, 20)]
    for number in (1, 10):
        report(room, ben, messages[number])
    for user in (ada, ben, room.moderator):
        assert queue(room.apis[user.id]).keys().isdisjoint(messages)
    reports = queue(room.apis[room.admin.id])
    assert reports.keys() & set(messages) == {messages[1], messages[10]}
    shown = reports[messages[10]]
    assert (shown["room_kind"], shown["room_name"], shown["message"]["text"]) == ("direct", "", "text 10")
    around = [5, 6, 7, 8, 9, 11, 12, 13, 14, 15]
    assert [one["text"] for one in shown["context"]] == ["" if one == 8 else f"text {one}" for one in around]
    assert [one["text"] for one in reports[messages[1]]["context"]] == [f"text {one}" for one in (0, 2, 3, 4, 5, 6)]
    assert room.apis[room.admin.id]("GET", f"messages/{messages[12]}").status_code == 404


def test_the_queue_comes_in_pages(room: Room) -> None:
    for number in range(5):
        report(room, room.owner, room.said(room.member, f"rude {number}"))
    api = room.apis[room.moderator.id]
    whole = api.get("admin/reports")
    first = api.get("admin/reports", limit=3)
    assert len(whole) == 5
    assert first + api.get("admin/reports", limit=3, before=first[-1]["id"]) == whole
