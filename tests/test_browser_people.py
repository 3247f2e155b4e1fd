"""What people see who were away, or whom Galaxy knows by no public name."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.accessibility import violations
from tests.browser import Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api, eventually


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config={"enable_notification_system": True})


def test_who_was_away_is_told_by_galaxy_and_led_to_the_message(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ada_user, ben_user = galaxy.create_user("ada", chat=True), galaxy.create_user("ben", chat=True)
    ada, ben_api = Api(galaxy.url, key=ada_user.api_key), Api(galaxy.url, key=ben_user.api_key)
    (lobby,) = (room["id"] for room in ben_api.get("rooms") if room["kind"] == "lobby")
    text = f"@{ben_user.username}, your reads are **trimmed** <b>here</b> [x](https://example.org) https://example.org"
    sent = ada("POST", f"rooms/{lobby}/messages", {"text": text, "client_id": "1"})
    assert sent.status_code == 200, sent.text

    ben = visitors(ben_user)
    expect(ben.unread).to_have_text("1")
    ben.page.locator("#activity-notifications").click()
    told = ben.page.get_by_text(f"{ada_user.username} mentioned you in All Chats")
    expect(told.first).to_be_visible()
    expect(ben.page.get_by_text(f"@{ben_user.username}, your reads are **trimmed** <b>here</b>").first).to_be_visible()
    expect(ben.page.locator('a[href*="example.org"]')).to_have_count(0)
    ben.screenshot("notified")
    link = ben.page.get_by_role("link", name="Open the chat").first
    expect(link).to_have_attribute("href", re.compile("/communication\\?message="))
    ben.page.goto(f"{galaxy.url}{link.get_attribute('href')}")
    ben.go_online()
    expect(ben.message("your reads are trimmed")).to_be_focused()
    expect(ben.message("your reads are trimmed").locator("strong")).to_have_text("trimmed")
    eventually(lambda: ben_api.get(f"rooms/{lobby}")["unread"] == 0)
    ben.page.goto(galaxy.url)
    expect(ben.icon).to_be_visible()
    expect(ben.unread).to_have_count(0)


def test_what_an_administrator_says_as_somebody_is_marked_for_all(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ben, reader = galaxy.create_user("ben", chat=True), visitors(galaxy.create_user("ada", chat=True), locale="de-DE")
    admin, own = visitors(galaxy.admin()), visitors(ben)
    admin.page.goto(f"{galaxy.url}/admin/impersonate?id={ben.id}")
    for visitor in (reader, admin, own):
        visitor.page.goto(f"{galaxy.url}/communication")
        visitor.go_online()
        visitor.open_room("All Chats")
    own.say("The run is done.")
    admin.say("Please delete your old histories.")
    for visitor, mark in ((reader, "durch Admin admin"), (admin, "by admin admin"), (own, "by admin admin")):
        marks = visitor.page.locator(anchor("communication acting admin"))
        expect(marks).to_have_text(mark)
        expect(visitor.message("Please delete").locator(marks)).to_be_visible()
        expect(visitor.message("Please delete")).to_have_accessible_name(
            re.compile(re.escape(f"{ben.username} ({mark})"))
        )
    assert violations(reader.page) == []
    reader.screenshot("impersonated")
    own.screenshot("impersonated-own")


def test_who_has_no_public_name_is_told_where_to_choose_one(galaxy: GalaxyServer, visitors: Visitors) -> None:
    user = galaxy.create_user("nameless", chat=True)
    visitor = visitors(user)
    with sqlite3.connect(galaxy.directory / "data" / "universe.sqlite", timeout=30) as database:
        database.execute("UPDATE galaxy_user SET username = NULL WHERE username = ?", (user.username,))
    visitor.page.goto(f"{galaxy.url}/communication")
    visitor.go_online()
    visitor.open_room("All Chats")
    expect(visitor.page.get_by_text("Choose a public name to write.")).to_be_visible()
    expect(visitor.composer).to_have_count(0)
    visitor.screenshot("nameless")
    choose = visitor.page.get_by_role("link", name="Choose a public name", exact=True)
    expect(choose).to_have_attribute("href", "/user/information")
    assert visitor.errors == []
