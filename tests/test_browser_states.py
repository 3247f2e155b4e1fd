"""Every state in a real browser, brought about for real where that can be done: what it says, and the way out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.cable import Cable
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser
from tests.people import Api

#: A back-off that has reached its cap, and the attempt after it, in milliseconds.
RECONNECT = 60_000


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """One in which nobody has said anything, and which may be killed."""
    return start_galaxy()


@pytest.fixture
def visitors(browser: Browser, galaxy: GalaxyServer) -> Iterator[Visitors]:
    visiting = Visitors(browser, galaxy)
    yield visiting
    visiting.leave()


@pytest.fixture
def ada_user(galaxy: GalaxyServer) -> TestUser:
    return galaxy.create_user("ada", chat=True)


@pytest.fixture
def ada(visitors: Visitors, ada_user: TestUser) -> Visitor:
    return visitors(ada_user)


@pytest.fixture
def admin(galaxy: GalaxyServer) -> Api:
    return Api(galaxy.url, key=galaxy.admin(chat=True).api_key)


def come_in(visitor: Visitor) -> None:
    """On the chat's own page."""
    visitor.page.goto(f"{visitor.galaxy.url}/communication")
    visitor.go_online()


def done(api: Api, method: str, path: str, body: object = None) -> None:
    response = api(method, path, body)
    assert response.ok, (response.status_code, response.text)


def at(visitor: Visitor, description: str) -> Locator:
    return visitor.page.locator(anchor(f"communication {description}"))


def button(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("button", name=name, exact=True)


def shoot(visitor: Visitor, name: str) -> None:
    """Wide and narrow, as one looks at them."""
    for size, suffix in ((NARROW, "-narrow"), (WIDE, "")):
        visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
        visitor.screenshot(f"state-{name}{suffix}")


def soon(seconds: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()


def test_an_empty_room_says_what_it_is_for_and_leads_to_a_first_step(
    galaxy: GalaxyServer, visitors: Visitors, ada: Visitor, ada_user: TestUser
) -> None:
    api = Api(galaxy.url, key=ada_user.api_key)
    ben_user = galaxy.create_user("ben", chat=True)
    ben = Api(galaxy.url, key=ben_user.api_key)
    ben.get("rooms")
    done(api, "POST", "rooms", {"kind": "private", "name": "Plans"})
    done(api, "POST", "rooms", {"kind": "direct", "members": [ben_user.id]})
    done(api, "POST", "rooms", {"kind": "private", "name": "Lab", "members": [ben_user.id]})
    come_in(ada)
    empty = at(ada, "empty room")
    ada.open_room("All Chats")
    expect(empty).to_contain_text("Welcome to All Chats")
    shoot(ada, "empty-lobby")
    ada.open_room("Plans")
    expect(empty).to_contain_text("This room is yours.")
    shoot(ada, "empty-own")
    button(ada, "Invite people").click()
    dialog = ada.page.get_by_role("dialog", name="Invite people")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    shoot(ada, "empty-invite")
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ada.open_room("Lab")
    expect(empty).to_contain_text("Only those who are in Lab can read it.")
    ada.open_room(ben_user.username)
    expect(empty).to_contain_text(f"Say hello to {ben_user.username}")
    shoot(ada, "empty-direct")
    button(ada, "Say hello").click()
    expect(ada.composer).to_be_focused()
    ada.say("Hello")
    expect(empty).to_have_count(0)
    assert ada.errors == []


def test_a_silence_shows_at_once_and_ends_by_itself(ada: Visitor, ada_user: TestUser, admin: Api) -> None:
    come_in(ada)
    ada.open_room("All Chats")
    ada.composer.fill("half a thought")
    closed = at(ada, "closed room")
    done(admin, "PUT", f"admin/silences/{ada_user.id}", {"reason": "Please read the rules.", "until": soon(3600)})
    expect(closed).to_contain_text("You cannot write until")
    expect(closed).to_contain_text("A moderator has silenced you: Please read the rules.")
    expect(ada.composer).to_have_count(0)
    shoot(ada, "silenced")
    done(admin, "PUT", f"admin/silences/{ada_user.id}", {"until": soon(4)})
    expect(closed).to_contain_text("A moderator has silenced you. You can go on reading.")
    expect(ada.composer).to_have_value("half a thought")
    done(admin, "PUT", f"admin/silences/{ada_user.id}", {})
    expect(closed).to_contain_text("An administrator of this Galaxy can lift it.")
    ada.page.reload()
    expect(closed).to_contain_text("You cannot write for now.")
    shoot(ada, "silenced-lasting")
    done(admin, "DELETE", f"admin/silences/{ada_user.id}")
    ada.say("I may speak again")
    assert ada.errors == []


def test_who_is_banned_is_told_why_and_until_when(ada: Visitor, ada_user: TestUser, admin: Api) -> None:
    come_in(ada)
    expect(ada.composer).to_be_visible()
    expect(ada.page.get_by_role("log")).to_have_attribute("aria-busy", "false")  # else what is asked for is refused
    done(admin, "PUT", f"admin/bans/{ada_user.id}", {"reason": "Spam.", "until": soon(90)})
    expect(ada.page.get_by_text("You are banned from the chat. Spam.")).to_be_visible()
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"Try again in (1:\d\d minutes|\d+ seconds)\."))
    shoot(ada, "banned")
    done(admin, "DELETE", f"admin/bans/{ada_user.id}")
    button(ada, "Try again").click()
    expect(ada.connection("connected")).to_be_attached()
    assert ada.errors == []


