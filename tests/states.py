"""Every state of the chat, one after the other, for what looks at all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser import Cable, Visitor, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api
from tests.test_browser_messages import RICH

CONTAINER = "galaxy-communication"
LOCALES = Path(__file__).parent.parent / "galaxy_communication/client/src/locales"
TEXT = re.compile(r'^  "?([\w.]+)"?: "([^"]*)",$', re.MULTILINE)
#: The server takes no message without text, has no limits yet, and never hears of the last one.
REFUSED, RUSHED, WAITING = "This one is refused", "This one is too fast", "This one is under way"
#: Seconds, longer than what is left of a walk through the states.
RETRY_AFTER = 120


def catalogue(language: str) -> dict[str, str]:
    """The texts of a language, by their keys, from the sources; those with a number are left out."""
    return dict(TEXT.findall((LOCALES / f"{language}.ts").read_text(encoding="utf-8")))


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
        sent = re.match(r'42/chat,(\d+)\["message.send"', str(frame))
        if sent and RUSHED in str(frame):
            error = {"code": "rate_limited", "message": "", "retry_after": RETRY_AFTER}
            self._plugged[-1].send(f"43/chat,{sent[1]}{json.dumps([{'ok': False, 'error': error}])}")
        else:
            super()._carry(str(frame).replace(REFUSED, "") if sent else frame, to)


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
        self.docked = docked
        self._turned = look == "rtl"
        self._texts = catalogue("en" if self._turned else look)
        self.chat = self.page.locator(CONTAINER)
        self.cable = BadCable(visitor)
        self.page.goto(f"{visitor.galaxy.url}{'/' if docked else '/communication'}")
        if docked:
            visitor.open_panel()

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

    def open_preferences(self) -> None:
        if self.docked:
            self.visitor.panel_menu.click()
            self.chat.get_by_role("menuitem", name=self.text("preferences.title")).click()
        else:
            self.at("preferences button").click()

    def choose(self, entry: str) -> Locator:
        """From the menu of the room list; the dialog that opens."""
        self.at("add room").click()
        self.chat.get_by_role("menuitem", name=self.text(entry)).click()
        return self.chat.get_by_role("dialog")


State = Callable[[Stage], Iterator[None]]
STATES: list[State] = []


def state(show: State) -> State:
    """Of the chat: shown before the ``yield``, left after it. They come one after the other, as they stand here."""
    STATES.append(show)
    return show


@state
def offline(stage: Stage) -> Iterator[None]:
    expect(stage.chat.get_by_text(stage.text("offline.title"))).to_be_visible()
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
    for text in (REFUSED, RUSHED, WAITING):
        stage.visitor.composer.fill(text)
        stage.visitor.composer.press("Enter")
        expect(stage.visitor.message(text)).to_be_visible()
    expect(stage.visitor.delivered("failed")).to_have_count(1)
    expect(stage.visitor.message(RUSHED).locator(".delivery")).to_contain_text(re.compile(r"\d"))
    yield


@state
def older_messages(stage: Stage) -> Iterator[None]:
    stage.chat.get_by_role("log").evaluate("list => (list.scrollTop = 0)")
    expect(stage.chat.get_by_text(stage.text("messages.newest"))).to_be_visible()
    yield
    stage.button(stage.text("messages.newest")).click()


@state
def tools_of_a_message(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    expect(
        stage.visitor.message("It is hidden").get_by_role("button", name=stage.text("message.reply"))
    ).to_be_visible()
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
    expect(stage.at("emoji picker").locator(".emoji").first).to_be_visible()
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
    stage.chat.get_by_role("menuitem", name=stage.text("message.versions")).click()
    expect(stage.page.locator(".version")).to_have_count(2)
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
    expect(stage.at("search count")).to_have_text(stage.text("search.noneHere"))
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
    stage.button(stage.text("room.memberActions", name=stage.room.ben.username)).click()
    expect(stage.chat.get_by_role("menu")).to_be_visible()
    yield
    stage.press("Escape")


@state
def changing_the_room(stage: Stage) -> Iterator[None]:
    stage.at("edit room").click()
    expect(stage.chat.get_by_role("textbox", name=stage.text("room.topic"))).to_be_visible()
    yield
    stage.button(stage.text("room.cancel")).click()
    stage.button(stage.text("room.closeDetails")).click()


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
    dialog = stage.choose("rooms.newRoom")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    dialog.get_by_role("combobox").press("Enter")
    expect(
        dialog.get_by_role("button", name=stage.text("people.unchoose", name=stage.room.ben.username))
    ).to_be_visible()
    yield
    stage.press("Escape")


@state
def new_conversation(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("rooms.newConversation")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    yield
    stage.press("Escape")


@state
def browse(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("rooms.browse")
    expect(dialog.locator("[data-room-name]").first).to_be_visible()
    yield
    stage.press("Escape")


@state
def empty_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Empty room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(stage.text("empty.private"))).to_be_visible()
    yield


@state
def archived_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Old room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(stage.text("closed.archived")).first).to_be_visible()
    expect(stage.page.locator(".skeleton")).to_have_count(0)
    yield
    stage.visitor.open_room(stage.room.name)


@state
def silenced(stage: Stage) -> Iterator[None]:
    admin = Api(stage.visitor.galaxy.url, key=stage.room.admin.api_key)
    silence = f"admin/silences/{stage.room.ada.id}"
    assert admin("PUT", silence, {"reason": "Please read the rules."}).ok
    expect(stage.at("closed room")).to_contain_text("Please read the rules.")
    yield
    assert admin("DELETE", silence).ok
    expect(stage.visitor.composer).to_be_visible()


@state
def connection_lost(stage: Stage) -> Iterator[None]:
    stage.cable.cut()
    expect(stage.chat.get_by_text(stage.text("connection.lost"))).to_be_visible()
    yield
    stage.cable.repair()
    # An attempt that went nowhere has to be given up first.
    expect(stage.visitor.connection("connected")).to_be_attached(timeout=60_000)


@state
def session_ended(stage: Stage) -> Iterator[None]:
    other = stage.visitor.another_tab()
    other.open_galaxy()
    other.page.evaluate("() => fetch(`/user/logout?session_csrf_token=${Galaxy.session_csrf_token}`)")
    expect(stage.chat.get_by_text(stage.text("ended.title"))).to_be_visible()
    yield


def furnish(galaxy: GalaxyServer, ada: TestUser, ben: TestUser) -> Room:
    """Writes what the states show."""
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
    return Room(name, room_id, ada, ben, galaxy.admin(chat=True))
