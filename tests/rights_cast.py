"""The people and rooms of the rights matrix: for each role and each kind of room a place where it can be tried."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.galaxy_server import TestUser
from tests.people import Api, Meet, Person
from tests.rights import ABSENT, KINDS, ROLES

#: Rooms that are there once for everybody, and are put in order again instead of made anew.
SHARED = ("lobby", "persistent")
LOBBY = "All Chats"
#: The administrator cannot be both in a room and out of it.
PERSISTENT, PERSISTENT_ADMINS = "RNA-Seq", "Genome Annotation"
#: They have never been in the room.
NEVER_IN = ("stranger", "admin_out")

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Actor:
    user: TestUser
    api: Api
    person: Person | None = None


@dataclass(frozen=True)
class Place:
    """A room with somebody's role in it, and what they can act on there."""

    room: str
    another: str
    """A message of somebody else's, and one that is there to be deleted."""
    another_doomed: str
    own: str
    """Theirs, the same; empty where they cannot have any."""
    own_doomed: str
    report: str
    """Of ``another``."""
    word: str
    """In ``another`` and nowhere else."""
    member: str
    """A plain member; in a conversation, the other one."""
    owner: str
    guest: str
    """Somebody who is not in the room."""


class Cast:
    def __init__(self, meet: Meet) -> None:
        self._meet = meet
        self.admin = self._actor(meet.galaxy.admin(chat=True))
        self.host, self.bystander = self.newcomer("host"), self.newcomer("bystander")
        self.guest = meet.user("guest")
        self.actors = {role: self.admin if role.startswith("admin") else self.newcomer(role) for role in ROLES}
        self._rooms: dict[str, str] = {room["name"]: room["id"] for room in self.admin.api.get("rooms")}
        cells = [(kind, role) for kind in KINDS for role in ROLES if role not in ABSENT.get(kind, ())]
        self.standing = {(kind, role): self._entered(kind, role) for kind, role in cells if kind in SHARED}
        self.standing |= {(kind, role): self.build(kind, role) for kind, role in cells}

    def newcomer(self, name: str) -> Actor:
        return self._actor(self._meet.user(name.replace("_", "-")))

    def _actor(self, user: TestUser) -> Actor:
        return Actor(user, self._meet.api(user), self._meet.person(user))

    @contextmanager
    def place(self, kind: str, role: str, *, afresh: bool) -> Iterator[Place]:
        """
        :param afresh: one in which nothing was done yet, nor said.
        """
        if not afresh:
            yield self.standing[kind, role]
            return
        yield self.build(kind, role, silent=True)
        if kind in SHARED:
            self.build(kind, role)

    def build(self, kind: str, role: str, *, silent: bool = False) -> Place:
        with self._heard(role):
            if kind in SHARED:
                return self._shared(kind, role)
            if kind == "direct":
                return self._direct(role)
            if kind == "group":
                return self._of_group(role, silent)
            return self._named(kind, role, self.actors[role], silent)

    @contextmanager
    def _heard(self, role: str) -> Iterator[None]:
        """The silenced are silenced when all is arranged and said."""
        path = f"admin/silences/{self.actors[role].user.id}"
        if role == "silenced":
            done(self.admin.api, "DELETE", path)
        yield
        if role == "silenced":
            done(self.admin.api, "PUT", path, {"reason": "They moderate, and were silenced."})

    # One kind after the other

    def _named(self, kind: str, role: str, actor: Actor, silent: bool) -> Place:
        maker = actor if role == "owner" else self.host
        invited = {self.bystander, self.host, actor} - {maker} - ({actor} if role in NEVER_IN else set())
        wanted = {"name": unique(), "members": [one.user.id for one in invited]}
        wanted["kind"] = "private" if kind == "private" else "public"
        room = done(maker.api, "POST", "rooms", wanted)["id"]
        if role in ("moderator", "silenced"):
            done(maker.api, "PATCH", f"rooms/{room}/members/{actor.user.id}", {"role": "moderator"})
        place = self._furnished(room, role, actor, owner=maker, silent=silent)
        if role == "former" and kind == "private":
            done(maker.api, "DELETE", f"rooms/{room}/members/{actor.user.id}")
        elif role == "former":
            done(actor.api, "DELETE", f"rooms/{room}/membership")
        if kind == "read_only":
            done(maker.api, "PATCH", f"rooms/{room}", {"read_only": True})
        if kind == "archived":
            done(maker.api, "DELETE", f"rooms/{room}")
        return place

    def joined(self, kind: str, actor: Actor) -> Place:
        """A new room with somebody in it who has no role of `ROLES`."""
        return self._named(kind, "member", actor, silent=False)

    def _direct(self, role: str) -> Place:
        one = self.bystander if role in NEVER_IN else self.actors[role]
        room = done(self.host.api, "POST", "rooms", {"kind": "direct", "members": [one.user.id]})["id"]
        return self._furnished(room, role, self.actors[role], owner=self.host, member=self.host)

    def _of_group(self, role: str, silent: bool) -> Place:
        """Roles in it are the administrator's to give, who is in the group until all is arranged."""
        actor = self.actors[role]
        there = {self.admin, self.host, self.bystander} | ({actor} if role != "stranger" else set())
        group = self.group([one.user for one in there])
        room = done(self.admin.api, "POST", "rooms", {"kind": "group", "group_id": group})["id"]
        for one in there - {self.admin}:
            one.api.get(f"rooms/{room}")
        owner = actor if role == "owner" else self.host
        self._appoint(room, "owner", owner)
        if role in ("moderator", "silenced"):
            self._appoint(room, "moderator", actor)
        place = self._furnished(room, role, actor, owner=owner, silent=silent)
        for gone in ({actor} if role == "former" else set()) | ({self.admin} if role != "admin_in" else set()):
            self._galaxy("DELETE", f"groups/{group}/users/{gone.user.id}")
            assert gone.api("GET", f"rooms/{room}").status_code == 404
        return place

    def group(self, users: list[TestUser]) -> str:
        wanted = {"name": unique(), "user_ids": [user.id for user in users], "role_ids": []}
        (made,) = self._galaxy("POST", "groups", wanted)
        return str(made["id"])

    def _galaxy(self, method: str, path: str, json: object = None) -> Any:
        return self._meet.galaxy.api(method, path, json, key=self.admin.user.api_key)

    def _shared_room(self, kind: str, role: str) -> str:
        return self._rooms[LOBBY if kind == "lobby" else PERSISTENT_ADMINS if role == "admin_in" else PERSISTENT]

    def _entered(self, kind: str, role: str) -> Place:
        """One of the shared rooms, where all but strangers have been and spoken."""
        room, actor = self._shared_room(kind, role), self.actors[role]
        for one in {self.host, self.bystander} | ({actor} if role not in NEVER_IN else set()):
            done(one.api, "POST", f"rooms/{room}/membership")
        return self._furnished(room, role, actor, owner=self.actors["owner"])

    def _shared(self, kind: str, role: str) -> Place:
        """Puts in order what is not."""
        room, actors = self._shared_room(kind, role), self.actors
        outside = {actors["stranger"], actors["former"]} | ({self.admin} if role != "admin_in" else set())
        inside = {*actors.values(), self.host, self.bystander} - (set() if kind == "lobby" else outside)
        done(self.admin.api, "PATCH", f"rooms/{room}", {"read_only": False})
        for ban in self.admin.api.get(f"rooms/{room}/bans") if kind != "lobby" else ():
            done(self.admin.api, "DELETE", f"rooms/{room}/bans/{ban['user']['id']}")
        roles = {member["id"]: member["role"] for member in self.admin.api.get(f"rooms/{room}/members")}
        for actor in outside - inside:
            if actor.user.id in roles:
                done(actor.api, "DELETE", f"rooms/{room}/membership")
        for actor in inside:
            if actor.user.id not in roles:
                done(actor.api, "POST", f"rooms/{room}/membership")
        if roles.get(actors["owner"].user.id) != "owner":
            self._appoint(room, "owner", actors["owner"])
            roles |= {user: "moderator" for user, was in roles.items() if was == "owner"}
        wanted = {actors["moderator"]: "moderator", actors["silenced"]: "moderator"}
        for actor in inside - {actors["owner"]}:
            if roles.get(actor.user.id) != wanted.get(actor, "member"):
                self._appoint(room, wanted.get(actor, "member"), actor)
        return self.standing[kind, role]

    def _appoint(self, room: str, role: str, actor: Actor) -> None:
        done(self.admin.api, "PATCH", f"rooms/{room}/members/{actor.user.id}", {"role": role})

    def restore(self) -> None:
        """Others use this Galaxy, too."""
        done(self.admin.api, "PATCH", f"rooms/{self._rooms[LOBBY]}", {"name": LOBBY, "topic": ""})
        for name in (LOBBY, PERSISTENT, PERSISTENT_ADMINS):
            room = self._rooms[name]
            for member in self.admin.api.get(f"rooms/{room}/members"):
                if member["role"] != "member":
                    done(self.admin.api, "PATCH", f"rooms/{room}/members/{member['id']}", {"role": "member"})
        done(self.admin.api, "DELETE", f"rooms/{self._rooms[PERSISTENT_ADMINS]}/membership")
        for made in self.admin.api.get("admin/rooms", kind="persistent", query="rights, made"):
            done(self.admin.api, "DELETE", f"rooms/{made['id']}")

    def _furnished(
        self,
        room: str,
        role: str,
        actor: Actor,
        *,
        owner: Actor,
        member: Actor | None = None,
        silent: bool = False,
    ) -> Place:
        """With messages, where it is not silent; those of another are the host's."""
        word = f"w{secrets.token_hex(6)}"

        def said(speaker: Actor, text: str) -> str:
            if silent or (speaker is actor and role in NEVER_IN):
                return ""
            body = {"text": text, "client_id": unique()}
            return str(done(speaker.api, "POST", f"rooms/{room}/messages", body)["id"])

        def reported(message: str) -> str:
            path = f"messages/{message}/report"
            return str(done(self.host.api, "POST", path, {"reason": "rude"})["id"]) if message else ""

        another = said(self.host, word)
        return Place(
            room=room,
            another=another,
            report=reported(another),
            another_doomed=said(self.host, "doomed"),
            own=said(actor, "mine"),
            own_doomed=said(actor, "mine, doomed"),
            word=word,
            member=(member or self.bystander).user.id,
            owner=owner.user.id,
            guest=self.guest.id,
        )


def done(api: Api, method: str, path: str, json: object = None) -> Any:
    response = api(method, path, json)
    assert response.ok, (method, path, response.status_code, response.text)
    return response.json() if response.content else None


def unique() -> str:
    return f"Rights {next(_numbers)} {secrets.token_hex(3)}"