def test_what_is_sent_too_fast_waits_and_counts_down(ada: Visitor) -> None:
    error: dict[str, object] = {"code": "rate_limited", "message": "", "retry_after": 6}
    errors = [error]
    Cable(ada.page).refuses = lambda frame: errors.pop() if errors else None
    come_in(ada)
    ada.open_room("All Chats")
    ada.say("One of many")
    note = ada.message("One of many").locator(".delivery")
    for seconds in (6, 5, 4):
        expect(note).to_have_text(f"That was fast. Sending in {seconds} s…")
        if seconds == 5:
            shoot(ada, "rate-limited")
    assert ada.page.get_by_role("log").get_attribute("aria-live") == "off"
    expect(ada.message("One of many")).to_have_attribute("data-delivery", "sent")
    assert ada.errors == []


def test_slow_mode_is_said_and_counts_down(galaxy: GalaxyServer, ada: Visitor, ada_user: TestUser) -> None:
    ben = Api(galaxy.url, key=galaxy.create_user("ben", chat=True).api_key)
    name = f"Slow {ada_user.username}"
    done(ben, "POST", "rooms", {"kind": "private", "name": name, "members": [ada_user.id]})
    room_id = next(room["id"] for room in ben.get("rooms") if room["name"] == name)
    done(ben, "PATCH", f"rooms/{room_id}", {"slow_mode_seconds": 30})
    come_in(ada)
    ada.open_room(name)
    expect(at(ada, "slow mode")).to_have_text("Slow mode: one message every 30 seconds.")
    ada.say("Slowly")
    for seconds in (29, 28):
        expect(at(ada, "slow mode")).to_contain_text(f"Your next one can go in {seconds} seconds.")
    shoot(ada, "slow-mode")
    assert ada.errors == []


def test_an_archived_room_can_be_brought_back_by_its_owner(
    galaxy: GalaxyServer, visitors: Visitors, ada: Visitor, ada_user: TestUser
) -> None:
    owner = Api(galaxy.url, key=ada_user.api_key)
    ben_user = galaxy.create_user("ben", chat=True)
    ben = visitors(ben_user)
    name = f"Club {ada_user.username}"
    done(owner, "POST", "rooms", {"kind": "private", "name": name, "members": [ben_user.id]})
    for visitor in (ada, ben):
        come_in(visitor)
        visitor.open_room(name)
    ada.say("That was it")
    room_id = next(room["id"] for room in owner.get("rooms") if room["name"] == name)
    done(owner, "PATCH", f"rooms/{room_id}", {"archived": True})
    expect(at(ben, "closed room")).to_contain_text("Its owner can bring it back.")
    expect(at(ada, "closed room")).to_contain_text("You can bring it back in its details.")
    shoot(ada, "archived")
    at(ada, "closed room").get_by_role("button", name="Room details").click()
    button(ada, "Bring this room back").click()
    button(ada, "Bring back").click()
    expect(ben.composer).to_be_visible()
    for visitor in (ada, ben):
        assert visitor.errors == []


@pytest.mark.firefox
def test_after_the_login_one_is_where_one_was(ada: Visitor, ada_user: TestUser) -> None:
    come_in(ada)
    ada.log_out_elsewhere()
    expect(ada.page.get_by_text("Your Galaxy session ended.")).to_be_visible()
    shoot(ada, "session-ended")
    ada.page.get_by_role("link", name="Log in").click()
    ada.page.fill("input[name=login]", ada_user.email)
    ada.page.fill("input[name=password]", ada_user.password)
    ada.page.press("input[name=password]", "Enter")
    ada.page.wait_for_url("**/communication")
    expect(ada.connection("connected")).to_be_attached()


