"""Where the states of the chat are shown: the room that they need, and a browser in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser import Visitor, anchor
from tests.cable import SENDS, Cable
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api
from tests.test_browser_messages import RICH

CONTAINER = "galaxy-communication"
LOCALES = Path(__file__).parent.parent / "galaxy_communication/client/src/locales"
TEXT = re.compile(r'^  "?([\w.]+)"?: "([^"]*)",$', re.MULTILINE)
#: The server takes no message without text, has no limits here, and never hears of the last one.
REFUSED, RUSHED, WAITING = "This one is refused", "This one is too fast", "This one is under way"
#: Seconds, longer than what is left of a walk through the states.
RETRY_AFTER = 120


def catalogue(language: str) -> dict[str, str]:
    """The texts of a language, by their keys, from the sources; those with a number are left out."""
    return dict(TEXT.findall((LOCALES / f"{language}.ts").read_text(encoding="utf-8")))


class BadCable(Cable):
    """On which some messages fare badly, each in its own way."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(visitor.page)
        self.loses = self._is_waiting
        self.refuses = self._is_too_fast
        self._plugged: list[WebSocketRoute] = []

    def repair(self) -> None:
        self.loses = self._is_waiting

    def cut(self) -> None:
        """The page notices, and its next attempts go nowhere."""
        self.pull()
        self._plugged[-1].close()

    def _plug(self, page_side: WebSocketRoute) -> None:
        self._plugged.append(page_side)
        super()._plug(page_side)

    @staticmethod
    def _is_waiting(frame: str) -> bool:
        return WAITING in frame and "message.send" in frame

    @staticmethod
    def _is_too_fast(frame: str) -> dict[str, object] | None:
        return {"code": "rate_limited", "message": "", "retry_after": RETRY_AFTER} if RUSHED in frame else None

    def _carry(self, frame: str | bytes, to: WebSocketRoute) -> None:
        super()._carry(str(frame).replace(REFUSED, "") if SENDS.match(str(frame)) else frame, to)


class Room(NamedTuple):
    """Of Ada's, with messages of every kind."""

    name: str
    id: str
    ada: TestUser
    ben: TestUser
    admin: TestUser


class Stage:
    """Ada's browser, in which the states are shown: in a language, or turned from right to left."""

    def __init__(self, visitor: Visitor, room: Room, docked: bool, look: str = "en") -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.room = room
        self._turned = look == "rtl"
        self._texts = catalogue("en" if self._turned else look)
        self.chat = self.page.locator(CONTAINER)
        self.cable = BadCable(visitor)
        self.docked = docked
        self.load()
        if docked:
            visitor.open_panel()

    def load(self) -> None:
        """Galaxy's start page, or that of the chat alone."""
        self.page.goto(f"{self.visitor.galaxy.url}{'/' if self.docked else '/communication'}")

    def come_back(self) -> None:
        """To the chat that was switched off, which knows that it was open and online."""
        self.load()
        expect(self.visitor.connection("connected")).to_be_attached()

    def expect_no_chat(self, why: str) -> None:
        """In Galaxy's page nothing is left of it, and its own page tells why."""
        if self.docked:
            expect(self.visitor.icon).to_have_count(0)
            expect(self.visitor.panel).to_have_count(0)
        else:
            expect(self.chat.get_by_text(self.text(why))).to_be_visible()

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def text(self, key: str, **values: str) -> str:
        """What the client says in the reader's language; names keep their direction in a page that is turned."""
        isolated = {name: f"\u2068{value}\u2069" if self._turned else value for name, value in values.items()}
        return self._texts[key].format(**isolated)

    def button(self, name: str) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=True)

    def focus(self, text: str) -> None:
        self.visitor.message(text).focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, entry: str) -> Locator:
        """From the menu of the room list; the dialog that opens."""
        self.at("add room").click()
        self.chat.get_by_role("menuitem", name=self.text(entry)).click()
        return self.chat.get_by_role("dialog")


def furnish(galaxy: GalaxyServer, ada: TestUser, ben: TestUser) -> Room:
    """Writes what the states show."""
    apis = {user.id: Api(galaxy.url, key=user.api_key) for user in (ada, ben)}

    def ask(user: TestUser, method: str, path: str, json: object = None) -> dict[str, str]:
        answer = apis[user.id](method, path, json)
        assert answer.ok, answer.text
        answered: dict[str, str] = answer.json() if answer.content else {}
        return answered

    def make(name: str, owner: TestUser = ada, member: TestUser = ben) -> str:
        body = {"kind": "private", "name": name, "topic": "Reads", "members": [member.id]}
        return ask(owner, "POST", "rooms", body)["id"]

    posted = iter(range(1000))

    def post(user: TestUser, text: str, **more: object) -> str:
        body = {"text": text, "client_id": f"posted-{next(posted)}", **more}
        return ask(user, "POST", f"rooms/{room_id}/messages", body)["id"]

    make(f"Empty room of {ada.username}")
    ask(ben, "PATCH", f"rooms/{make(f'Slow room of {ada.username}', ben, ada)}", {"slow_mode_seconds": 30})
    ask(ada, "PATCH", f"rooms/{make(f'Old room of {ada.username}')}", {"archived": True})
    name = f"Room of {ada.username}"
    room_id = make(name)
    for number in range(20):
        post(ben, f"Line {number} of reads")
    for by, source in enumerate(RICH.values()):
        post(ben if by % 2 else ada, source)
    pinned = post(ada, "Keep the raw reads, please")
    ask(ada, "PUT", f"messages/{pinned}/pin")
    changed = post(ada, "This was written")
    ask(ada, "PATCH", f"messages/{changed}", {"text": "This was changed"})
    ask(ben, "DELETE", f"messages/{post(ben, 'Gone')}")
    hidden = post(ben, f"It is hidden, @{ada.username}, see https://usegalaxy.org")
    for user, emoji in ((ada, "🎉"), (ben, "🎉"), (ben, "👍")):
        ask(user, "PUT", f"messages/{hidden}/reactions/{emoji}")
    post(ada, "I have found it", reply_to=hidden)
    post(ben, "See you")
    return Room(name, room_id, ada, ben, galaxy.admin(chat=True))
