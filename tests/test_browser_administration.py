"""The sections of the administrators' page, as administrator, as moderator, and as those whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.accessibility import violations
from tests.browser import NARROW, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api, Meet, client_ids
from tests.test_groups import GalaxyAdmin

LOOKS_LIKE_CA = "\N{CYRILLIC SMALL LETTER ES}\N{CYRILLIC SMALL LETTER A}"
OVERFLOWS = (
    "innerWidth < document.querySelector('galaxy-communication').shadowRoot.querySelector('.admin-body').scrollWidth"
)
SECTIONS = ("overview", "rooms", "people", "reports", "filter", "retention", "audit")


class Page:
    """`/communication/admin` in somebody's browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def open(self, section: str) -> Page:
        self.page.goto(f"{self.visitor.galaxy.url}/communication/admin#{section}")
        self.page.reload()
        expect(self.page.locator(".admin-body")).to_be_visible()
        expect(self.page.get_by_text("Loading…")).to_have_count(0)
        return self

    def part(self, name: str, **narrowed: Any) -> Locator:
        return self.page.locator(anchor(f"communication {name}")).filter(**narrowed)

    def item(self, kind: str, name: str) -> Locator:
        """Of a list, the whole entry."""
        entry = self.page.locator(
            f'{anchor(f"communication admin {kind}")}:is([data-room-name="{name}"], [data-username="{name}"])'
        )
        return self.page.locator(".admin-item").filter(has=entry)

    def search(self, text: str) -> None:
        self.page.get_by_role("searchbox").fill(text)


@pytest.fixture
def admin(galaxy: GalaxyServer, visitors: Visitors) -> Iterator[Page]:
    visitor = visitors(galaxy.admin(chat=True))
    yield Page(visitor)
    assert visitor.errors == []


@pytest.fixture
def ada(meet: Meet) -> TestUser:
    return meet.user("ada")


def in_chat(visitors: Visitors, user: TestUser) -> Visitor:
    visitor = visitors(user)
    visitor.page.goto(f"{visitor.galaxy.url}/communication")
    visitor.go_online()
    return visitor


def said(meet: Meet, user: TestUser, room: str, text: str) -> str:
    """The message's id, of one said in the room of that name, which is joined for it."""
    api = meet.api(user)
    room_id = next(one["id"] for one in api.get("rooms", query=room) if one["name"] == room)
    api("POST", f"rooms/{room_id}/membership")
    answer = api("POST", f"rooms/{room_id}/messages", {"text": text, "client_id": next(client_ids)})
    assert answer.ok, answer.text
    return str(answer.json()["id"])


