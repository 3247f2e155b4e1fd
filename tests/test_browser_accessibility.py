"""axe-core in every state of the chat, the room that it needs, and what it says to those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.accessibility import violations
from tests.browser import NARROW, WIDE, Cable, Visitor, Visitors, anchor
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
        self.docked = docked
        self.chat = self.page.locator(CONTAINER)
        self.cable = BadCable(visitor)
        self.page.goto(f"{visitor.galaxy.url}{'/' if docked else '/communication'}")
        if docked:
            visitor.open_panel()

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def button(self, name: str) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=True)

    def focus(self, text: str) -> None:
        self.visitor.message(text).focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def open_preferences(self) -> None:
        if self.docked:
            self.visitor.panel_menu.click()
            self.chat.get_by_role("menuitem", name="Chat preferences").click()
        else:
            self.at("preferences button").click()

    def choose(self, entry: str) -> Locator:
        """From the menu of the room list; the dialog that opens."""
        self.at("add room").click()
        self.chat.get_by_role("menuitem", name=entry).click()
        return self.chat.get_by_role("dialog")


State = Callable[[Stage], Iterator[None]]
STATES: list[State] = []


def state(show: State) -> State:
    """Of the chat: shown before the ``yield``, left after it. They come one after the other, as they stand here."""
    STATES.append(show)
    return show


@state
def offline(stage: Stage) -> Iterator[None]:
    expect(stage.chat.get_by_text("You are offline.")).to_be_visible()
    yield


@state
def connecting(stage: Stage) -> Iterator[None]:
    stage.cable.pull()
    stage.visitor.bubble.click()
    expect(stage.page.locator(".skeleton").first).to_be_visible()
    yield
    stage.visitor.bubble.click()
    stage.cable.repair()
    stage.visitor.go_online()


@state
def every_kind_of_message(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(stage.room.name)
    expect(stage.visitor.message("See you")).to_be_visible()
    expect(stage.page.locator(".message-text:not(.rendered)")).to_have_count(0)
    for text, delivery in ((REFUSED, "failed"), (WAITING, "pending")):
        stage.visitor.composer.fill(text)
        stage.visitor.composer.press("Enter")
        expect(stage.visitor.delivered(delivery)).to_have_count(1)
    yield
    stage.visitor.screenshot("a11y-messages")


@state
def older_messages(stage: Stage) -> Iterator[None]:
    stage.chat.get_by_role("log").evaluate("list => (list.scrollTop = 0)")
    expect(stage.chat.get_by_text("Jump to newest")).to_be_visible()
    yield
    stage.button("Jump to newest").click()


@state
def tools_of_a_message(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    expect(stage.visitor.message("It is hidden").get_by_role("button", name="Reply")).to_be_visible()
    yield


@state
def menu_of_a_message(stage: Stage) -> Iterator[None]:
    stage.press("Enter")
    expect(stage.chat.get_by_role("menu")).to_be_visible()
    yield
    stage.press("Escape", "Escape")


@state
def emoji(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("+")
    expect(stage.at("emoji picker")).to_be_visible()
    yield
    stage.press("Escape")


@state
def question_before_deleting(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("Delete")
    expect(stage.chat.get_by_role("alertdialog")).to_be_visible()
    yield
    stage.press("Escape")


@state
def versions(stage: Stage) -> Iterator[None]:
    stage.focus("This was changed")
    stage.press("Enter")
    stage.chat.get_by_role("menuitem", name="Show versions").click()
    expect(stage.page.locator(".version").first).to_be_visible()
    yield
    stage.press("Escape")


@state
def reply(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("r")
    expect(stage.at("composer note")).to_be_visible()
    yield
    stage.press("Escape")


@state
def edit(stage: Stage) -> Iterator[None]:
    stage.focus("This was changed")
    stage.press("e")
    expect(stage.at("composer note")).to_be_visible()
    yield
    stage.press("Escape")


@state
def people_to_mention(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.page.keyboard.type(f"@{stage.room.ben.username[:3]}")
    expect(stage.at("completions")).to_be_visible()
    yield
    stage.visitor.composer.fill("")


@state
def pinned(stage: Stage) -> Iterator[None]:
    stage.at("pins").click()
    expect(stage.at("pinned messages").get_by_text("Keep the raw reads")).to_be_visible()
    yield
    stage.press("Escape")


@state
def person(stage: Stage) -> Iterator[None]:
    stage.at("person button").last.click()
    expect(stage.at("person")).to_be_visible()
    yield
    stage.press("Escape")


@state
def search(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.press("Control+Shift+F")
    expect(stage.at("search")).to_be_visible()
    yield


@state
def search_with_hits(stage: Stage) -> Iterator[None]:
    stage.page.keyboard.type("reads")
    expect(stage.at("search hit").first).to_be_visible()
    expect(stage.page.locator(".outdated")).to_have_count(0)
    yield


@state
def search_in_vain(stage: Stage) -> Iterator[None]:
    stage.at("search query").fill("nowhere-to-be-found")
    expect(stage.at("search count")).to_contain_text("Nothing found")
    yield
    stage.at("search query").fill("")
    stage.press("Escape")


@state
def details(stage: Stage) -> Iterator[None]:
    stage.at("room details button").click()
    expect(stage.at("member")).to_have_count(2)
    yield


@state
def menu_of_a_member(stage: Stage) -> Iterator[None]:
    stage.button(f"Actions: {stage.room.ben.username}").click()
    expect(stage.chat.get_by_role("menu")).to_be_visible()
    yield
    stage.press("Escape")


@state
def changing_the_room(stage: Stage) -> Iterator[None]:
    stage.at("edit room").click()
    expect(stage.chat.get_by_role("textbox", name="Topic")).to_be_visible()
    yield
    stage.button("Cancel").click()
    stage.button("Close details").click()


@state
def preferences(stage: Stage) -> Iterator[None]:
    stage.open_preferences()
    expect(stage.at("preference presence")).to_be_visible()
    yield
    stage.press("Escape")


@state
def shortcuts(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.press("Control+/")
    expect(stage.at("shortcuts")).to_be_visible()
    yield
    stage.press("Escape")


@state
def new_room(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("New room")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    dialog.get_by_role("combobox").press("Enter")
    expect(dialog.get_by_role("button", name=f"Remove {stage.room.ben.username}")).to_be_visible()
    yield
    stage.press("Escape")


@state
def new_conversation(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("New conversation")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    yield
    stage.press("Escape")


@state
def browse(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("Browse rooms")
    expect(dialog.locator("[data-room-name]").first).to_be_visible()
    yield
    stage.press("Escape")


@state
def empty_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Empty room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(re.compile("This room is yours|Nobody has written here"))).to_be_visible()
    yield


@state
def archived_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Old room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(re.compile("archived")).first).to_be_visible()
    yield
    stage.visitor.open_room(stage.room.name)


@state
def connection_lost(stage: Stage) -> Iterator[None]:
    stage.cable.cut()
    expect(stage.chat.get_by_text("Connection lost")).to_be_visible()
    yield


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


@pytest.mark.parametrize(("docked", "size"), [(False, WIDE), (True, WIDE), (False, NARROW), (True, NARROW)])
def test_axe_finds_nothing(room: Room, visitors: Visitors, docked: bool, size: tuple[int, int]) -> None:
    stage = Stage(visitors(room.ada, size), room, docked)
    found = []
    for show in STATES:
        with contextmanager(show)(stage):
            found += [f"{show.__name__}: {violation}" for violation in violations(stage.page)]
    assert not found, "\n".join(found)


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
