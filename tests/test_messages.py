"""Sending and reading, by the contract."""

from __future__ import annotations

from typing import Any, cast

import pytest

from galaxy_communication.messages import SYNC_CAP
from tests.people import Meet, Person


def test_a_message_reaches_everybody_in_the_room_once(meet: Meet) -> None:
    ada_user = meet.user("ada")
    ada, ben = meet.person(ada_user), meet.person()
    lobby = ada.room()["id"]
    sent = ada.send(lobby, "Hello *there*", "first")

    assert sent["text"] == "Hello *there*"
    assert sent["user"]["username"] == ada_user.username
    assert sent["room_id"] == lobby
    assert sent["client_id"] == "first"
    assert sent["seq"] == sent["changed_seq"] > 0
    assert sent["created_at"].endswith("Z")
    assert (sent["edited_at"], sent["deleted"], sent["reply_to"], sent["acting_admin"]) == (None, False, None, None)
    assert sent["mentions"] == sent["reactions"] == sent["shares"] == []
    for person in (ada, ben):
        event = person.wait_for_message(sent["id"])
        assert event == {"seq": sent["seq"], "type": "message.created", "message": sent}
    second = ada.send(lobby, "again")
    ben.wait_for_message(second["id"])
    mine = [event["seq"] for event in ben.changes(lobby) if event["message"]["user"] == sent["user"]]
    assert mine == [sent["seq"], second["seq"]]


def test_a_script_needs_no_socket(meet: Meet) -> None:
    api = meet.api(meet.user("script"))
    lobby = api.get("rooms")[0]
    assert (lobby["kind"], lobby["joined"], lobby["can_post"]) == ("lobby", True, True)
    sent = api("POST", f"rooms/{lobby['id']}/messages", {"text": "from a script", "client_id": "1"})
    assert sent.status_code == 200
    assert api.get(f"rooms/{lobby['id']}/messages", limit=1) == [sent.json()]


def test_nobody_is_told_an_address(meet: Meet) -> None:
    user = meet.user()
    person = meet.person(user)
    person.send(person.room()["id"], "hello")
    assert "@example.org" not in str(person.events)


def test_the_same_client_id_is_the_same_message(meet: Meet) -> None:
    user, other = meet.user(), meet.user()
    person, stranger = meet.person(user), meet.person(other)
    lobby = person.room()["id"]
    first = person.send(lobby, "once", "the-id")
    assert person.send(lobby, "twice", "the-id") == first
    assert meet.person(user).send(lobby, "thrice", "the-id") == first
    answer = meet.api(user)("POST", f"rooms/{lobby}/messages", {"text": "by REST", "client_id": "the-id"})
    assert (answer.status_code, answer.json()) == (200, first)

    theirs = stranger.send(lobby, "mine", "the-id")
    person.wait_for_message(theirs["id"])
    told = [event["message"]["id"] for event in person.changes(lobby)]
    assert told.count(first["id"]) == 1, "what changes nothing is not told again"
    assert theirs["id"] != first["id"]
    assert theirs["text"] == "mine"


def test_a_fast_sender_keeps_the_order(meet: Meet) -> None:
    person = meet.person()
    lobby = person.room()["id"]
    waiting = [
        person.later("message.send", {"room_id": lobby, "text": f"number {n}", "client_id": f"fast-{n}"})
        for n in range(100)
    ]
    sent = [wait()["message"] for wait in waiting]
    assert [message["text"] for message in sent] == [f"number {n}" for n in range(100)]
    seqs = [message["seq"] for message in sent]
    assert seqs == sorted(set(seqs))
    person.wait_for_message(sent[-1]["id"])
    live = [event["message"]["id"] for event in person.changes(lobby)]
    assert [one for one in live if one in {message["id"] for message in sent}] == [message["id"] for message in sent]


def test_numbers_have_no_holes(meet: Meet) -> None:
    ada, ben = meet.person(), meet.person()
    lobby = ada.room()["id"]
    start = ada.send(lobby, "start")["seq"]
    waiting = [
        person.later("message.send", {"room_id": lobby, "text": "x", "client_id": f"holes-{n}"})
        for n in range(40)
        for person in (ada, ben)
    ]
    numbers = sorted(wait()["message"]["seq"] for wait in waiting)
    assert numbers == list(range(start + 1, start + 81))


