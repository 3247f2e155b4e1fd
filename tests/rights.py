"""Who may do what: the table that is tried out cell by cell (`test_rights`) and printed as docs/rights.md.

    python -m tests.rights        writes docs/rights.md anew

A line is a role, its six signs the kinds of rooms. The same holds on the socket and over REST.
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "rights.md"
KINDS = ("lobby", "persistent", "public", "private", "direct", "group")
SIGNS = {
    "+": "ok",
    "f": "forbidden",
    "n": "not_found",
    "s": "silenced",
    "c": "conflict",
    ".": "",
}
ROLES = {
    "outsider": "uses the chat, is not in the room",
    "member": "is in the room",
    "moderator": "was appointed in it",
    "owner": "has made it, or was handed it",
    "administrator": "of this Galaxy; is in the lobby alone",
    "silenced": "a member whom an administrator has silenced",
    "former": "was a member, and has left or lost the Galaxy group",
}
#: Who does not come through the door, whatever they want.
DOOR = {
    "stranger": ("not_authenticated", "is not logged in to Galaxy"),
    "not opted in": ("disabled", "has not switched chat on"),
    "banned": ("forbidden", "was banned by an administrator"),
    "deleted": ("not_authenticated", "is a deleted user of Galaxy"),
}

_READ = {
    "outsider": ".++nnn",
    "member": "++++++",
    "moderator": "++++..",
    "owner": "..++..",
    "administrator": "+++nnn",
    "silenced": "++++++",
    "former": ".++n.n",
}
_WRITE = {**_READ, "outsider": ".ffnnn", "administrator": "+ffnnn", "silenced": "ssssss", "former": ".ffn.n"}
_BELONG = {**_READ, "outsider": ".nnnnn", "administrator": "+nnnnn", "former": ".nnn.n"}
_MODERATE = {**_READ, "outsider": ".ffnnn", "member": "ffffff", "silenced": "ffffff", "former": ".ffn.n"}
_MANAGE = {**_MODERATE, "moderator": "ffff.."}

#: By operation and role: what comes of it, in each kind of room. A full stop: there is no such case.
TABLE: dict[str, dict[str, str]] = {
    "see the room": _READ,
    "read its history": _READ,
    "read a message": _READ,
    "sync": _READ,
    "list the pinned messages": _READ,
    "list the members": _READ,
    "search in it": _READ,
    "write": _WRITE,
    "answer a message": _WRITE,
    "react": _WRITE,
    "edit one's own message": {**_WRITE, "outsider": "......", "administrator": "+....."},
    "edit another's message": {
        **_WRITE,
        "member": "ffffff",
        "moderator": "ffff..",
        "owner": "..ff..",
        "administrator": "fffnnn",
    },
    "delete one's own message": {**_READ, "outsider": "......", "administrator": "+....."},
    "delete another's message": _MODERATE,
    "pin a message": {**_WRITE, "member": "ffff+f"},
    "see what one's own message said before": {**_READ, "outsider": "......", "administrator": "+....."},
    "see what another's message said before": _MODERATE,
    "type": _BELONG,
    "move one's read pointer": _BELONG,
    "set how much one wants to hear": _BELONG,
    "join": _READ,
    "leave": {
        **_READ,
        "member": "f++" + "+ff",
        "moderator": "f+++..",
        "administrator": "f++nnn",
        "silenced": "f++" + "+ff",
    },
    "invite somebody": {
        **_WRITE,
        "member": "f++fff",
        "moderator": "f+++..",
        "administrator": "fffnnn",
    },
    "remove somebody": {**_MODERATE, "moderator": "f+++..", "administrator": "f++nnn"},
    "appoint a moderator": _MANAGE,
    "change the topic": _MANAGE,
    "archive": {**_MANAGE, "administrator": "fc+nnn"},
}


def expected(operation: str, role: str, kind: str) -> str:
    """`ok` or an error's code; empty where there is no such case."""
    return SIGNS[TABLE[operation][role][KINDS.index(kind)]]


def page() -> str:
    lines = [
        "# Who may do what",
        "",
        "Made from the table in `tests/rights.py`, of which every cell is tried out on a real Galaxy, over REST and,",
        "where there is an event for it, on the socket. What one may not know of is `not_found`, never `forbidden`.",
        "",
        "| role | |",
        "| --- | --- |",
        *(f"| {role} | {meaning} |" for role, meaning in ROLES.items()),
        *(f"| {role} | {meaning}: `{code}`, whatever they ask for |" for role, (code, meaning) in DOOR.items()),
        "",
        "It makes no difference whether one comes with Galaxy's session or with an API key.",
    ]
    for operation, rows in TABLE.items():
        lines += ["", f"## {operation[0].upper()}{operation[1:]}", "", f"| | {' | '.join(KINDS)} |"]
        lines.append("| --- |" + " --- |" * len(KINDS))
        for role in rows:
            cells = (expected(operation, role, kind) for kind in KINDS)
            if any(signs := list(cells)):
                lines.append(f"| {role} | {' | '.join('yes' if sign == 'ok' else sign for sign in signs)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
