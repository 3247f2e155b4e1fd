"""Who may do what: the one table. `test_rights` tries every cell of it on REST and on the socket.

``python -m tests.rights`` prints it as docs/rights.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "rights.md"

KINDS = {
    "lobby": "everybody is in it, from their first visit on",
    "persistent": "a room of `persistent_communication_rooms`",
    "public": "a room that somebody made for all",
    "read_only": "a public room in which only its moderators write",
    "archived": "a public room that was archived",
    "private": "a room by invitation",
    "direct": "a conversation of two: no owner, no moderators",
    "group": "the room of a Galaxy group: whoever is in the group is in the room",
}
#: Whoever is not in such a room may not know of it.
HIDDEN = ("private", "direct", "group")

ROLES = {
    "stranger": "uses the chat, and is not in the room",
    "former": "was in the room and wrote there, then left, was removed, or lost the Galaxy group",
    "member": "is in the room",
    "moderator": "is in the room, as one of its moderators",
    "owner": "is in the room, as its owner",
    "silenced": "is a moderator of the room, and silenced by an administrator",
    "admin_out": "an administrator of Galaxy who is not in the room",
    "admin_in": "an administrator of Galaxy who is in the room",
}
OUTSIDERS = ("stranger", "former", "admin_out")
#: In these kinds some roles do not exist.
ABSENT = {"lobby": OUTSIDERS, "direct": ("former", "moderator", "owner")}

#: Who is not let in, and what they are told, whatever they ask for; what is still theirs is in the last table.
DOOR = {
    "signed_out": "not_authenticated",
    "deleted": "not_authenticated",
    "opted_out": "disabled",
    "banned": "forbidden",
}
PEOPLE = {
    "user": "uses the chat, by an API key or a browser's session: both are the same",
    "silenced": "is silenced by an administrator: reads, and writes nothing",
    "admin": "an administrator of Galaxy who uses the chat",
    "opted_out": "a Galaxy user who has not switched the chat on",
    "banned": "is banned by an administrator",
    "signed_out": "nobody",
    "deleted": "a deleted user, by the key or session they had",
}


@dataclass(frozen=True)
class Row:
    operation: str
    outcomes: str
    """One for each of `ROLES` or `PEOPLE`: ``ok``, an error code, ``left_out`` of an answer, or ``-``: cannot be."""
    but: Mapping[str, str] = field(default_factory=dict)
    """Exceptions, by ``kind kind: role role``; a ``*`` is everybody, and without roles it is whoever else could."""
    hidden: str = "not_found"
    """What it is in hidden rooms for those who are not in them."""


# fmt: off
#             stranger  former    member    moderator owner     silenced  admin_out admin_in
EVERYBODY  = "ok        ok        ok        ok        ok        ok        ok        ok"
AUTHOR     = "-         ok        ok        ok        ok        ok        -         ok"
WRITERS    = "forbidden forbidden ok        ok        ok        silenced  forbidden ok"
PINNERS    = "forbidden forbidden forbidden ok        ok        silenced  forbidden ok"
MODERATORS = "forbidden forbidden forbidden ok        ok        silenced  ok        ok"
MANAGERS   = "forbidden forbidden forbidden forbidden ok        silenced  ok        ok"
ADMINISTRATORS = "forbidden forbidden forbidden forbidden forbidden forbidden ok ok"
REMOVERS   = "forbidden forbidden forbidden forbidden forbidden forbidden conflict conflict"
PRESENT    = "not_found not_found ok        ok        ok        ok        not_found ok"
# fmt: on
ADMINISTRATORS = "forbidden forbidden forbidden forbidden forbidden forbidden ok ok"

ARCHIVED = {"archived: *": "archived"}
CLOSED = ARCHIVED | {"read_only: member": "forbidden"}
ARCHIVED_TO_NEWCOMERS = "archived: stranger former admin_out"
NO_MODERATORS = {"direct": "forbidden"}
ADMINISTRATORS_ROOMS = {"lobby persistent: moderator owner": "forbidden"}
ADMINISTRATORS_ALL = {"private direct group: admin_out": "ok"}
REPORTS_LISTED = {"direct: silenced": "left_out"} | ADMINISTRATORS_ALL
REPORTS_RESOLVED = {"direct: silenced": "not_found"} | ADMINISTRATORS_ALL
FIXED_MEMBERS = {"lobby direct group": "forbidden"}
OF_TWO = {"direct: admin_in admin_out": "not_found"}
#: What two said to each other is theirs.
TWO_ALONE = {"direct: admin_out admin_in": "not_found"}
REMOVED = TWO_ALONE | {"private group: admin_out": "conflict", "lobby: admin_in": "forbidden"}
IN_GALAXY_YML = {"persistent": "conflict"}

ROOMS: Mapping[str, Sequence[Row]] = {
    "Reading": (
        Row("get a room", EVERYBODY),
        Row("see it in the list", EVERYBODY, {ARCHIVED_TO_NEWCOMERS: "left_out"}, hidden="left_out"),
        Row("be told of it at first", EVERYBODY, {ARCHIVED_TO_NEWCOMERS: "left_out"}, hidden="left_out"),
        Row("read its messages", EVERYBODY),
        Row("sync", EVERYBODY, hidden="left_out"),
        Row("get a message", EVERYBODY),
        Row("list pins", EVERYBODY),
        Row("list members", EVERYBODY),
        Row("search in it", EVERYBODY),
        Row("search everywhere", EVERYBODY, hidden="left_out"),
        Row("revisions of one's own", AUTHOR),
        Row("revisions of another's", "forbidden forbidden forbidden ok ok ok ok ok", NO_MODERATORS),
    ),
    "Writing": (
        Row("send", WRITERS, CLOSED),
        Row("reply", WRITERS, CLOSED),
        Row("react", WRITERS, CLOSED),
        Row("take a reaction back", WRITERS, CLOSED),
        Row("edit one's own", "- forbidden ok ok ok silenced - ok", CLOSED),
        Row(
            "edit another's", "forbidden forbidden forbidden forbidden forbidden silenced forbidden forbidden", ARCHIVED
        ),
        Row("delete one's own", AUTHOR),
        Row("report", EVERYBODY),
        Row("delete another's", MODERATORS, NO_MODERATORS),
        Row("pin", PINNERS, {"direct: member": "ok"} | ARCHIVED),
        Row("unpin", PINNERS, {"direct: member": "ok"} | ARCHIVED),
    ),
    "Coming, going, and one's own place": (
        Row("join", EVERYBODY, {ARCHIVED_TO_NEWCOMERS: "archived"}),
        Row("leave", EVERYBODY, FIXED_MEMBERS),
        Row("move the read pointer", PRESENT),
        Row("choose what to hear", PRESENT),
        Row("say that one types", PRESENT),
    ),
    "Looking after a room": (
        Row("invite", WRITERS, {"private: member": "forbidden"} | FIXED_MEMBERS | ARCHIVED),
        Row("remove a member", MODERATORS, FIXED_MEMBERS),
        Row("remove the owner", "forbidden forbidden forbidden forbidden - silenced ok ok", FIXED_MEMBERS),
        Row("see its reports", "left_out left_out left_out ok ok ok ok ok", REPORTS_LISTED, hidden="left_out"),
        Row("resolve a report", "not_found not_found not_found ok ok silenced ok ok", REPORTS_RESOLVED),
        Row("ban somebody from it", MODERATORS, {"lobby direct": "forbidden"}),
        Row("ban the owner", "forbidden forbidden forbidden forbidden - silenced ok ok", {"lobby direct": "forbidden"}),
        Row("see who is banned from it", "forbidden forbidden forbidden ok ok ok ok ok", {"lobby direct": "forbidden"}),
        Row("end a ban from it", MODERATORS, {"lobby direct": "forbidden"}),
        Row("make a moderator", MANAGERS, NO_MODERATORS),
        Row("hand over", MANAGERS, NO_MODERATORS),
        Row("change the topic", MANAGERS, NO_MODERATORS),
        Row("set slow mode", MODERATORS, ADMINISTRATORS_ROOMS | NO_MODERATORS),
        Row("make read-only", MODERATORS, ADMINISTRATORS_ROOMS | NO_MODERATORS),
        Row("open again", MODERATORS, ADMINISTRATORS_ROOMS | NO_MODERATORS),
        Row("rename", MANAGERS, NO_MODERATORS | IN_GALAXY_YML),
        Row("archive", MANAGERS, {"lobby direct": "forbidden"} | IN_GALAXY_YML),
        Row("bring back", MANAGERS, NO_MODERATORS),
        Row("change it in the list of all rooms", ADMINISTRATORS, OF_TWO | ADMINISTRATORS_ALL, hidden="forbidden"),
        Row("export it", ADMINISTRATORS, TWO_ALONE | {"private group: admin_out": "ok"}, hidden="forbidden"),
        Row("remove it, by another name", REMOVERS, REMOVED, hidden="forbidden"),
    ),
}

# fmt: off
#            user      silenced  admin     opted_out banned    signed_out        deleted
ALL       = "ok        ok        ok        disabled  forbidden not_authenticated not_authenticated"
SPEAKERS  = "ok        silenced  ok        disabled  forbidden not_authenticated not_authenticated"
CREATORS  = "forbidden forbidden ok        disabled  forbidden not_authenticated not_authenticated"
NONE      = "invalid   invalid   invalid   disabled  forbidden not_authenticated not_authenticated"
USERS     = "ok        ok        ok        ok        ok        not_authenticated not_authenticated"
ADMINS    = "forbidden forbidden ok        forbidden forbidden not_authenticated not_authenticated"
# fmt: on

SERVER: Sequence[Row] = (
    Row("make a public room", SPEAKERS),
    Row("make a private room", SPEAKERS),
    Row("begin a conversation", SPEAKERS),
    Row("open one that is there", ALL),
    Row("make a group's room", CREATORS),
    Row("make a lobby", NONE),
    Row("make a persistent room", CREATORS),
    Row("look somebody up", ALL),
    Row("mute somebody", ALL),
    Row("hear them again", ALL),
    Row("list whom one has muted", ALL),
    Row("say that one is away", ALL),
    Row("read one's preferences", USERS),
    Row("change one's preferences", USERS),
    # Who is banned is told why by the door.
    Row("be told that chat is available", "ok ok ok left_out ok left_out left_out"),
    Row("switch the chat on for everybody", ADMINS),
    Row("silence somebody", ADMINS),
    Row("end a silence", ADMINS),
    Row("ban somebody", ADMINS),
    Row("end a ban", ADMINS),
    Row("look at silences and bans", ADMINS),
    Row("look at the audit log", ADMINS),
    Row("look at the word filter", ADMINS),
    Row("set the word filter", ADMINS),
    Row("try the word filter", ADMINS),
    Row("look at the figures", ADMINS),
    Row("scrape the metrics", ADMINS),
    Row("look at the statistics", ADMINS),
    Row("list all rooms", ADMINS),
    Row("list Galaxy's groups", ADMINS),
    Row("list all people", ADMINS),
    Row("look at how long messages are kept", ADMINS),
    Row("say how long messages are kept", ADMINS),
    Row("look at what would be removed", ADMINS),
    Row("export what one has written", USERS),
)


def in_room(row: Row, role: str, kind: str) -> str | None:
    """What is expected; None for what cannot be tried."""
    outcome = dict(zip(ROLES, row.outcomes.split(), strict=True))[role]
    if outcome == "-" or role in ABSENT.get(kind, ()):
        return None
    exceptions = [(where.partition(":"), instead) for where, instead in row.but.items()]
    for (kinds, _, roles), instead in exceptions:
        if kind in kinds.split() and role in roles.split():
            return instead
    if kind in HIDDEN and role in OUTSIDERS:
        return row.hidden
    for (kinds, _, roles), instead in exceptions:
        affected = roles.split() or ([role] if outcome == "ok" else [])
        if kind in kinds.split() and (role in affected or affected == ["*"]):
            return instead
    return outcome


def on_server(row: Row, who: str) -> str:
    return dict(zip(PEOPLE, row.outcomes.split(), strict=True))[who]


def room_rows() -> list[Row]:
    return [row for rows in ROOMS.values() for row in rows]


if __name__ == "__main__":
    from tests.rights_page import markdown

    PAGE.write_text(markdown())
