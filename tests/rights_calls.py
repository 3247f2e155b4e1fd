"""How each operation of `rights` is asked for: on REST and on the socket, as templates to fill in."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.people import Api, Person
from tests.rights import OUTSIDERS, ROLES

Values = Mapping[str, str]
"""What fills the templates: ``room``, ``own`` and ``another`` (messages), ``member``, and so on (`rights_cast`)."""


@dataclass(frozen=True)
class Call:
    rest: str = ""
    """Method and path."""
    body: object = None
    event: str = ""
    payload: object = None
    shows: Callable[[Any, Values], bool] = lambda _answer, _values: True
    """Whether the answer holds what was asked for; otherwise it was left out."""
    spends: Collection[str] = ()
    """Roles that cannot try it again in the same place when it is done."""


def _has_room(answer: Any, values: Values) -> bool:
    rooms = answer["rooms"] if isinstance(answer, dict) else answer
    return values["room"] in {room["id"] for room in rooms}


def _has_report(answer: Any, values: Values) -> bool:
    return values["report"] in {report["id"] for report in answer}


def _found(answer: Any, _values: Values) -> bool:
    return bool(answer)


def _both(path: str, event: str, payload: Mapping[str, object], in_path: str = "", **more: Any) -> Call:
    """Where REST takes what the socket takes, but for the id that is in the path."""
    body = {name: value for name, value in payload.items() if name != in_path}
    return Call(path, body or None, event, payload, **more)


MESSAGE = {"room_id": "{room}", "text": "said {number}", "client_id": "rights-{number}"}
REACTION = {"message_id": "{another}", "emoji": "👍"}
INSIDERS = set(ROLES) - set(OUTSIDERS)
MEMBERS = "rooms/{room}/members"


def _send(**more: str) -> Call:
    return _both("POST rooms/{room}/messages", "message.send", {**MESSAGE, **more}, "room_id")


def _edit(message: str) -> Call:
    payload = {"message_id": message, "text": "edited {number}"}
    return _both(f"PATCH messages/{message}", "message.edit", payload, "message_id")


def _delete(message: str) -> Call:
    return _both(f"DELETE messages/{message}", "message.delete", {"message_id": message}, "message_id")


def _create(**wanted: object) -> Call:
    return _both("POST rooms", "room.create", wanted)


IN_ROOMS: Mapping[str, Call] = {
    "get a room": Call("GET rooms/{room}"),
    "see it in the list": Call("GET rooms", None, "hello", {}, shows=_has_room),
    "read its messages": Call("GET rooms/{room}/messages", shows=_found),
    "be told of it at first": Call("GET hello", shows=_has_room),
    "sync": _both(
        "POST sync", "sync", {"rooms": {"{room}": 0}}, shows=lambda answer, at: at["room"] in answer["rooms"]
    ),
    "get a message": Call("GET messages/{another}"),
    "list pins": Call("GET rooms/{room}/pins"),
    "list members": Call("GET rooms/{room}/members"),
    "search in it": Call("GET search?q={word}&room_id={room}", shows=_found),
    "search everywhere": Call("GET search?q={word}", shows=_found),
    "revisions of one's own": Call("GET messages/{own}/revisions"),
    "revisions of another's": Call("GET messages/{another}/revisions"),
    "send": _send(),
    "reply": _send(reply_to="{another}"),
    "react": Call("PUT messages/{another}/reactions/👍", None, "message.react", {**REACTION, "on": True}),
    "take a reaction back": Call(
        "DELETE messages/{another}/reactions/👍", None, "message.react", {**REACTION, "on": False}
    ),
    "edit one's own": _edit("{own}"),
    "edit another's": _edit("{another}"),
    "delete one's own": _delete("{own_doomed}"),
    "report": Call("POST messages/{another}/report", {"reason": "{number}"}),
    "delete another's": _delete("{another_doomed}"),
    "pin": Call("PUT messages/{another}/pin"),
    "unpin": Call("DELETE messages/{another}/pin"),
    "join": _both("POST rooms/{room}/membership", "room.join", {"room_id": "{room}"}, "room_id", spends=OUTSIDERS),
    "leave": _both("DELETE rooms/{room}/membership", "room.leave", {"room_id": "{room}"}, "room_id", spends=INSIDERS),
    "move the read pointer": _both("PUT rooms/{room}/read", "room.read", {"room_id": "{room}", "seq": 1}, "room_id"),
    "choose what to hear": Call("PATCH rooms/{room}/membership", {"notify": "all"}),
    "say that one types": Call(event="room.typing", payload={"room_id": "{room}"}),
    "invite": Call(f"POST {MEMBERS}", {"user_id": "{guest}"}),
    "remove a member": Call(f"DELETE {MEMBERS}/{{member}}", spends=ROLES),
    "remove the owner": Call(f"DELETE {MEMBERS}/{{owner}}", spends=ROLES),
    "see its reports": Call("GET admin/reports?limit=200", shows=_has_report),
    "resolve a report": Call("PUT admin/reports/{report}", {"outcome": "dismissed"}),
    "ban somebody from it": Call("PUT rooms/{room}/bans/{guest}", {}),
    "ban the owner": Call("PUT rooms/{room}/bans/{owner}", {}, spends=ROLES),
    "see who is banned from it": Call("GET rooms/{room}/bans"),
    "end a ban from it": Call("DELETE rooms/{room}/bans/{guest}"),
    "make a moderator": Call(f"PATCH {MEMBERS}/{{member}}", {"role": "moderator"}),
    "hand over": Call(f"PATCH {MEMBERS}/{{member}}", {"role": "owner"}, spends=ROLES),
    "change the topic": Call("PATCH rooms/{room}", {"topic": "about {number}"}),
    "set slow mode": Call("PATCH rooms/{room}", {"slow_mode_seconds": 0}),
    "make read-only": Call("PATCH rooms/{room}", {"read_only": True}, spends=ROLES),
    "open again": Call("PATCH rooms/{room}", {"read_only": False}, spends=ROLES),
    "rename": Call("PATCH rooms/{room}", {"name": "Rights, renamed {number}"}),
    "archive": Call("DELETE rooms/{room}", spends=ROLES),
    "bring back": Call("PATCH rooms/{room}", {"archived": False}, spends=ROLES),
    "change it in the list of all rooms": Call("PATCH admin/rooms/{room}", {"topic": "about {number}"}),
    "export it": Call("GET admin/rooms/{room}/export"),
    "remove it, by another name": Call("DELETE admin/rooms/{room}?name=another"),
}

ON_SERVER: Mapping[str, Call] = {
    "make a public room": _create(kind="public", name="Rights, made {number}"),
    "make a private room": _create(kind="private", name="Rights, made {number}"),
    "begin a conversation": _create(kind="direct", members=["{guest}"]),
    "open one that is there": _create(kind="direct", members=["{host}"]),
    "make a group's room": _create(kind="group", group_id="{group}"),
    "make a lobby": _create(kind="lobby", name="Rights, made {number}"),
    "make a persistent room": _create(kind="persistent", name="Rights, made {number}"),
    "look somebody up": Call("GET users?query={host_name}", shows=_found),
    "mute somebody": Call("PUT users/{guest}/mute"),
    "hear them again": Call("DELETE users/{guest}/mute"),
    "list whom one has muted": Call("GET mutes"),
    "say that one is away": Call(event="presence.set", payload={"status": "away"}),
    "read one's preferences": Call("GET preferences"),
    "change one's preferences": Call("PUT preferences", {"typing": True}),
    "be told that chat is available": Call("GET status", shows=lambda answer, _: bool(answer["available"])),
    "switch the chat on for everybody": Call("PUT status", {"enabled": True}),
    "silence somebody": Call("PUT admin/silences/{guest}", {}),
    "end a silence": Call("DELETE admin/silences/{guest}"),
    "ban somebody": Call("PUT admin/bans/{guest}", {}),
    "end a ban": Call("DELETE admin/bans/{guest}"),
    "look at silences and bans": Call("GET admin/sanctions"),
    "look at the audit log": Call("GET admin/audit"),
    "look at the word filter": Call("GET admin/word-filter"),
    "set the word filter": Call("PUT admin/word-filter", {"lists": []}),
    "try the word filter": Call("POST admin/word-filter/try", {"text": "{number}"}),
    "look at the figures": Call("GET admin/figures"),
    "scrape the metrics": Call("GET admin/metrics"),
    "look at the statistics": Call("GET admin/statistics"),
    "list all rooms": Call("GET admin/rooms"),
    "list all people": Call("GET admin/users"),
    "list Galaxy's groups": Call("GET admin/groups"),
    "look at how long messages are kept": Call("GET admin/retention"),
    "say how long messages are kept": Call("PUT admin/retention", {"days": {"lobby": None}}),
    "look at what would be removed": Call("POST admin/retention/preview", {}),
    "export what one has written": Call("GET export"),
}

_numbers = itertools.count(1)


def filled(template: Any, values: Values) -> Any:
    if isinstance(template, str):
        return template.format_map(values)
    if isinstance(template, Mapping):
        return {filled(name, values): filled(value, values) for name, value in template.items()}
    return [filled(one, values) for one in template] if isinstance(template, list) else template


def ask_rest(api: Api, call: Call, values: Values) -> tuple[str, Any]:
    """The outcome, and the whole answer."""
    values = {**values, "number": str(next(_numbers))}
    method, _, path = filled(call.rest, values).partition(" ")
    response = api(method, path, filled(call.body, values))
    is_json = response.content and response.headers["content-type"].startswith("application/json")
    answer = response.json() if is_json else response.text
    if response.ok:
        return "ok" if call.shows(answer, values) else "left_out", answer
    error = answer.get("error") if isinstance(answer, dict) else None
    return (error["code"] if error else f"HTTP {response.status_code}"), answer


def ask_socket(person: Person, call: Call, values: Values) -> tuple[str, Any]:
    values = {**values, "number": str(next(_numbers))}
    answer = person.call(call.event, filled(call.payload, values))
    if answer["ok"]:
        return "ok" if call.shows(answer, values) else "left_out", answer
    return answer["error"]["code"], answer
