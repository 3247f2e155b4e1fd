"""Desktop notifications and sound in real Galaxy: what the browser would show and play is noted at its interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import NARROW, WIDE, WITHOUT_WORKERS, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Meet, Person, eventually

#: A browser without a screen hands notifications to nobody, and tells a page neither what it shows nor what it plays:
#: both are noted where they leave the page. Whether it may show any is the browser's own answer, its focus the test's.
RECORDER = """
window.shown = [];
window.tones = 0;
window.focused = true;
document.hasFocus = () => window.focused;
const Real = window.Notification;
window.Notification = class extends EventTarget {
  static get permission() { return Real.permission; }
  static requestPermission() { return Real.requestPermission(); }
  constructor(title, options) {
    super();
    Object.assign(this, { title, ...options, at: Date.now(), isOpen: true });
    window.shown.push(this);
  }
  close() { this.isOpen = false; this.dispatchEvent(new Event("close")); }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 0.5; return start.apply(this, when); };
"""
SHOWN = "shown.map(({ title, body, icon, at, isOpen }) => ({ title, body, icon, at, isOpen }))"


@dataclass
class Scene:
    """Ada has two tabs of one browser, Galaxy's page and the chat's own; what Ben writes comes by his socket."""

    ada: TestUser
    ben: Person
    ben_user: TestUser
    tabs: tuple[Visitor, Visitor]
    direct: str
    #: A room at the level of mentions, which is the first, and open in both tabs.
    room: str
    name: str

    def shown(self) -> list[dict[str, Any]]:
        """In the order of time, whichever tab told it."""
        return sorted((one for tab in self.tabs for one in tab.page.evaluate(SHOWN)), key=lambda one: float(one["at"]))

    def bodies(self) -> list[str]:
        return [one["body"] for one in self.shown()]

    def tones(self) -> float:
        return sum(float(tab.page.evaluate("tones")) for tab in self.tabs)

    def look_away(self, *tabs: Visitor) -> None:
        """To another window, which may leave this one in sight."""
        for tab in tabs or self.tabs:
            tab.page.evaluate("focused = false")

    def is_told(self, text: str) -> None:
        """Of a message that surely deserves it: so what came before it would be told by now, too."""
        self.ben.send(self.direct, text)
        eventually(lambda: text in self.bodies())


def come_in(visitor: Visitor, room: str, path: str = "") -> None:
    visitor.page.goto(visitor.galaxy.url + path)
    if not path:
        visitor.open_panel()
    visitor.go_online()
    visitor.open_room(room)


def switch_on(visitor: Visitor, *names: str) -> None:
    dialog = visitor.open_preferences()
    for name in names:
        switch = dialog.locator(anchor(f"communication preference {name}"))
        expect(switch).not_to_be_checked()
        switch.click()
        expect(switch).to_be_checked()
    visitor.page.keyboard.press("Escape")


@pytest.fixture(params=[pytest.param("one connection", marks=pytest.mark.firefox), "a connection for each tab"])
def scene(request: pytest.FixtureRequest, visitors: Visitors, meet: Meet) -> Scene:
    ada, ben_user = meet.user("ada"), meet.user("ben")
    first = visitors(ada)
    if request.param != "one connection":
        first.context.add_init_script(WITHOUT_WORKERS)
    first.context.grant_permissions(["notifications"])
    first.context.add_init_script(RECORDER)
    ben = meet.person(ben_user)
    name = f"About {ada.username}"
    room = ben.call("room.create", {"kind": "private", "name": name, "members": [ada.id]})["room"]["id"]
    come_in(first, name)
    second = first.another_tab()
    come_in(second, name, "/communication")
    direct = ben.call("room.create", {"kind": "direct", "members": [ada.id]})["room"]["id"]
    for tab in (first, second):
        expect(tab.room(ben_user.username)).to_be_visible()
    return Scene(ada, ben, ben_user, (first, second), direct, room, name)


def test_each_message_that_the_levels_ask_for_once_over_all_tabs(scene: Scene, meet: Meet) -> None:
    first, second = scene.tabs
    api = meet.api(scene.ada)
    switch_on(first, "desktop", "sound")
    scene.look_away()

    scene.ben.send(scene.room, "Just chatting")
    first.say("My own words")
    scene.ben.send(scene.room, f"**Look**, @{scene.ada.username}!\nMore below")
    eventually(scene.shown)
    scene.is_told("Then this")
    (mention, direct) = scene.shown()
    assert mention["title"] == f"{scene.ben_user.username} in {scene.name}"
    assert mention["body"] == f"Look, @{scene.ada.username}!"
    assert direct["title"] == scene.ben_user.username
    if not first.in_firefox:  # which waits for a sound device before it plays
        assert scene.tones() == 2
    assert first.context.request.get(first.galaxy.url + mention["icon"]).ok

    assert api("PATCH", f"rooms/{scene.room}/membership", {"notify": "nothing"}).status_code == 200
    expect(second.room(scene.name).get_by_label("Muted")).to_be_attached()
    scene.ben.send(scene.room, f"Not heard, @{scene.ada.username}")
    scene.is_told("And this")
    assert len(scene.shown()) == 3

    assert api("PATCH", f"rooms/{scene.room}/membership", {"notify": "all"}).status_code == 200
    expect(second.room(scene.name).get_by_label("Muted")).to_have_count(0)
    scene.ben.send(scene.room, "Every word of it")
    eventually(lambda: "Every word of it" in scene.bodies())
    assert first.errors == []


def test_whoever_looks_needs_no_notification(scene: Scene) -> None:
    first, second = scene.tabs
    switch_on(first, "desktop", "sound")
    scene.look_away(first)
    scene.ben.send(scene.room, f"Read in the other tab, @{scene.ada.username}")
    expect(second.message("Read in the other tab")).to_be_visible()
    scene.is_told("Not read")
    assert scene.bodies() == ["Not read"]
    second.open_room(scene.ben_user.username)
    eventually(lambda: not scene.shown()[0]["isOpen"])

    scene.look_away()
    first.icon.click()
    expect(first.panel).to_have_count(0)
    for tab in scene.tabs:
        tab.page.evaluate("shown.length = 0")
    for number in range(20):
        scene.ben.send(scene.direct, f"Burst {number}")
    eventually(lambda: "Burst 19" in scene.bodies())
    assert 1 <= len(scene.shown()) <= 3
    assert scene.tones() <= 4


def test_a_click_leads_to_the_message(scene: Scene) -> None:
    first, second = scene.tabs
    switch_on(first, "desktop")
    second.page.close()
    scene.tabs = (first, first)
    first.icon.click()
    expect(first.panel).to_have_count(0)
    scene.look_away()
    scene.ben.send(scene.direct, "Follow me")
    eventually(scene.shown)
    first.page.evaluate("shown[0].dispatchEvent(new Event('click'))")
    expect(first.message("Follow me")).to_be_focused()
    expect(first.room(scene.ben_user.username)).to_have_attribute("aria-current", "true")
    eventually(lambda: not scene.shown()[0]["isOpen"])
    assert first.errors == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_both_are_off_at_first_and_ask(
    visitors: Visitors, galaxy: GalaxyServer, meet: Meet, size: tuple[int, int]
) -> None:
    ada = visitors(meet.user("ada"), size)
    ada.page.add_init_script(RECORDER)
    ada.page.goto(f"{galaxy.url}/communication")
    ada.go_online()
    dialog = ada.open_preferences()
    desktop = dialog.get_by_role("switch", name="Desktop notifications")
    expect(desktop).not_to_be_checked()
    assert not [url for url in ada.requested if "ringer" in url]
    desktop.click()  # which nobody has allowed here
    expect(dialog.get_by_text("This browser blocks them.")).to_be_visible()
    expect(desktop).not_to_be_checked()
    ada.screenshot(f"alerts-blocked-{size[0]}")
    ada.context.grant_permissions(["notifications"])
    desktop.click()
    expect(desktop).to_be_checked()
    with ada.page.expect_response(lambda answer: answer.request.method == "PUT") as kept:
        dialog.get_by_role("switch", name="Play a sound").click()
    kept.value.finished()
    dialog.get_by_role("button", name="Try it out").click()
    eventually(lambda: [one["title"] for one in ada.page.evaluate(SHOWN)] == ["Chat"])
    eventually(lambda: ada.page.evaluate("tones") == 1)
    ada.screenshot(f"alerts-on-{size[0]}")
    expect(dialog.get_by_text("This browser blocks them.")).to_have_count(0)
    ada.page.reload()
    dialog = ada.open_preferences()
    expect(dialog.get_by_role("switch", name="Desktop notifications")).to_be_checked()
    expect(dialog.get_by_role("switch", name="Play a sound")).to_be_checked()
    assert ada.errors == []
