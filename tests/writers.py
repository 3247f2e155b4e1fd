"""Two people in one room of their own, in real browsers: what they do with its messages, by roles and names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api

#: All that the messages say and show.
SEEN = """all => all.map(one => ({
    seq: one.dataset.seq,
    author: one.dataset.author,
    text: one.querySelector('[data-description="communication message text"]')?.innerHTML ?? null,
    quote: one.querySelector('[data-description="communication message quote"]')?.textContent ?? null,
    marks: [...one.querySelectorAll(".edited, .pinned, .tombstone")].map(mark => mark.textContent.trim() + mark.title),
    reactions: [...one.querySelectorAll('[data-description="communication message reaction"]')]
        .map(reaction => [reaction.title, reaction.textContent.trim(), reaction.ariaPressed]),
    forMe: one.classList.contains("for-me"),
}))"""


#: Messages that the client asks for at once.
MOST_IN_VIEW = 20


class Writer:
    """Somebody in one room of the chat's own page, whose Content-Security-Policy forbids what must not be."""

    def __init__(self, visitor: Visitor, user: TestUser, room: str) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.user = user
        self.name = user.username
        self._room = room
        self.page.goto(f"{visitor.galaxy.url}/communication")
        visitor.go_online()
        visitor.open_room(room)

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def message(self, text: str) -> Locator:
        return self.visitor.message(text)

    def tool(self, text: str, name: str) -> None:
        """One of the buttons that a message shows under the pointer."""
        self.message(text).hover()
        self.message(text).get_by_role("button", name=name, exact=True).click()

    def choose(self, text: str, name: str) -> None:
        """From the menu of a message."""
        self.tool(text, "More actions")
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def reaction(self, text: str, emoji: str) -> Locator:
        return self.message(text).locator(anchor("communication message reaction"), has_text=emoji)

    def sees(self) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = self.visitor.messages.evaluate_all(SEEN)
        return seen

    def write(self, source: str) -> None:
        """Returns when the server has it."""
        self.visitor.composer.fill(source)
        self.visitor.composer.press("Enter")
        expect(self.visitor.composer).to_have_value("")
        expect(self.visitor.delivered("pending")).to_have_count(0)

    def reload(self) -> None:
        """The room is shown again from its newest message on, as far as one page reaches."""
        newest = self.visitor.messages.last.get_attribute("data-seq")
        self.page.reload()
        expect(self.visitor.connection("connected")).to_be_attached()
        expect(self.visitor.room(self._room)).to_have_attribute("aria-current", "true")
        expect(self.visitor.messages.last).to_have_attribute("data-seq", newest or "")
        expect(self.page.locator(".message-text:not(.rendered)")).to_have_count(0)
        expect(self.page.locator(anchor("communication message quote"), has_text="…")).to_have_count(0)


class Two:
    """Ada, who owns the room, and Ben; and what scripts post there."""

    def __init__(self, galaxy: GalaxyServer, visitors: Visitors) -> None:
        users = [galaxy.create_user(name, chat=True) for name in ("ada", "ben")]
        self.apis = [Api(galaxy.url, key=user.api_key) for user in users]
        name = f"Room of {users[0].username}"
        body = {"kind": "private", "name": name, "members": [users[1].id]}
        answer = self.apis[0]("POST", "rooms", body)
        assert answer.ok, answer.text
        self.room_id = answer.json()["id"]
        self._posted = 0
        self.ada, self.ben = (Writer(visitors(user), user, name) for user in users)
        self.ada.page.bring_to_front()  # in Firefox one window alone has the focus

    def post(self, text: str, by: int = 0, **more: object) -> dict[str, Any]:
        self._posted += 1
        body = {"text": text, "client_id": f"posted-{self._posted}", **more}
        answer = self.apis[by]("POST", f"rooms/{self.room_id}/messages", body)
        assert answer.ok, answer.text
        message: dict[str, Any] = answer.json()
        return message

    def expect_the_same_after_a_reload(self) -> None:
        """What the events have made of the state is what the server tells a newcomer."""
        for one in (self.ada, self.ben):
            before = one.sees()
            one.reload()
            after = one.sees()
            both = min(len(before), len(after))  # of a long room, only what is near the view is in the page
            assert both >= min(len(before), MOST_IN_VIEW)
            assert after[-both:] == before[-both:]
            assert one.visitor.errors == []


@pytest.fixture
def two(galaxy: GalaxyServer, visitors: Visitors) -> Iterator[Two]:
    both = Two(galaxy, visitors)
    yield both
    for one in (both.ada, both.ben):
        assert one.visitor.errors == []
