"""People in a browser: what one does in Galaxy's pages and in the chat, by the anchors of the contract."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
)

from tests.galaxy_server import GalaxyServer, TestUser

#: Where the screenshots go that one looks at, and that the manual shows.
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", Path(__file__).parent.parent / "screenshots"))
#: Chromium as root on a machine that reaches nobody.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
WITHOUT_WORKERS = "delete globalThis.SharedWorker"
WIDE, NARROW = (1300, 800), (400, 800)

expect.set_options(timeout=30_000)


def anchor(description: str) -> str:
    return f'[data-description="{description}"]'


class Visitor:
    """One person with a browser of their own; notes every error of the console and every failed request."""

    def __init__(
        self, browser: Browser, galaxy: GalaxyServer, size: tuple[int, int] = WIDE, locale: str = "en-GB"
    ) -> None:
        self.galaxy = galaxy
        #: Its name, for what a test says where others of the other browser have said the same.
        self.browser = browser.browser_type.name
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        self.errors: list[str] = []
        self.requested: list[str] = []
        self.sockets: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._note_error(str(error), error.stack or ""))
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("websocket", lambda socket: self.sockets.append(socket.url))
        return page

    def another_tab(self) -> Visitor:
        """Of the same browser, where one is logged in already."""
        tab = copy(self)
        tab.page = self.new_page()
        return tab

    def share_nothing(self) -> None:
        """The next page has a connection of its own: of a worker's, Playwright sees and controls nothing."""
        self.page.add_init_script(WITHOUT_WORKERS)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note_error(message.text, message.location["url"])

    def _note_error(self, text: str, place: str) -> None:
        """All but Galaxy's own: it asks for what it may not have and stumbles over aborts, with or without chat.
        Firefox does not say whose those were; all fetches of the chat catch theirs."""
        galaxys_own = re.search(r"/static/dist/|/api/(?!communication)", place)
        nobodys = self.in_firefox and re.search(r"\n(undefined)?\Z", place)
        if not nobodys and (not galaxys_own or "communication" in place):
            self.errors.append(f"{text} ({place})")

    @property
    def in_firefox(self) -> bool:
        return self.browser == "firefox"

    def allow_clipboard(self) -> None:
        """In Firefox it is a page's own affair, and no permission."""
        if not self.in_firefox:
            self.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def log_in(self, user: TestUser) -> None:
        """Through Galaxy's own form."""
        self.page.goto(f"{self.galaxy.url}/login/start")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", user.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_selector("#masthead li#user.loggedin-only")

    def switch_chat_on(self) -> None:
        """In Galaxy's own preferences form, as a user would."""
        self.page.goto(f"{self.galaxy.url}/user/information")
        switch = self.preference
        switch.scroll_into_view_if_needed()
        switch.locator(".custom-control-label").click()
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url("**/user?message=*")

    def open_galaxy(self) -> None:
        """Galaxy's start page; returns when chat has made up its mind whether to show itself."""
        with self.page.expect_response("**/api/communication/status") as answer:
            self.page.goto(self.galaxy.url)
        answer.value.finished()

    @property
    def preference(self) -> Locator:
        return self.page.locator('[id="form-element-communication|enabled"]')

    @property
    def icon(self) -> Locator:
        return self.page.locator(anchor("communication masthead"))

    @property
    def panel(self) -> Locator:
        return self.page.locator(anchor("communication panel"))

    @property
    def panel_menu(self) -> Locator:
        return self.page.locator(anchor("communication panel menu"))

    @property
    def bubble(self) -> Locator:
        return self.page.locator(anchor("communication status"))

    @property
    def unread(self) -> Locator:
        return self.page.locator(anchor("communication unread"))

    @property
    def composer(self) -> Locator:
        return self.page.locator(anchor("communication composer"))

    @property
    def messages(self) -> Locator:
        return self.page.locator(anchor("communication message"))

    @property
    def texts(self) -> Locator:
        """Of all messages in the open room, in order."""
        return self.page.locator(anchor("communication message text"))

    def delivered(self, delivery: str) -> Locator:
        """The messages that are `pending`, `sent` or `failed`."""
        return self.page.locator(f'{anchor("communication message")}[data-delivery="{delivery}"]')

    def connection(self, state: str) -> Locator:
        return self.page.locator(f'{anchor("communication connection")}[data-state="{state}"]').first

    def room(self, name: str) -> Locator:
        return self.page.locator(f'{anchor("communication room")}[data-room-name="{name}"]')

    def message(self, text: str) -> Locator:
        return self.messages.filter(has=self.page.locator(anchor("communication message text"), has_text=text))

    def open_panel(self) -> None:
        self.icon.click()
        expect(self.panel).to_be_visible()

    def choose(self, item: str) -> None:
        """In the docked panel's menu."""
        self.panel_menu.click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def open_preferences(self, name: str = "Chat preferences") -> Locator:
        """In the docked panel they are in its menu, and called so in the reader's language."""
        if self.panel_menu.count():
            self.choose(name)
        else:
            self.page.locator(anchor("communication preferences button")).click()
        return self.page.locator(anchor("communication preferences"))

    def log_out_elsewhere(self) -> None:
        """In Galaxy's page, in another tab."""
        other = self.another_tab()
        other.open_galaxy()
        other.page.evaluate("() => fetch(`/user/logout?session_csrf_token=${Galaxy.session_csrf_token}`)")

    def go_online(self) -> None:
        expect(self.bubble).to_have_attribute("aria-pressed", "false")
        self.bubble.click()
        expect(self.bubble).to_have_attribute("aria-pressed", "true")
        expect(self.connection("connected")).to_be_attached()

    def open_room(self, name: str) -> None:
        self.room(name).click()
        expect(self.room(name)).to_have_attribute("aria-current", "true")

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.message(text)).to_have_count(1)
        expect(self.composer).to_have_value("")

    def crash(self) -> None:
        """The page's process dies; what is left is a browser to open a new page in."""
        with self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()
        self.page = self.new_page()

    def screenshot(self, name: str, of: Locator | None = None) -> None:
        """In Chromium, whose pictures the manual shows; in Firefox Playwright's way to hide the caret is an error of
        the page, whose policy refuses it."""
        if self.in_firefox:
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        if of is None:
            self.page.screenshot(path=path)
        else:
            of.screenshot(path=path)


