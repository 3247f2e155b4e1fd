"""Rooms and people in real browsers: what one does is what the others see, and what a reload shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser

#: The smallest screens that are still sold.
TINY = (360, 640)


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """One that shows its users to each other: otherwise only those are found with whom one shares a room."""
    return start_galaxy(config={"expose_user_name": True})


class Guest:
    """Somebody on the chat's own page: what one does with rooms and people, by their roles and names."""

    def __init__(self, visitor: Visitor, user: TestUser) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.user = user
        self.name = user.username

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    def choose(self, entry: str) -> Locator:
        """From the menu of the room list; the dialog that opens."""
        self.at("add room").click()
        self.page.get_by_role("menuitem", name=entry).click()
        return self.page.get_by_role("dialog")

    def make_room(self, name: str, kind: str = "Public", topic: str = "", invite: tuple[Guest, ...] = ()) -> None:
        dialog = self.choose("New room")
        dialog.get_by_role("textbox", name="Name").fill(name)
        dialog.get_by_role("textbox", name="Topic").fill(topic)
        dialog.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        for guest in invite:
            self.pick(dialog, guest)
            expect(dialog.get_by_role("button", name=f"Remove {guest.name}")).to_be_visible()
        dialog.get_by_role("button", name="Create room").click()
        expect(self.visitor.room(name)).to_have_attribute("aria-current", "true")
        expect(self.visitor.composer).to_be_focused()

    def pick(self, place: Locator, guest: Guest) -> None:
        """By the keyboard alone."""
        box = place.locator(anchor("communication people search"))
        box.fill(guest.name[:-1])
        expect(place.get_by_role("option", name=guest.name)).to_be_visible()
        box.press("Enter")

    def details(self) -> Locator:
        if self.at("room details").count() == 0:
            self.at("room details button").click()
        return self.at("room details")

    def close_details(self) -> None:
        self.at("room details").get_by_role("button", name="Close details").click()

    def member(self, guest: Guest) -> Locator:
        return self.at("member").and_(self.page.locator(f'[data-username="{guest.name}"]'))

    def about(self, guest: Guest, action: str) -> None:
        """Chooses from the menu of a member."""
        self.member(guest).get_by_role("button", name="Actions").click()
        self.page.get_by_role("menuitem", name=action).click()

    def talk_to(self, guest: Guest) -> None:
        dialog = self.choose("New conversation")
        self.pick(dialog, guest)
        expect(self.visitor.room(guest.name)).to_have_attribute("aria-current", "true")

    def presence(self, guest: Guest) -> Locator:
        """The dot beside the conversation with somebody."""
        return self.visitor.room(guest.name).locator(anchor("communication presence"))

    def badge(self, room: str) -> Locator:
        return self.visitor.room(room).locator(anchor("communication room unread"))

    def mentions(self, room: str) -> Locator:
        return self.visitor.room(room).locator(anchor("communication room mentions"))

    def sees(self) -> list[dict[str, Any]]:
        """The room list, all that it says."""
        listed: list[dict[str, Any]] = self.at("room").evaluate_all(
            """all => all.map(room => ({
                name: room.dataset.roomName,
                text: room.textContent.replace(/\\s+/g, " ").trim(),
                labels: [...room.querySelectorAll("[aria-label]")].map(one => one.ariaLabel),
                classes: room.className,
                section: room.closest("ul").getAttribute("aria-labelledby").replace(/^.*-/, ""),
            }))"""
        )
        return listed

    def reload(self) -> None:
        self.page.reload()
        expect(self.visitor.connection("connected")).to_be_attached()
        expect(self.at("room").first).to_be_visible()


class Arrive:
    def __init__(self, galaxy: GalaxyServer, visitors: Visitors) -> None:
        self._galaxy = galaxy
        self._visitors = visitors
        self._all: list[Guest] = []

    def __call__(self, name: str, size: tuple[int, int] = WIDE) -> Guest:
        """A new user, online on the chat's own page."""
        user = self._galaxy.create_user(name, chat=True)
        guest = Guest(self._visitors(user, size), user)
        guest.page.goto(f"{self._galaxy.url}/communication")
        guest.visitor.go_online()
        self._all.append(guest)
        return guest

    def no_errors(self) -> None:
        for guest in self._all:
            assert guest.visitor.errors == []