def test_a_room_is_made_looked_after_exported_and_deleted(
    admin: Page, meet: Meet, visitors: Visitors, ada: TestUser, tmp_path: Path
) -> None:
    name = f"Annotation {ada.username}"
    admin.open("rooms").part("admin new room").click()
    admin.page.get_by_role("textbox", name="Name", exact=True).fill(name)
    admin.page.get_by_label("Topic").fill("Genes")
    admin.page.get_by_role("button", name="Create room").click()
    room = admin.item("room", name)
    expect(room).to_contain_text("Permanent")

    for text in ("one", "two"):
        said(meet, ada, name, text)
    visitor = in_chat(visitors, ada)
    visitor.open_room(name)
    room.get_by_role("button", name="Change").click()
    admin.page.get_by_label("Topic").fill("Genes and more")
    room.get_by_label("Read-only").check()
    room.locator(anchor("communication slow mode choice")).select_option(label="30 seconds")
    room.get_by_role("button", name="Save").click()
    expect(room.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(room).to_contain_text("Genes and more")
    expect(room).to_contain_text("slow mode: 30 seconds")
    expect(visitor.composer).to_have_count(0)
    admin.visitor.screenshot("admin-rooms")

    with admin.page.expect_download() as download:
        room.locator(anchor("communication admin export")).click()
    download.value.save_as(tmp_path / "room.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "room.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines] == ["one", "two"]
    expect(room).to_contain_text("2 lines, saved as a file.")

    room.get_by_role("button", name="Archive").click()
    expect(room.locator(".admin-mark", has_text="Archived")).to_be_visible()
    room.get_by_text("Delete this room with all its messages").click()
    gone = room.get_by_role("button", name="Delete for good")
    expect(gone).to_be_disabled()
    admin.part("admin typed name").fill(name[:-1])
    expect(gone).to_be_disabled()
    admin.part("admin typed name").fill(name)
    gone.click()
    expect(room).to_have_count(0)
    expect(visitor.room(name)).to_have_count(0)
    admin.open("audit")
    expect(admin.part("admin act").first).to_contain_text(f"admin deleted {name} with its messages.")
    assert visitor.errors == []


def test_a_room_of_a_group(admin: Page, meet: Meet, ada: TestUser) -> None:
    group = GalaxyAdmin(meet)
    group_id = group.group([ada])
    name = next(one["name"] for one in group("GET", "groups") if one["id"] == group_id)
    admin.open("rooms").part("admin new room").click()
    admin.page.get_by_role("radio", name="Of a group").check()
    admin.page.get_by_role("combobox", name="Group or role in Galaxy").select_option(label=f"Group: {name}")
    expect(admin.page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)
    admin.page.get_by_role("button", name="Create room").click()
    expect(admin.item("room", name)).to_contain_text("Of a group")
    assert [room["name"] for room in meet.api(ada).get("rooms") if room["kind"] == "group"] == [name]
    admin.search(name[:-1])
    expect(admin.item("room", name)).to_contain_text("1 member")
    admin.page.get_by_label("Kind of room").select_option("group")
    expect(admin.item("room", name)).to_have_count(1)
    admin.page.get_by_label("Kind of room").select_option("lobby")
    expect(admin.item("room", name)).to_have_count(0)


def test_somebody_is_silenced_sees_why_and_is_let_speak_again(admin: Page, visitors: Visitors, ada: TestUser) -> None:
    visitor = in_chat(visitors, ada)
    visitor.open_room("All Chats")
    admin.open("people").search(ada.email)
    person = admin.item("person", ada.username)
    expect(person).to_contain_text(ada.email)
    person.get_by_role("button", name=f"Moderate {ada.username}").click()
    expect(person).to_contain_text("Nothing was ever done about them.")
    person.get_by_label("For how long").select_option(label="1 hour")
    person.get_by_label("Reason").fill("Shouting")
    person.get_by_role("button", name="Silence").click()
    expect(person).to_contain_text("Silenced by admin")
    expect(person.locator(anchor("communication admin act"))).to_contain_text("Shouting")
    admin.visitor.screenshot("admin-people")
    expect(visitor.page.locator(anchor("communication closed room"))).to_contain_text("Shouting")

    person.locator(anchor("communication admin lift")).click()
    expect(person.locator(anchor("communication admin lift"))).to_have_count(0)
    expect(person.locator(anchor("communication admin act"))).to_have_count(2)
    expect(visitor.composer).to_be_visible()

    person.get_by_role("radio", name="Ban").check()
    person.get_by_role("button", name="Ban from the chat").click()
    expect(person.locator(".admin-mark", has_text="banned")).to_be_visible()
    expect(visitor.page.get_by_text("You cannot use the chat now.")).to_be_visible()
    person.locator(anchor("communication admin lift")).click()
    expect(person.locator(".admin-mark")).to_have_count(0)


def test_a_report_is_looked_at_by_those_whom_it_concerns(
    admin: Page, galaxy: GalaxyServer, meet: Meet, visitors: Visitors, ada: TestUser
) -> None:
    owner, spammer = meet.user("owner"), meet.user("spammer")
    name = f"Reads of {owner.username}"
    people = [ada.id, spammer.id]
    assert meet.api(owner)("POST", "rooms", {"kind": "public", "name": name, "members": people}).ok
    said(meet, spammer, name, "Buy cheap reads")
    said(meet, spammer, name, "And tools")
    reporter = in_chat(visitors, ada)
    reporter.open_room(name)
    for text in ("Buy cheap reads", "And tools"):
        reporter.message(text).hover()
        reporter.message(text).locator(anchor("communication message actions")).click()
        reporter.page.get_by_role("menuitem", name="Report…").click()
        assert violations(reporter.page) == []
        reporter.page.get_by_label("What is wrong with it?").fill(f"Spam: {text}")
        reporter.screenshot("report")
        reporter.page.get_by_role("button", name="Report", exact=True).click()
        expect(reporter.message(text)).to_contain_text("Reported. The moderators will look at it.")

    moderator = in_chat(visitors, owner)
    moderator.open_room(name)
    moderator.page.get_by_role("button", name="Room details").click()
    moderator.page.get_by_role("link", name="Reported messages").click()
    theirs = Page(moderator)
    expect(theirs.part("admin report")).to_have_count(2)
    expect(moderator.page.get_by_role("navigation")).to_have_count(0)
    moderator.screenshot("admin-reports-moderator")
    first = theirs.part("admin report", has_text="Spam: Buy cheap reads")
    first.get_by_label("Note").fill("Removed it")
    first.locator(anchor("communication admin delete message")).click()
    expect(first).to_contain_text(f"{owner.username} dealt with it")
    expect(reporter.message("Buy cheap reads")).to_have_count(0)

    admin.open("reports")
    second = admin.part("admin report", has_text="Spam: And tools")
    expect(second).to_contain_text(f"{spammer.username}, reported by {ada.username}")
    expect(admin.part("admin report", has_text="Spam: Buy cheap reads")).to_have_count(0)
    admin.visitor.screenshot("admin-reports")
    second.locator(anchor("communication admin dismiss")).click()
    expect(second).to_contain_text("admin found nothing to do")
    admin.page.get_by_label("Which reports").select_option("all")
    expect(admin.part("admin report", has_text="Spam: Buy cheap reads")).to_contain_text("Removed it")
    assert [visitor.errors for visitor in (reporter, moderator)] == [[], []]


def test_the_word_filter(admin: Page, meet: Meet, visitors: Visitors, ada: TestUser) -> None:
    api = meet.api(admin_user := meet.galaxy.admin(chat=True))
    before = api.get("admin/word-filter")
    try:
        admin.open("filter")
        lists = {action: admin.page.locator(f'[data-action="{action}"]') for action in ("refuse", "mask", "report")}
        for action, word in (("refuse", "casino"), ("mask", "darn"), ("report", "lottery")):
            lists[action].get_by_label("Whole words, one in a line").fill(word)
        lists["mask"].get_by_label("Patterns (regular expressions), one in a line").fill("(")
        admin.page.get_by_role("button", name="Save").click()
        expect(admin.page.get_by_role("alert")).to_be_visible()
        (refused,) = admin.visitor.errors  # the browser's own word for it
        assert "400" in refused
        admin.visitor.errors.clear()
        lists["mask"].get_by_label("Patterns (regular expressions), one in a line").fill("sk-[a-z0-9]{8}")
        admin.page.get_by_role("button", name="Save").click()
        expect(admin.page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
        admin.page.get_by_label("Try it with a text").fill("darn, sk-abcd1234")
        admin.page.get_by_role("button", name="Try", exact=True).click()
        expect(admin.part("admin try")).to_contain_text("****, ***********")
        admin.visitor.screenshot("admin-filter")

        visitor = in_chat(visitors, ada)
        visitor.open_room("All Chats")
        visitor.composer.fill(f"Come to the {LOOKS_LIKE_CA}sino")
        visitor.composer.press("Enter")
        expect(
            visitor.page.locator(anchor("communication failed messages")).or_(visitor.delivered("failed"))
        ).to_be_visible()
        visitor.composer.fill(f"That darn run of {ada.username}")
        visitor.composer.press("Enter")
        expect(visitor.message(f"That **** run of {ada.username}")).to_be_visible()
        said(meet, ada, "All Chats", f"A lottery of {ada.username}")
        admin.open("reports")
        expect(admin.part("admin report", has_text=f"A lottery of {ada.username}")).to_contain_text("the word filter")
    finally:
        assert api("PUT", "admin/word-filter", before).ok, admin_user.username


def test_retention_says_what_would_go_before_it_is_saved(admin: Page, meet: Meet) -> None:
    api = meet.api(meet.galaxy.admin(chat=True))
    before = api.get("admin/retention")
    try:
        admin.open("retention")
        box = admin.page.locator('input[name="private"]')
        expect(box).to_have_value("")
        box.fill("3650")
        admin.page.get_by_role("button", name="Save").click()
        question = admin.page.get_by_role("alertdialog")
        expect(question).to_contain_text("0 messages would be removed for good")
        admin.visitor.screenshot("admin-retention")
        question.get_by_role("button", name="Cancel").click()
        assert api.get("admin/retention")["days"]["private"] is None
        admin.page.get_by_role("button", name="Save").click()
        question.get_by_role("button", name="Save").click()
        expect(admin.page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
        assert api.get("admin/retention")["days"]["private"] == 3650
    finally:
        assert api("PUT", "admin/retention", {"days": before["days"], "erasure": before["erasure"]}).ok


def test_the_overview_and_every_section_by_keyboard_and_on_a_narrow_screen(
    admin: Page, meet: Meet, ada: TestUser
) -> None:
    said(meet, ada, "All Chats", "For the plot")
    admin.open("overview")
    figures = admin.part("admin figures")
    expect(figures.locator('[data-figure="database"]')).to_contain_text("SQLite")
    expect(figures.locator('[data-figure="workers"] dd')).to_have_text("1")
    expect(figures.locator('[data-figure="version"]')).to_contain_text("Galaxy 2")
    bars = admin.part("admin statistics").get_by_role("img", name="Messages per day")
    expect(bars.locator("rect")).to_have_count(30)
    admin.page.get_by_label("How far back").select_option("7")
    expect(bars.locator("rect")).to_have_count(7)
    admin.visitor.screenshot("admin-overview")
    links = admin.page.get_by_role("navigation").get_by_role("link")
    links.first.focus()
    for number, section in enumerate(SECTIONS):
        expect(links.nth(number)).to_be_focused()
        admin.page.keyboard.press("Enter")
        expect(links.nth(number)).to_have_attribute("aria-current", "page")
        expect(admin.page.get_by_text("Loading…")).to_have_count(0)
        assert violations(admin.page) == [], section
        admin.page.keyboard.press("Tab")
    admin.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    for section in SECTIONS:
        admin.open(section)
        assert not admin.page.evaluate(OVERFLOWS), section
        admin.visitor.screenshot(f"admin-{section}-narrow")


def test_who_moderates_nothing_finds_nothing(visitors: Visitors, ada: TestUser) -> None:
    visitor = visitors(ada)
    visitor.page.goto(f"{visitor.galaxy.url}/communication/admin#people")
    expect(visitor.page.get_by_text("Only administrators can do this.")).to_be_visible()
    for path in ("admin/figures", "admin/rooms", "admin/users", "admin/word-filter", "admin/retention", "admin/audit"):
        assert Api(visitor.galaxy.url, key=ada.api_key)("GET", path).status_code == 403
