"""The people and rooms that `rights.TABLE` speaks of, in a real Galaxy, and bringing things back to where they were."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.galaxy_server import TestUser
from tests.people import Api, Meet, Person
from tests.rights import KINDS, ROLES
from tests.test_groups import GalaxyAdmin

Json = dict[str, Any]

#: What each role writes in each room before anything is tried; more than is edited and deleted.
OWN_MESSAGES = 6
numbers = itertools.count()


@dataclass
class Actor:
    user: TestUser
    api: Api
    person: Person
    own: dict[str, list[str]] = field(default_factory=dict)
    """By room: messages of theirs."""


class Cast:
    def __init__(self, meet: Meet) -> None:
        self.meet = meet
        self.admin = GalaxyAdmin(meet)
        self.actors = {role: self.actor(meet.user(role)) for role in ROLES if role != "administrator"}
        self.actors["administrator"] = self.actor(meet.galaxy.admin(chat=True))
        self.peer, self.victim, self.guest = (self.actor(meet.user(name)) for name in ("peer", "victim", "guest"))
        self.group = self.admin.group([one.user for one in self.everybody("member", "silenced", "former")])
        self.rooms = {kind: self._room(kind) for kind in KINDS if kind != "direct"}
        self._directs = {role: self._direct(role) for role in ("member", "silenced")}
        self._appoint()
        for kind in KINDS:
            for role in ("member", "moderator", "owner", "silenced", "former", "administrator"):
                self._write(role, kind)
        self._dismiss_the_former()
        self.boss("PUT", f"admin/silences/{self.actors['silenced'].user.id}", {})

    def actor(self, user: TestUser) -> Actor:
        return Actor(user, self.meet.api(user), self.meet.person(user))

    def everybody(self, *roles: str) -> list[Actor]:
        return [*(self.actors[role] for role in roles), self.peer, self.victim]

    def boss(self, method: str, path: str, json: Json | None = None) -> Any:
        return done(self.actors["administrator"].api, method, path, json)

    def room(self, role: str, kind: str) -> str:
        if kind == "direct":
            return self._directs.get(role, self._directs["member"])
        return self.rooms[kind]

    def message_of_peer(self, room_id: str) -> str:
        body = {"text": "once upon a time", "client_id": f"peer-{next(numbers)}"}
        message = done(self.peer.api, "POST", f"rooms/{room_id}/messages", body)
        return str(message["id"])

    def restore(self, operation: str, role: str, kind: str) -> None:
        """After something that has changed the cast."""
        room_id, actor = self.room(role, kind), self.actors[role]
        owner = self.actors["owner"] if kind in ("public", "private") else self.actors["administrator"]
        if operation == "invite somebody":
            self.guest.api("DELETE", f"rooms/{room_id}/membership")
        elif operation == "remove somebody":
            self._bring_back(owner, room_id, kind, self.victim)
        elif operation == "appoint a moderator":
            done(owner.api, "PATCH", f"rooms/{room_id}/members/{self.peer.user.id}", {"role": "member"})
        elif operation == "archive":
            done(owner.api, "PATCH", f"rooms/{room_id}", {"archived": False})
        elif operation == "join" and role in ("outsider", "administrator", "former") and kind != "lobby":
            actor.api("DELETE", f"rooms/{room_id}/membership")
        elif operation == "leave" and role in ("member", "moderator", "owner", "silenced"):
            self._come_back(owner, room_id, kind, role)

    def _come_back(self, owner: Actor, room_id: str, kind: str, role: str) -> None:
        actor = self.actors[role]
        if role == "owner":  # whoever has it now gives it back
            heir = next(one for one in self.everybody("member", "moderator", "silenced") if self._owns(one, room_id))
            self._bring_back(heir, room_id, kind, actor)
            done(heir.api, "PATCH", f"rooms/{room_id}/members/{actor.user.id}", {"role": "owner"})
            for one, was in ((heir, "moderator" if heir is self.actors["moderator"] else "member"),):
                done(actor.api, "PATCH", f"rooms/{room_id}/members/{one.user.id}", {"role": was})
            return
        self._bring_back(owner, room_id, kind, actor)
        if role == "moderator":
            done(owner.api, "PATCH", f"rooms/{room_id}/members/{actor.user.id}", {"role": "moderator"})

    def _owns(self, actor: Actor, room_id: str) -> bool:
        return bool(done(actor.api, "GET", f"rooms/{room_id}")["role"] == "owner")

    def _bring_back(self, owner: Actor, room_id: str, kind: str, actor: Actor) -> None:
        if kind == "private":
            done(owner.api, "POST", f"rooms/{room_id}/members", {"user_id": actor.user.id})
        else:
            done(actor.api, "POST", f"rooms/{room_id}/membership")

    def _room(self, kind: str) -> str:
        if kind == "group":
            return str(self.boss("POST", "rooms", {"kind": "group", "group_id": self.group})["id"])
        members = self.everybody("member", "moderator", "silenced", "former")
        if kind in ("lobby", "persistent"):
            rooms = done(self.peer.api, "GET", "rooms")
            room_id = str(next(room["id"] for room in rooms if room["kind"] == kind))
            for one in members:
                done(one.api, "POST", f"rooms/{room_id}/membership")
            return room_id
        ids = [one.user.id for one in members]
        wanted = {"kind": kind, "name": f"rights {self.peer.user.username} {kind}", "members": ids}
        return str(done(self.actors["owner"].api, "POST", "rooms", wanted)["id"])

    def _direct(self, role: str) -> str:
        wanted = {"kind": "direct", "members": [self.peer.user.id]}
        return str(done(self.actors[role].api, "POST", "rooms", wanted)["id"])

    def _appoint(self) -> None:
        for kind, room_id in self.rooms.items():
            if kind != "group":
                owner = self.actors["owner"] if kind in ("public", "private") else self.actors["administrator"]
                path = f"rooms/{room_id}/members/{self.actors['moderator'].user.id}"
                done(owner.api, "PATCH", path, {"role": "moderator"})

    def _write(self, role: str, kind: str) -> None:
        """Each message with a past."""
        actor, room_id = self.actors[role], self.room(role, kind)
        if role not in ("member", "silenced") and kind == "direct":
            return
        for _ in range(OWN_MESSAGES):
            body = {"text": "at first", "client_id": f"own-{next(numbers)}"}
            sent = actor.api("POST", f"rooms/{room_id}/messages", body)
            if sent.status_code != 200:
                return
            done(actor.api, "PATCH", f"messages/{sent.json()['id']}", {"text": "at last"})
            actor.own.setdefault(room_id, []).append(sent.json()["id"])

    def _dismiss_the_former(self) -> None:
        former = self.actors["former"]
        for kind in ("persistent", "public", "private"):
            done(former.api, "DELETE", f"rooms/{self.rooms[kind]}/membership")
        self.admin("DELETE", f"groups/{self.group}/users/{former.user.id}")
        former.person.wait_for("room.removed", lambda payload: payload["room_id"] == self.rooms["group"])


def done(api: Api, method: str, path: str, json: Json | None = None) -> Any:
    response = api(method, path, json)
    assert response.status_code in (200, 204), (method, path, response.text)
    return response.json() if response.status_code == 200 else {}