def test_chat_that_one_switches_off_goes_and_comes_back(galaxy: GalaxyServer, ada: Visitor, ada_user: TestUser) -> None:
    come_in(ada)
    docked = ada.another_tab()
    docked.open_galaxy()
    docked.open_panel()
    docked.go_online()
    expect(docked.page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    galaxy.enable_chat(ada_user, False)
    expect(docked.panel).to_have_count(0)
    expect(docked.icon).to_have_count(0)
    expect(ada.page.get_by_text("You have not switched the chat on.")).to_be_visible()
    shoot(ada, "not-wanted")
    button(ada, "Switch chat on").click()
    expect(ada.connection("connected")).to_be_attached()
    assert ada.errors == []


def test_chat_that_the_administrator_switches_off_goes_and_comes_back(ada: Visitor, admin: Api) -> None:
    for visitor in (docked := ada, page := ada.another_tab()):
        visitor.page.clock.install()
    docked.open_galaxy()
    docked.open_panel()
    docked.go_online()
    page.page.goto(f"{ada.galaxy.url}/communication")
    page.go_online()
    for visitor in (docked, page):
        expect(visitor.page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    done(admin, "PUT", "status", {"enabled": False})
    expect(docked.panel).to_have_count(0)
    expect(docked.icon).to_have_count(0)
    expect(page.page.get_by_text("Chat is switched off on this Galaxy.")).to_be_visible()
    done(admin, "PUT", "status", {"enabled": True})
    for visitor in (docked, page):
        visitor.page.clock.fast_forward(60_000)
        expect(visitor.connection("connected")).to_be_attached()
    expect(docked.panel).to_be_visible()
    assert ada.errors == []


def test_the_page_says_why_there_is_no_chat(galaxy: GalaxyServer, visitors: Visitors, ada: Visitor, admin: Api) -> None:
    eve = visitors()
    eve.page.goto(f"{galaxy.url}/communication")
    expect(eve.page.get_by_text("You are not logged in.")).to_be_visible()
    link = eve.page.get_by_role("link", name="Log in")
    expect(link).to_have_attribute("href", "/login/start?redirect=%2Fcommunication")
    shoot(eve, "signed-out")
    done(admin, "PUT", "status", {"enabled": False})
    ada.page.goto(f"{galaxy.url}/communication")
    expect(ada.page.get_by_text("Chat is switched off on this Galaxy.")).to_be_visible()
    shoot(ada, "switched-off")
    done(admin, "PUT", "status", {"enabled": True})
    button(ada, "Try again").click()
    expect(ada.page.get_by_text("You are offline.")).to_be_visible()
    shoot(ada, "offline")


def test_what_was_not_sent_can_be_sent_again_together(ada: Visitor, ada_user: TestUser, admin: Api) -> None:
    ada.share_nothing()
    come_in(ada)
    ada.open_room("All Chats")
    ada.context.set_offline(True)
    expect(ada.page.get_by_text("This computer has no network connection.")).to_be_visible()
    shoot(ada, "no-network")
    texts = [f"{which} of two in {ada.browser}" for which in ("First", "Second")]
    for text in texts:
        ada.say(text)
    done(admin, "PUT", f"admin/silences/{ada_user.id}", {})
    ada.context.set_offline(False)
    expect(ada.delivered("failed")).to_have_count(2)
    done(admin, "DELETE", f"admin/silences/{ada_user.id}")
    expect(ada.page.get_by_text("2 messages were not sent.")).to_be_visible()
    shoot(ada, "not-sent")
    button(ada, "Send all again").click()
    expect(ada.delivered("failed")).to_have_count(0)
    expect(ada.message(texts[1])).to_have_attribute("data-delivery", "sent")
    assert ada.texts.all_inner_texts()[-2:] == texts


def test_loading_shows_the_shape_of_what_comes(ada: Visitor) -> None:
    cable = Cable(ada.page)
    cable.loses = lambda frame: '"ready"' in frame
    ada.page.goto(f"{ada.galaxy.url}/communication")
    ada.bubble.click()
    expect(at(ada, "skeleton")).to_be_visible()
    shoot(ada, "loading")
    ada.page.route("**/messages?*", lambda route: None)
    cable.repair()
    ada.page.reload()
    expect(ada.page.get_by_text("Loading messages…")).to_be_attached()
    shoot(ada, "loading-messages")
    ada.page.route("**/search?*", lambda route: None)
    ada.page.route("**/members?*", lambda route: None)
    at(ada, "room details button").click()
    expect(ada.page.get_by_text("Loading members…")).to_be_attached()
    shoot(ada, "loading-members")
    ada.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    at(ada, "search button").click()
    ada.page.get_by_role("searchbox", name="Search for").fill("genome")
    expect(ada.page.get_by_text("Searching…").first).to_be_attached()
    shoot(ada, "loading-search")
    assert ada.errors == []


def test_an_outage_says_what_works_and_can_be_tried_at_once(galaxy: GalaxyServer, ada: Visitor) -> None:
    come_in(ada)
    ada.open_room("All Chats")
    galaxy.kill()
    notice = ada.page.get_by_text("Connection lost, trying again…")
    expect(notice).to_be_visible()
    expect(ada.page.get_by_text("You can go on writing")).to_be_visible()
    expect(ada.page.get_by_text(re.compile(r"Next try in \d+ seconds?\."))).to_be_visible(timeout=RECONNECT)
    shoot(ada, "outage")
    galaxy.start_and_wait()
    ada.page.get_by_role("button", name="Try now", disabled=False).click(timeout=RECONNECT)
    expect(notice).to_have_count(0)
    expect(ada.connection("connected")).to_be_attached()
