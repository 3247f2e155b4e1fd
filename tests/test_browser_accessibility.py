"""The room that the chat needs, what axe-core finds in it, and what it says to those who do not see it."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.accessibility import violations
from tests.browser import Cable, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser
from tests.people import Api
from tests.test_browser_messages import RICH

CONTAINER = "galaxy-communication"
#: The server takes no message without text, and never hears of the other.
REFUSED, WAITING = "This one is refused", "This one is under way"


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config={"expose_user_name": True})


class BadCable(Cable):
    def __init__(self, visitor: Visitor) -> None:
        super().__init__(visitor.page)
        self.loses = self._is_waiting
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

    def _carry(self, frame: str | bytes, to: WebSocketRoute) -> None:
        super()._carry(str(frame).replace(REFUSED, "") if "message.send" in str(frame) else frame, to)


class Room(NamedTuple):
    """Of Ada's, with messages of every kind."""

    name: str
    id: str
    ada: TestUser
    ben: TestUser


class Stage:
    """Ada's browser, in which the states are shown."""

    def __init__(self, visitor: Visitor, room: Room, docked: bool) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.room = room
        self.chat = self.page.locator(CONTAINER)
        self.cable = BadCable(visitor)
        self.page.goto(f"{visitor.galaxy.url}{'/' if docked else '/communication'}")
        if docked:
            visitor.open_panel()

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def room(galaxy: GalaxyServer) -> Room:
    ada, ben = (galaxy.create_user(name, chat=True) for name in ("ada", "ben"))
    apis = {user.id: Api(galaxy.url, key=user.api_key) for user in (ada, ben)}

    def ask(user: TestUser, method: str, path: str, json: object = None) -> dict[str, str]:
        answer = apis[user.id](method, path, json)
        assert answer.ok, answer.text
        answered: dict[str, str] = answer.json() if answer.content else {}
        return answered

    def make(name: str) -> str:
        return ask(ada, "POST", "rooms", {"kind": "private", "name": name, "topic": "Reads", "members": [ben.id]})["id"]

    posted = iter(range(1000))

    def post(user: TestUser, text: str, **more: object) -> str:
        body = {"text": text, "client_id": f"posted-{next(posted)}", **more}
        return ask(user, "POST", f"rooms/{room_id}/messages", body)["id"]

    make(f"Empty room of {ada.username}")
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
    return Room(name, room_id, ada, ben)


@pytest.mark.parametrize("docked", [False, True])
def test_the_room_of_320_pixels_is_enough(room: Room, visitors: Visitors, docked: bool) -> None:
    """As many has a screen of 1280 that is enlarged four times: nothing then lies beside it or above another thing."""
    stage = Stage(visitors(room.ada, (320, 640)), room, docked)
    stage.visitor.go_online()
    stage.visitor.open_room(room.name)
    expect(stage.visitor.message("See you")).to_be_visible()
    beside = stage.page.locator("galaxy-communication").evaluate(
        """chat => [...chat.shadowRoot.querySelectorAll("button, a, input, textarea, .message-body")].filter(one => {
            const { left, right, width } = one.getBoundingClientRect();
            return width > 0 && !one.closest(".math, pre, .table, [role=tablist]") && (left < 0 || right > innerWidth);
        }).map(one => one.outerHTML.slice(0, 200))"""
    )
    assert beside == []
    stage.visitor.screenshot(f"a11y-320{'-docked' if docked else ''}")
    stage.press("Control+/")
    expect(stage.at("shortcuts")).to_be_visible()
    stage.visitor.screenshot(f"a11y-320-shortcuts{'-docked' if docked else ''}")
    assert stage.at("shortcuts").evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")


def test_forced_colours_and_more_contrast(room: Room, visitors: Visitors) -> None:
    stage = Stage(visitors(room.ada), room, docked=False)
    stage.page.emulate_media(forced_colors="active")
    stage.visitor.go_online()
    stage.visitor.open_room(room.name)
    expect(stage.visitor.message("See you")).to_be_in_viewport()
    stage.visitor.composer.focus()
    stage.press("Shift+F6")
    outline = stage.visitor.message("See you").evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid", "shadows are not drawn then"
    current = stage.visitor.room(room.name).evaluate("one => getComputedStyle(one).outlineStyle")
    assert current == "solid"
    stage.visitor.screenshot("a11y-forced-colours")
    stage.page.emulate_media(forced_colors="none", contrast="more")
    assert violations(stage.page) == []
    stage.visitor.screenshot("a11y-more-contrast")


def test_what_is_read_out(room: Room, visitors: Visitors) -> None:
    stage = Stage(visitors(room.ada), room, docked=False)
    stage.visitor.go_online()
    stage.visitor.open_room(room.name)
    expect(stage.visitor.message("See you")).to_be_visible()
    said = stage.at("announcement")
    expect(stage.chat.get_by_role("log")).to_have_attribute("aria-live", "off")
    expect(said).to_have_text("")
    ben = Api(stage.visitor.galaxy.url, key=room.ben.api_key)

    def post(text: str) -> None:
        answer = ben("POST", f"rooms/{room.id}/messages", {"text": text, "client_id": text})
        assert answer.ok, answer.text

    post("Have you *seen* it?")
    expect(said).to_have_text(f"{room.ben.username}: Have you *seen* it?")
    for number in range(9):
        post(f"Is it number {number}?")
    expect(said).to_have_text(re.compile(f"^\\d new messages in {room.name}$"))
    stage.chat.get_by_role("log").evaluate("list => (list.scrollTop = 0)")
    expect(stage.page.get_by_text(f"This is the beginning of {room.name}")).to_be_visible()
    stage.cable.cut()
    expect(said).to_have_text("The connection to the chat was lost.")
    stage.cable.repair()
    expect(said).to_have_text("The connection is back.", timeout=60_000)
    speaking = stage.chat.get_by_role("log").locator("[aria-live=polite], [role=status], [role=alert]")
    expect(speaking.and_(stage.page.locator(":not(.code-copy)"))).to_have_count(0)