def test_replies_stay_in_their_room(meet: Meet) -> None:
    person = meet.person()
    lobby = person.room()["id"]
    ngs = person.call("room.join", {"name": "NGS"})["room"]["id"]
    question = person.send(lobby, "Why?")
    assert person.send(lobby, "Because.", reply_to=question["id"])["reply_to"] == question["id"]
    answer = person.call(
        "message.send", {"room_id": ngs, "text": "no", "client_id": "reply", "reply_to": question["id"]}
    )
    assert answer["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "invalid"), (" \n\t", "invalid"), ("x" * 6001, "too_long"), (7, "invalid"), ("\ud800", "invalid")],
)
def test_text_that_is_none(meet: Meet, text: object, code: str) -> None:
    person = meet.person()
    lobby = person.room()["id"]
    answer = person.call("message.send", {"room_id": lobby, "text": text, "client_id": "bad"})
    assert (answer["ok"], answer["error"]["code"]) == (False, code)
    assert answer["error"]["message"]


@pytest.mark.parametrize("text", ["x" * 6000, "日本語 🧬", "<b>&amp;%3Cscript%3E", "a\x00b", "line\r\nline"])
def test_text_is_kept_as_it_was_written(meet: Meet, text: str) -> None:
    """Only what cannot be stored or shown is normalised: NUL, and the line ends of another system."""
    person = meet.person()
    sent = person.send(person.room()["id"], text)
    assert sent["text"] == text.replace("\x00", "").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("message.send", ({},)),
        ("message.send", ()),
        ("message.send", ("text",)),
        ("message.send", (None,)),
        ("message.send", ({"room_id": "f2db41e1fa331b3e", "text": "x", "client_id": "a", "user_id": "1"},)),
        ("message.send", ({"room_id": "f2db41e1fa331b3e", "text": "x", "client_id": "a" * 65},)),
        ("message.explode", ({},)),
        ("room.join", ({},)),
        ("room.read", ({"room_id": "f2db41e1fa331b3e", "seq": -1},)),
        ("sync", ({"rooms": {"f2db41e1fa331b3e": "many"}},)),
        ("presence.set", ({"status": "asleep"},)),
        ("__init__", ({},)),
        ("trigger_event", ({},)),
    ],
)
def test_nonsense_is_answered_and_survived(meet: Meet, event: str, payload: tuple[object, ...]) -> None:
    person = meet.person()
    answer = person.call(event, *payload)
    assert (answer["ok"], answer["error"]["code"]) == (False, "invalid")
    assert person.send(person.room()["id"], "still here")["text"] == "still here"


def test_sharing_is_refused_in_so_many_words_and_sharing_nothing_is_fine(meet: Meet) -> None:
    person = meet.person()
    lobby = person.room()["id"]
    assert person.send(lobby, "nothing shared", shares=[])["shares"] == []
    share = {"room_id": lobby, "text": "x", "client_id": "a", "shares": [{"type": "history", "id": "1"}]}
    answer = person.call("message.send", share)
    assert answer["error"]["code"] == "invalid"
    assert "not possible yet" in answer["error"]["message"]


def test_rooms_that_are_not_there(meet: Meet) -> None:
    person = meet.person()
    for room_id in ("f2db41e1fa331b3e", "no-id", "ß"):
        answer = person.call("message.send", {"room_id": room_id, "text": "x", "client_id": "a"})
        assert answer["error"]["code"] == "not_found"


def test_writing_takes_membership(meet: Meet) -> None:
    person = meet.person()
    ngs = person.room("NGS")["id"]
    answer = person.call("message.send", {"room_id": ngs, "text": "x", "client_id": "a"})
    assert answer["error"]["code"] == "forbidden"