def test_rooms_are_made_found_and_entered(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben, eve = arrive("ada"), arrive("ben"), arrive("eve")
    public, private = f"Long reads of {ada.name}", f"Plans of {ada.name}"

    ada.make_room(public, topic="Nanopore and PacBio")
    dialog = ben.choose("Browse rooms")
    dialog.get_by_role("searchbox").fill("long READS")
    found = dialog.locator(f'[data-room-name="{public}"]')
    expect(found).to_contain_text("Nanopore and PacBio")
    expect(found).to_contain_text("1 member")
    ben.visitor.screenshot("browse-rooms")
    found.get_by_role("button", name="Join").click()
    expect(ben.visitor.room(public)).to_have_attribute("aria-current", "true")
    expect(ada.at("room notice")).to_have_text(f"{ben.name} joined")
    expect(ada.at("room facts")).to_have_text("2 members")

    dialog = eve.choose("Browse rooms")
    dialog.get_by_role("searchbox").fill(public.upper())
    dialog.get_by_role("searchbox").press("Enter")
    expect(eve.visitor.room(public)).to_have_attribute("aria-current", "true")
    expect(ada.at("room notice")).to_have_text(f"{ben.name} and {eve.name} joined")

    ada.make_room(private, "Private", invite=(ben,))
    expect(ada.at("room facts")).to_have_text("2 members")
    ada.visitor.say("Nobody else knows of this")
    expect(ben.badge(private)).to_have_text("1")
    ben.visitor.open_room(private)
    expect(ben.visitor.message("Nobody else knows")).to_be_visible()
    dialog = eve.choose("Browse rooms")
    dialog.get_by_role("searchbox").fill(private)
    expect(dialog.get_by_text("There is no room of this name.")).to_be_visible()
    eve.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(eve.at("add room")).to_be_focused()
    expect(eve.visitor.room(private)).to_have_count(0)
    eve.reload()
    expect(eve.visitor.room(private)).to_have_count(0)

    dialog = ada.choose("Browse rooms")
    dialog.get_by_role("searchbox").fill(f"Nowhere {ada.name}")
    dialog.get_by_role("button", name=f"Create “Nowhere {ada.name}”").click()
    expect(ada.page.get_by_role("textbox", name="Name")).to_have_value(f"Nowhere {ada.name}")
    ada.visitor.screenshot("new-room")
    arrive.no_errors()


def test_what_the_owner_changes_the_others_see(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben = arrive("ada"), arrive("ben")
    name = f"Club of {ada.name}"
    ada.make_room(name, "Private", topic="Old papers", invite=(ben,))
    ben.visitor.open_room(name)
    expect(ben.at("room topic")).to_have_text("Old papers")
    expect(ben.details().get_by_role("button", name="Edit name and topic")).to_have_count(0)

    details = ada.details()
    ada.at("edit room").click()
    details.get_by_role("textbox", name="Topic").fill("New papers")
    details.get_by_role("button", name="Save").click()
    expect(ben.at("room topic")).to_have_text("New papers")
    expect(ada.at("edit room")).to_be_focused()

    ada.at("archive room").click()
    details.get_by_role("button", name="Archive", exact=True).click()
    expect(ben.visitor.composer).to_have_count(0)
    expect(ben.page.get_by_text("This room is archived.")).to_be_visible()
    ada.visitor.screenshot("room-archived")
    ada.at("archive room").click()
    details.get_by_role("button", name="Bring back").click()
    expect(ben.visitor.composer).to_be_visible()
    arrive.no_errors()


def test_roles_are_given_and_members_removed(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben, cleo = arrive("ada"), arrive("ben"), arrive("cleo")
    name = f"Lab of {ada.name}"
    ada.make_room(name, "Private", invite=(ben,))
    details = ada.details()
    details.get_by_role("button", name="Invite people").click()
    ada.pick(details, cleo)
    expect(details.get_by_role("button", name=f"Remove {cleo.name}")).to_be_visible()
    details.get_by_role("button", name="Invite", exact=True).click()
    expect(ada.member(cleo)).to_be_visible()
    expect(ada.member(ada)).to_contain_text("Owner")

    for guest in (ben, cleo):
        guest.visitor.open_room(name)
        guest.details()
    expect(cleo.member(ben).locator(anchor("communication presence"))).to_have_attribute("data-status", "online")
    ben.member(cleo).get_by_role("button", name="Actions").click()
    expect(ben.page.get_by_role("menuitem", name="Remove from room")).to_have_count(0)
    ben.page.keyboard.press("Escape")

    ada.about(ben, "Make moderator")
    expect(ada.member(ben)).to_contain_text("Moderator")
    expect(ben.member(ben)).to_contain_text("Moderator")
    ada.visitor.screenshot("room-details")

    ada.about(ben, "Hand the room over")
    ada.visitor.screenshot("room-handing-over")
    details.get_by_role("button", name="Hand over").click()
    expect(ada.member(ben)).to_contain_text("Owner")
    expect(ada.member(ada)).to_contain_text("Moderator")
    expect(ben.at("archive room")).to_be_visible()
    expect(ada.at("archive room")).to_have_count(0)

    cleo.visitor.composer.fill("half a thought")
    ben.about(cleo, "Remove from room")
    ben.details().get_by_role("button", name="Remove", exact=True).click()
    expect(cleo.page.get_by_text(f"You were removed from {name}.")).to_be_visible()
    expect(cleo.visitor.room(name)).to_have_count(0)
    expect(cleo.visitor.room("All Chats")).to_have_attribute("aria-current", "true")
    cleo.visitor.screenshot("room-removed")
    expect(ben.member(cleo)).to_have_count(0)
    expect(ada.at("room notice").last).to_have_text(f"{cleo.name} left")
    expect(ada.at("room facts")).to_have_text("2 members")
    arrive.no_errors()


def test_a_conversation_of_two_with_presence_and_typing(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben = arrive("ada"), arrive("ben")
    for guest in (ada, ben):
        guest.visitor.open_room("All Chats")
    ben.visitor.say(f"Who can help me, {ben.name}?")
    author = ada.visitor.message(f"Who can help me, {ben.name}?").locator(anchor("communication person button"))
    author.click()
    card = ada.at("person")
    expect(card).to_contain_text("Online")
    ada.visitor.screenshot("person-card")
    card.get_by_role("button", name="Message").click()
    expect(ada.visitor.room(ben.name)).to_have_attribute("aria-current", "true")
    expect(ada.visitor.composer).to_be_focused()
    ada.page.keyboard.type("Hello")
    expect(ada.presence(ben)).to_have_attribute("data-status", "online")

    ben.visitor.open_room(ada.name)
    expect(ben.at("typing")).to_have_text("")
    ada.page.keyboard.type(", what is it about?")
    expect(ben.at("typing")).to_have_text(f"{ada.name} is writing…", timeout=10_000)
    ben.visitor.screenshot("typing")
    ada.page.keyboard.press("Enter")
    expect(ben.visitor.message("Hello, what is it about?")).to_be_visible()
    expect(ben.at("typing")).to_have_text("")

    ben.visitor.bubble.click()
    expect(ada.presence(ben)).to_have_count(0)
    expect(ada.at("room facts")).to_have_text("Offline")
    ada.visitor.say("Gone already?")
    ben.visitor.go_online()
    expect(ada.presence(ben)).to_have_attribute("data-status", "online")
    arrive.no_errors()


def test_away_is_seen_by_the_others(galaxy: GalaxyServer, visitors: Visitors) -> None:
    user = galaxy.create_user("ben", chat=True)
    ben = Guest(visitors(user), user)
    ben.page.clock.install()
    ben.page.goto(f"{galaxy.url}/communication")
    ben.visitor.go_online()
    ada = Arrive(galaxy, visitors)("ada")
    ada.talk_to(ben)
    expect(ada.presence(ben)).to_have_attribute("data-status", "online")
    ben.page.clock.fast_forward("05:01")
    expect(ada.presence(ben)).to_have_attribute("data-status", "away")
    ada.visitor.screenshot("away")
    ben.page.mouse.move(100, 100)
    ben.page.mouse.move(120, 120)
    expect(ada.presence(ben)).to_have_attribute("data-status", "online")


def test_what_deserves_attention_shows_where_one_looks(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """In the masthead and in the tab's title: all that is new, but for rooms that are muted or say nothing."""
    arrive = Arrive(galaxy, visitors)
    ben = arrive("ben")
    user = galaxy.create_user("ada", chat=True)
    ada = Guest(visitors(user), user)
    ada.page.goto(galaxy.url)
    ada.visitor.open_panel()
    ada.visitor.go_online()
    title = ada.page.title()
    name = f"Alerts of {ben.name}"
    ben.make_room(name, invite=(ada,))
    expect(ada.visitor.room(name)).to_be_visible()

    ben.visitor.say("Somebody said something")
    expect(ada.badge(name)).to_have_text("1")
    expect(ada.visitor.unread).to_have_text("1")
    ben.visitor.say(f"@{ada.name} this is for you")
    expect(ada.mentions(name)).to_have_text("@")
    expect(ada.visitor.unread).to_have_text("2")
    assert ada.page.title() == f"(2) {title}"
    ada.visitor.screenshot("attention")

    ada.visitor.open_room(name)
    expect(ada.visitor.unread).to_have_count(0)
    assert ada.page.title() == title
    details = ada.details()
    details.get_by_role("radio", name="Every message").check()
    ada.visitor.screenshot("room-details-docked")
    ada.close_details()
    expect(ada.at("room details button")).to_be_focused()
    ada.visitor.open_room("All Chats")
    ben.visitor.say("Now every message counts")
    expect(ada.visitor.unread).to_have_text("1")

    ada.visitor.open_room(name)
    details = ada.details()
    details.get_by_text("Mute", exact=True).click()
    details.get_by_role("button", name="For an hour").click()
    expect(ada.at("room muted")).to_contain_text("Muted until")
    ada.close_details()
    ada.visitor.open_room("All Chats")
    expect(ada.visitor.unread).to_have_count(0)
    ben.visitor.say(f"@{ada.name} and this is not heard")
    ben.visitor.open_room("All Chats")
    ben.visitor.say(f"@{ada.name} but this is")
    expect(ada.visitor.message("but this is")).to_be_visible()
    expect(ada.badge(name)).to_have_count(0)
    expect(ada.visitor.room(name).get_by_role("img", name="Muted")).to_be_visible()
    ada.visitor.screenshot("muted-room")
    ada.page.reload()
    expect(ada.visitor.connection("connected")).to_be_attached()
    expect(ada.visitor.room(name).get_by_role("img", name="Muted")).to_be_visible()
    expect(ada.visitor.unread).to_have_count(0)

    ada.visitor.open_room(name)
    ada.details().get_by_role("button", name="Unmute").click()
    expect(ada.at("room muted")).to_have_count(0)
    assert ada.visitor.errors == []
    arrive.no_errors()


def test_a_person_is_muted_and_heard_again(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben = arrive("ada"), arrive("ben")
    name = f"Quiet of {ben.name}"
    ben.make_room(name, "Private", invite=(ada,))
    ben.visitor.say("The first word")
    ada.visitor.open_room(name)
    ada.visitor.message("The first word").locator(anchor("communication person button")).click()
    ada.at("person").get_by_role("button", name="Mute this person").click()
    expect(ada.page.get_by_text(f"A message from {ben.name}, whom you have muted.")).to_be_visible()
    ada.page.keyboard.press("Escape")
    ada.visitor.open_room("All Chats")
    ben.visitor.say(f"@{ada.name} do you hear me?")
    ben.visitor.open_room("All Chats")
    ben.visitor.say(f"Nor this, {ben.name}")
    expect(ada.page.get_by_text(f"A message from {ben.name}, whom you have muted.")).to_be_visible()
    expect(ada.badge(name)).to_have_count(0)
    ada.reload()
    expect(ada.badge(name)).to_have_count(0)

    ada.at("preferences button").click()
    preferences = ada.at("preferences")
    expect(preferences.get_by_role("switch", name="Show others when I am writing")).to_be_checked()
    ada.visitor.screenshot("preferences")
    preferences.get_by_role("button", name=f"Unmute {ben.name}").click()
    expect(preferences.get_by_text("You have muted nobody.")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.at("preferences button")).to_be_focused()
    expect(ada.mentions(name)).to_have_text("@")
    arrive.no_errors()


def test_preferences_are_kept_and_obeyed(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben = arrive("ada"), arrive("ben")
    ada.talk_to(ben)
    expect(ada.presence(ben)).to_have_attribute("data-status", "online")
    ben.visitor.bubble.click()
    ben.at("preferences button").click()
    ben.page.get_by_role("switch", name="Show others when I am here").uncheck()
    ben.page.get_by_role("switch", name="Show others when I am writing").uncheck()
    ben.page.keyboard.press("Escape")
    ben.visitor.go_online()
    ben.visitor.open_room(ada.name)
    ben.page.keyboard.type("I am here, unseen")
    ben.page.keyboard.press("Enter")
    expect(ada.visitor.message("I am here, unseen")).to_be_visible()
    expect(ada.presence(ben)).to_have_count(0)
    expect(ada.at("typing")).to_have_text("")
    ben.reload()
    ben.at("preferences button").click()
    expect(ben.page.get_by_role("switch", name="Show others when I am here")).not_to_be_checked()
    expect(ben.page.get_by_role("link", name="Galaxy's preferences")).to_have_attribute("href", "/user")
    arrive.no_errors()


def test_what_events_have_made_is_what_a_reload_shows(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ada, ben, cleo = arrive("ada"), arrive("ben"), arrive("cleo")
    one, two, three = (f"{number} of {ada.name}" for number in ("One", "Two", "Three"))
    ada.make_room(one, "Private", invite=(ben, cleo))
    ada.visitor.say(f"@{ben.name} look")
    ada.visitor.say("And another one")
    ada.make_room(two, invite=(ben,))
    ada.details().get_by_role("button", name="Archive this room").click()
    ada.details().get_by_role("button", name="Archive", exact=True).click()
    ada.make_room(three, "Public", invite=(ben,))
    ada.visitor.say("In the third")
    ada.about(ben, "Remove from room")
    ada.details().get_by_role("button", name="Remove", exact=True).click()
    ada.talk_to(ben)
    ada.visitor.say("And to you alone")
    cleo.talk_to(ben)
    cleo.visitor.say("From me, too")
    expect(ben.badge(cleo.name)).to_have_text("1")
    expect(ben.visitor.room(three)).to_contain_text("Join")
    for guest, others in ((ada, (ben,)), (ben, (ada, cleo)), (cleo, (ben,))):
        for other in others:  # who has just reloaded is not there for a moment
            expect(guest.presence(other)).to_have_attribute("data-status", "online")
        before = guest.sees()
        guest.reload()
        after = guest.sees()
        if guest is cleo:  # nobody tells her of rooms that she could join
            before, after = ([room for room in sight if room["section"] != "others"] for sight in (before, after))
        assert after == before
    arrive.no_errors()


def test_small_screens_and_the_docked_panel(galaxy: GalaxyServer, visitors: Visitors) -> None:
    arrive = Arrive(galaxy, visitors)
    ben = arrive("ben")
    ada = arrive("ada", TINY)
    name = f"A room with quite a long name of {ada.name}"
    ada.make_room(name, "Private", topic="What is small is not therefore unreadable, nor is it useless", invite=(ben,))
    ben.visitor.open_room(name)
    ben.visitor.say("Can you read this?")
    expect(ada.visitor.message("Can you read this?")).to_be_visible()
    ada.visitor.screenshot("tiny-room")
    ada.details()
    expect(ada.visitor.composer).to_have_count(0)
    expect(ada.member(ben)).to_be_visible()
    ada.visitor.screenshot("tiny-details")
    ada.page.keyboard.press("Escape")
    expect(ada.visitor.composer).to_be_visible()
    for entry in ("New room", "New conversation", "Browse rooms"):
        dialog = ada.choose(entry)
        expect(dialog.get_by_text("Loading")).to_have_count(0)
        box = dialog.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= TINY[0]
        assert box["y"] + box["height"] <= TINY[1]
        ada.visitor.screenshot(f"tiny-{entry.lower().replace(' ', '-')}")
        ada.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    docked = visitors(ada.user, NARROW)
    docked.open_panel()
    docked.go_online()
    docked.open_room(name)
    expect(docked.message("Can you read this?")).to_be_visible()
    docked.screenshot("narrow-room-of-rooms")
    assert docked.panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    assert docked.errors == []
    arrive.no_errors()
