"""axe-core in every state of the chat, the room that it needs, and what it says to those who do not see it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.accessibility import violations
from tests.browser import NARROW, WIDE, Visitors
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api
from tests.stage import Room, Stage, furnish
from tests.states import STATES

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config={"expose_user_name": True})


@pytest.fixture(scope="module")
def room(galaxy: GalaxyServer) -> Room:
    ada, ben = (galaxy.create_user(name, chat=True) for name in ("ada", "ben"))
    return furnish(galaxy, ada, ben)


@pytest.mark.parametrize(
    ("docked", "size"),
    [(False, WIDE), (True, WIDE), (False, NARROW), (True, NARROW)],
)
def test_axe_finds_nothing(room: Room, visitors: Visitors, docked: bool, size: tuple[int, int]) -> None:
    stage = Stage(visitors(room.ada, size), room, docked)
    found = []
    for show in STATES:
        with contextmanager(show)(stage):
            if stage.docked and stage.chat.count() == 0:
                continue  # switched off, nothing of it is left in Galaxy's page
            found += [f"{show.__name__}: {violation}" for violation in violations(stage.page)]
    assert not found, "\n".join(found)


def test_the_page_of_screenshots_has_every_state() -> None:
    page = (DOCS / "states.md").read_text(encoding="utf-8")
    for show in STATES:
        for picture in (f"states/{show.__name__}-wide.webp", f"states/{show.__name__}.webp"):
            assert f"({picture})" in page
            assert (DOCS / picture).exists()


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
    expect(stage.visitor.message("See you")).to_be_visible()
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


@pytest.mark.firefox
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
        answer = ben(
            "POST", f"rooms/{room.id}/messages", {"text": text, "client_id": f"{text} {stage.visitor.browser}"}
        )
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