def test_a_page_of_history(meet: Meet) -> None:
    user = meet.user()
    person, api = meet.person(user), meet.api(user)
    lobby = person.room()["id"]
    ids = [person.send(lobby, f"page {n}")["id"] for n in range(12)]
    path = f"rooms/{lobby}/messages"

    newest = api.get(path, limit=5)
    assert [message["id"] for message in newest] == ids[:-6:-1]
    older = api.get(path, limit=5, before=newest[-1]["seq"])
    assert [message["id"] for message in older] == ids[-6:-11:-1]
    newer = api.get(path, limit=3, after=older[-1]["seq"])
    assert [message["id"] for message in newer] == ids[-9:-6][::-1]
    around = api.get(path, limit=5, around=older[2]["seq"])
    assert [message["id"] for message in around] == ids[-10:-5][::-1]
    assert api.get(f"messages/{ids[3]}")["text"] == "page 3"
    for parameters in ({"limit": 0}, {"limit": 201}, {"before": -1}, {"before": 1, "after": 1}):
        assert api("GET", path, params=parameters).status_code == 400
    assert api("GET", "messages/f2db41e1fa331b3e").status_code == 404


def test_edits_deletions_and_reactions_reach_everybody_as_numbered_changes(meet: Meet) -> None:
    ada_user = meet.user("ada")
    ada, ben = meet.person(ada_user), meet.person()
    lobby = ada.room()["id"]
    sent = ada.send(lobby, "frist")
    edited = changed(ada, "message.edit", message_id=sent["id"], text="first")
    reacted = changed(ben, "message.react", message_id=sent["id"], emoji="❤", on=True)
    deleted = changed(ada, "message.delete", message_id=sent["id"])

    assert (edited["text"], edited["seq"]) == ("first", sent["seq"])
    assert edited["edited_at"] > sent["created_at"]
    me = ben.ready["user"]
    assert reacted["reactions"] == [{"emoji": "❤\ufe0f", "count": 1, "users": [me]}], "in the spelling that phones send"
    assert (deleted["text"], deleted["deleted"], deleted["reactions"]) == ("", True, [])
    numbers = [message["changed_seq"] for message in (sent, edited, reacted, deleted)]
    assert numbers == sorted(set(numbers))
    ben.wait_for_change(lobby, deleted["changed_seq"])
    told = [event for event in ben.changes(lobby) if event["message"]["id"] == sent["id"]]
    assert [(event["seq"], event["type"], event["message"]) for event in told] == [
        (sent["seq"], "message.created", sent),
        (edited["changed_seq"], "message.updated", edited),
        (reacted["changed_seq"], "message.updated", reacted),
        (deleted["changed_seq"], "message.deleted", deleted),
    ]
    synced = ben.call("sync", {"rooms": {lobby: sent["seq"] - 1}})["rooms"][lobby]
    assert synced["events"][-1] == told[-1], "replayed once, in its latest state"
    assert meet.api(ada_user).get(f"messages/{sent['id']}") == deleted


def test_scripts_edit_react_and_delete(meet: Meet) -> None:
    api, person = meet.api(meet.user("script")), meet.person()
    lobby = person.room()["id"]
    sent = api("POST", f"rooms/{lobby}/messages", {"text": "one", "client_id": "1"}).json()
    path = f"messages/{sent['id']}"
    assert api("PATCH", path, {"text": "two"}).json()["text"] == "two"
    assert api("PUT", f"{path}/reactions/👍").json()["reactions"][0]["count"] == 1
    assert api("PUT", f"{path}/reactions/%23️⃣").json()["reactions"][1]["emoji"] == "#️⃣"
    assert [one["emoji"] for one in api("DELETE", f"{path}/reactions/👍").json()["reactions"]] == ["#️⃣"]
    gone = api("DELETE", path).json()
    assert gone["deleted"]
    assert person.wait_for_change(lobby, gone["changed_seq"])["message"] == gone
    assert api("PATCH", path, {"text": "three"}).status_code == 409
    assert api("PUT", f"{path}/reactions/nonsense").status_code == 400


@pytest.mark.parametrize(
    ("event", "payload", "code"),
    [
        ("message.edit", {"text": ""}, "invalid"),
        ("message.edit", {"text": "x" * 6001}, "too_long"),
        ("message.edit", {"text": "x", "message_id": "f2db41e1fa331b3e"}, "not_found"),
        ("message.edit", {}, "invalid"),
        ("message.react", {"emoji": "a", "on": True}, "invalid"),
        ("message.react", {"emoji": "👍👍", "on": True}, "invalid"),
        ("message.react", {"emoji": "👍", "on": "yes"}, "invalid"),
        ("message.delete", {"message_id": 7}, "invalid"),
        ("message.delete", {"message_id": "none"}, "not_found"),
    ],
)
def test_changes_that_make_no_sense(meet: Meet, event: str, payload: dict[str, object], code: str) -> None:
    person = meet.person()
    sent = person.send(person.room()["id"], "stays")
    answer = person.call(event, {"message_id": sent["id"], **payload})
    assert (answer["ok"], answer["error"]["code"]) == (False, code)


