"""The chat without a mouse, from Galaxy's masthead and back: one can do everything, and always sees where one is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.accessibility import focus
from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api

SECONDS = 10


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config={"expose_user_name": True})


class Keys:
    """Somebody with a keyboard. After every key the focus has to be seen in the chat."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.wait(lambda: focus(self.page)["inChat"], f"the focus is in the chat after {key}")
            self.wait(lambda: focus(self.page)["seen"], f"one sees what has the focus after {key}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(self, name: str, key: str = "Tab", most: int = 60) -> None:
        """Presses the key until what is called so has the focus."""
        passed = []
        while not re.search(name, (now := focus(self.page))["name"]):
            passed.append(now["name"][:40])
            assert len(passed) <= most, f"{name} is not among {passed}"
            self.press(key)

    def is_at(self, name: str) -> None:
        self.wait(lambda: re.search(name, focus(self.page)["name"]), f"{name} has the focus")

    def wait(self, holds: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"not so: {what}; it is {focus(self.page)}"


@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.firefox), NARROW])
def test_the_whole_way(galaxy: GalaxyServer, visitors: Visitors, size: tuple[int, int]) -> None:
    ada_user, ben_user = galaxy.create_user("ada", chat=True), galaxy.create_user("ben", chat=True)
    ben = Api(galaxy.url, key=ben_user.api_key)
    other = {"kind": "private", "name": f"Needles of {ben_user.username}", "members": [ada_user.id]}
    assert ben("POST", "rooms", other).ok
    visitor = visitors(ada_user, size)
    keys, page = Keys(visitor), visitor.page
    visitor.open_galaxy()
    expect(visitor.icon).to_be_visible()
    icon = visitor.icon.get_by_role("button")

    for _ in range(60):
        if icon.evaluate("icon => icon === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(icon).to_be_focused()
    page.keyboard.press("Enter")
    keys.is_at("Offline")
    keys.press("Enter")
    expect(visitor.connection("connected")).to_be_attached()
    keys.is_at("Online")

    # A room of one's own, with somebody in it.
    name = f"Reads of {ada_user.username}"
    keys.press("F6")
    keys.to("New room or conversation", "Shift+Tab")
    keys.press("Enter")
    keys.is_at("Browse rooms")
    keys.press("ArrowDown")
    keys.is_at("^New room$")
    keys.press("Enter")
    keys.is_at("Name")
    keys.type(name)
    keys.to("Create room")
    keys.press("Enter")
    keys.is_at(f"Message to {name}")
    keys.to("Room details", "Shift+Tab")
    keys.press("Enter")
    keys.is_at("Close details")
    keys.to("^Invite people$")
    keys.press("Enter")
    keys.is_at("Invite people to")
    keys.type(ben_user.username)
    expect(page.get_by_role("option", name=ben_user.username)).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("button", name=f"Remove {ben_user.username}")).to_be_visible()
    keys.to("^Invite$")
    keys.press("Enter")
    expect(keys.at("member")).to_have_count(2)
    visitor.screenshot(f"keyboard-details-{size[0]}")
    keys.press("Escape")
    keys.is_at("Room details")

    # Writing, and what one does to messages.
    keys.to(f"Message to {name}")
    keys.type("Where are my reads?")
    keys.press("Enter")
    expect(visitor.delivered("sent")).to_have_count(1)
    (room_id,) = (room["id"] for room in ben.get("rooms") if room["name"] == name)
    answer = ben("POST", f"rooms/{room_id}/messages", {"text": "In the library of needles", "client_id": "1"})
    assert answer.ok, answer.text
    expect(visitor.message("In the library")).to_be_visible()
    keys.press("Shift+F6")
    keys.is_at(f"^{ben_user.username}, .*: In the library of needles$")
    visitor.screenshot(f"keyboard-message-{size[0]}")
    keys.press("+")
    keys.is_at("Find or type an emoji")
    keys.type("party")
    expect(keys.at("emoji picker").get_by_role("button", name="party").first).to_be_visible()
    keys.press("ArrowDown")
    keys.is_at("party")
    keys.press("Enter")
    expect(visitor.message("In the library").locator(anchor("communication message reaction"))).to_have_text("🎉 1")
    keys.press("Escape")
    keys.is_at(": In the library")
    keys.press("r")
    keys.is_at(f"Message to {name}")
    keys.type("Thank you")
    keys.press("Enter")
    expect(visitor.message("Thank you").locator(anchor("communication message quote"))).to_be_visible()
    expect(visitor.delivered("pending")).to_have_count(0)
    keys.press("ArrowUp")
    keys.is_at(f"Message to {name}")
    keys.type(" very much")
    keys.press("Enter")
    expect(visitor.message("Thank you very much")).to_be_visible()
    keys.press("Shift+F6", "p")
    expect(visitor.message("Thank you very much").locator(".pinned")).to_be_visible()
    keys.is_at(": Thank you very much, Pinned, edited$")
    keys.press("Home")
    keys.is_at(": Where are my reads")
    keys.press("Delete")
    keys.is_at("Keep")
    visitor.screenshot(f"keyboard-delete-{size[0]}")
    keys.press("Shift+Tab", "Enter")
    keys.is_at(": This message was deleted")
    keys.press("ArrowDown", "Enter", "ArrowDown", "ArrowUp")
    visitor.screenshot(f"keyboard-menu-{size[0]}")
    keys.press("Escape")
    keys.is_at("More actions")
    keys.press("Escape", "Escape")
    keys.is_at(f"Message to {name}")

    # Mentioning, with the list above the box.
    keys.type(f"Hello @{ben_user.username[:3]}")
    expect(keys.at("completions")).to_be_visible()
    visitor.screenshot(f"keyboard-mention-{size[0]}")
    keys.press("Enter", "Enter")
    expect(visitor.message(f"Hello @{ben_user.username}")).to_be_visible()

    # A needle far away, and back.
    for number in range(80):
        answer = ben("POST", f"rooms/{room_id}/messages", {"text": f"Hay {number}", "client_id": f"hay-{number}"})
        assert answer.ok, answer.text
    expect(visitor.message("Hay 79")).to_be_visible()
    keys.press("Control+Shift+F")
    keys.is_at("Search for")
    keys.type("needles")
    expect(keys.at("search hit")).to_have_count(1)
    keys.press("ArrowDown")
    keys.is_at("library of needles")
    visitor.screenshot(f"keyboard-search-{size[0]}")
    keys.press("Enter")
    keys.is_at(f"^{ben_user.username}, .*: In the library of needles")
    keys.press("Escape")
    keys.to("Jump to newest|new messages?$", "Shift+Tab")
    keys.press("Enter")
    expect(visitor.message("Hay 79")).to_be_in_viewport()
    keys.press("End")
    keys.is_at(": Hay 79")

    # The rest: the sheet of shortcuts, preferences, other rooms, leaving, closing.
    keys.press("?")
    expect(keys.at("shortcuts")).to_be_visible()
    visitor.screenshot(f"keyboard-shortcuts-{size[0]}")
    keys.press("Escape")
    keys.is_at(": Hay 79")
    keys.press("Escape", "Control+/")
    expect(keys.at("shortcuts")).to_be_visible()
    keys.press("Escape")
    keys.is_at(f"Message to {name}")
    keys.press("Alt+ArrowUp")
    expect(visitor.room(name)).not_to_have_attribute("aria-current", "true")
    keys.press("Alt+ArrowDown")
    keys.is_at(f"Message to {name}")
    keys.to("Room details", "Shift+Tab")
    keys.press("Enter")
    keys.is_at("Close details")
    keys.to("^Leave this room$")
    keys.press("Enter")
    keys.is_at("Cancel")
    keys.press("Shift+Tab", "Enter")
    keys.is_at("Message to ")
    expect(visitor.room(name)).to_contain_text("Join")
    keys.press("F6")
    keys.to("Place of the chat and preferences")
    keys.press("Enter")
    keys.to("Chat preferences", "ArrowDown")
    keys.press("Enter")
    expect(keys.at("preference typing")).to_be_visible()
    keys.to("Show others when I am writing")
    keys.press("Space")
    expect(keys.at("preference typing")).not_to_be_checked()
    keys.press("Escape")
    keys.is_at("Place of the chat and preferences")
    keys.to("Close chat|Back to Galaxy", "Shift+Tab" if size == NARROW else "Tab")
    page.keyboard.press("Enter")
    expect(visitor.panel).to_have_count(0)
    expect(icon).to_be_focused()
    assert visitor.errors == []