class Sockets:
    """What the server says of its WebSockets: of those that a worker has, the browser's pages know nothing."""

    def __init__(self, galaxy: GalaxyServer) -> None:
        self._galaxy = galaxy
        self._before = self._count(r"/communication/socket.io/.* \[accepted\]")

    @property
    def opened(self) -> int:
        """Since this began."""
        return self._count(r"/communication/socket.io/.* \[accepted\]") - self._before

    @property
    def open(self) -> int:
        """By the chat's own lines: not every server of WebSockets writes some."""
        return self._count("communication: connection made") - self._count("communication: connection ended")

    def wait_until_open(self, count: int) -> None:
        deadline = time.monotonic() + 30
        while self.open != count:
            assert time.monotonic() < deadline, f"{self.open} WebSockets are open instead of {count}"
            time.sleep(0.05)

    def _count(self, line: str) -> int:
        return len(re.findall(line, self._galaxy.log.read_text(errors="replace")))


class Visitors:
    def __init__(self, browser: Browser, galaxy: GalaxyServer) -> None:
        self._browser = browser
        self._galaxy = galaxy
        self._all: list[Visitor] = []

    def __call__(self, user: TestUser | None = None, size: tuple[int, int] = WIDE, locale: str = "en-GB") -> Visitor:
        """A new browser profile of somebody who reads ``locale``, logged in as ``user``."""
        visitor = Visitor(self._browser, self._galaxy, size, locale)
        self._all.append(visitor)
        if user is not None:
            visitor.log_in(user)
        return visitor

    def leave(self) -> None:
        for visitor in self._all:
            visitor.context.close()


@pytest.fixture
def visitors(browser: Browser, galaxy: GalaxyServer) -> Iterator[Visitors]:
    visiting = Visitors(browser, galaxy)
    yield visiting
    visiting.leave()


@pytest.fixture
def sockets(galaxy: GalaxyServer) -> Sockets:
    return Sockets(galaxy)