def test_a_sender_who_does_not_wait_is_stored_in_order_whatever_it_sends(meet: Meet) -> None:
    person = meet.person()
    lobby = person.room()["id"]
    sent = person.send(lobby, "version 0")
    waiting = []
    for n in range(1, 31):
        waiting += [
            person.later("message.edit", {"message_id": sent["id"], "text": f"version {n}"}),
            person.later("message.send", {"room_id": lobby, "text": f"note {n}", "client_id": f"{sent['id']}-{n}"}),
        ]
    numbers = [wait()["message"]["changed_seq"] for wait in waiting]
    assert numbers == sorted(set(numbers))


def changed(person: Person, event: str, **payload: object) -> dict[str, Any]:
    answer = person.call(event, payload)
    assert answer["ok"], answer
    return cast("dict[str, Any]", answer["message"])


def test_sync_brings_exactly_what_was_missed(meet: Meet) -> None:
    ada, ben = meet.person(), meet.person()
    lobby = ada.room()["id"]
    applied = ada.send(lobby, "seen")["seq"]
    missed = [ben.send(lobby, f"missed {n}") for n in range(3)]
    answer = ada.call("sync", {"rooms": {lobby: applied, "f2db41e1fa331b3e": 0}})["rooms"]
    assert list(answer) == [lobby], "a room that one may not know of is not mentioned"
    assert answer[lobby]["recovered"] is True
    assert answer[lobby]["head_seq"] == missed[-1]["seq"]
    assert answer[lobby]["events"] == [ada.wait_for_message(message["id"]) for message in missed]
    nothing = ada.call("sync", {"rooms": {lobby: missed[-1]["seq"]}})["rooms"][lobby]
    assert (nothing["recovered"], nothing["events"]) == (True, [])


def test_sync_past_the_cap_says_so(meet: Meet) -> None:
    person = meet.person()
    room = person.call("room.join", {"name": "RNA-Seq"})["room"]
    waiting = [
        person.later("message.send", {"room_id": room["id"], "text": "x", "client_id": f"cap-{n}"}) for n in range(301)
    ]
    last = [wait()["message"] for wait in waiting][-1]
    answer = person.call("sync", {"rooms": {room["id"]: last["seq"] - 301}})["rooms"][room["id"]]
    assert answer["recovered"] is False
    assert [event["seq"] for event in answer["events"]] == list(range(last["seq"] - 49, last["seq"] + 1))
    assert answer["head_seq"] == last["seq"]
    at_the_cap = person.call("sync", {"rooms": {room["id"]: last["seq"] - 300}})["rooms"][room["id"]]
    assert (at_the_cap["recovered"], len(at_the_cap["events"])) == (True, 300)
    from_the_future = person.call("sync", {"rooms": {room["id"]: last["seq"] + 5}})["rooms"][room["id"]]
    assert from_the_future["recovered"] is False


def test_sync_of_many_rooms_has_a_cap_for_all_together(meet: Meet) -> None:
    person = meet.person()
    names = ("NGS", "RNA-Seq", "Genome Annotation")
    joined = [person.room(), *(person.call("room.join", {"name": name})["room"] for name in names)]
    payloads = [
        {"room_id": room["id"], "text": "x", "client_id": f"total-{n}"} for room in joined for n in range(SYNC_CAP)
    ]
    waiting = [person.later("message.send", payload) for payload in payloads]
    sent = [wait()["message"] for wait in waiting]
    heads = {message["room_id"]: message["seq"] for message in sent}
    answer = person.call("sync", {"rooms": {room: head - SYNC_CAP for room, head in heads.items()}})["rooms"]
    assert [answer[room["id"]]["recovered"] for room in joined] == [True, True, True, False]
    assert [len(answer[room["id"]]["events"]) for room in joined] == [SYNC_CAP] * 3 + [50]
    assert {room: gap["head_seq"] for room, gap in answer.items()} == heads
