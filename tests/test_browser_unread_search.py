"""What is new, where it begins, and how one finds what is old: two people in real browsers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import NARROW, WIDE, Visitors
from tests.galaxy_server import GalaxyServer
from tests.writers import Two, Writer

#: Which message is the first that one sees all of, and where.
FIRST_SEEN = """list => {
    const { top } = list.getBoundingClientRect();
    const first = [...list.querySelectorAll("article")].find(one => one.getBoundingClientRect().top >= top);
    return { seq: first.dataset.seq, top: first.getBoundingClientRect().top - top };
}"""
#: Scrolls by some pixels in each of some frames, and says how far anything else has moved what one sees.
GLIDE = """async (list, [step, frames]) => {
    // Scrolls between two frames, as the events of keys and wheel do.
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const topOf = one => one.getBoundingClientRect().top - list.getBoundingClientRect().top;
    let most = 0;
    for (let i = 0; i < frames; i++) {
        const seen = [...list.querySelectorAll("article")].find(one => topOf(one) >= 0);
        const [place, before] = [topOf(seen), list.scrollTop];
        list.scrollTop += step;
        const moved = list.scrollTop - before;
        await frame();
        await frame();
        most = Math.max(most, Math.abs(topOf(seen) - (place - moved)));
    }
    return most;
}"""
#: Where that message is now.
PLACE = """(list, seq) =>
    list.querySelector(`[data-seq="${seq}"]`).getBoundingClientRect().top - list.getBoundingClientRect().top"""
#: Room by room, what the list says is new.
BADGES = """all => all.map(room => [room.dataset.roomName, room.querySelector(".badge")?.ariaLabel ?? null])"""
LONG = "A longer one, with code:\n\n```\n" + "\n".join(f"line {number}" for number in range(12)) + "\n```"


def fill(two: Two, count: int, by: int = 1, what: str = "Message") -> list[dict[str, Any]]:
    """Every tenth is a long one."""
    texts = [LONG if number % 10 == 5 else f"{what} number {number}" for number in range(count)]
    return [two.post(text, by=by) for text in texts]


def row(page: Page, message: dict[str, Any]) -> Locator:
    return page.locator(f'article[data-seq="{message["seq"]}"]')


def messages(page: Page) -> Locator:
    return page.get_by_role("log")


def badge(writer: Writer, room: str) -> Locator:
    return writer.visitor.room(room).locator(".badge")


def away(writer: Writer) -> None:
    writer.visitor.open_room("All Chats")


def room_name(two: Two) -> str:
    return f"Room of {two.ada.name}"


def scroll_to(page: Page, key: str, wanted: Locator) -> None:
    """By the keyboard. Of a long list only what is near the view is in the page."""
    for _ in range(100):
        if wanted.count():
            break
        messages(page).press(key)
        expect(messages(page)).to_have_attribute("aria-busy", "false")
    expect(wanted).to_be_attached()


def expect_one_run(page: Page) -> None:
    """No message is missing from the list or there twice, and none is out of order."""
    seqs = [int(seq) for seq in page.locator("article").evaluate_all("all => all.map(one => one.dataset.seq)")]
    assert seqs == sorted(set(seqs))


def expect_the_same_after_a_link(writer: Writer, message: dict[str, Any]) -> None:
    """What the events have made of old messages is what the server tells somebody who comes to them anew."""

    def neighbours() -> list[dict[str, Any]]:
        return [one for one in writer.sees() if abs(int(one["seq"]) - message["seq"]) <= 10]

    before = neighbours()
    writer.page.goto(f"{writer.visitor.galaxy.url}/communication?message={message['id']}")
    expect(row(writer.page, message)).to_be_focused()
    expect(writer.page.locator(".message-text:not(.rendered)")).to_have_count(0)
    assert neighbours() == before


def test_the_first_unread_of_many(two: Two) -> None:
    """There are more than what is loaded at first, and one reads on from the first to the last."""
    ada = two.ada
    fill(two, 60)
    away(ada)
    new = fill(two, 130, what="New")
    expect(badge(ada, room_name(two))).to_have_attribute("aria-label", re.compile("130 unread"))
    ada.page.reload()  # only the newest are loaded then
    expect(badge(ada, room_name(two))).to_have_attribute("aria-label", re.compile("130 unread"))

    ada.visitor.open_room(room_name(two))
    expect(row(ada.page, new[-1])).to_be_in_viewport()
    expect(badge(ada, room_name(two))).to_have_count(0)
    expect(ada.at("unread line")).to_have_count(0)
    ada.visitor.screenshot("unread-jump")
    ada.at("jump to unread").click()
    expect(ada.at("unread line")).to_be_in_viewport()
    expect(row(ada.page, new[0])).to_be_in_viewport()
    expect(row(ada.page, new[0])).to_be_focused()
    expect(ada.at("jump to unread")).to_have_count(0)
    line = ada.at("unread line").evaluate("line => line.nextElementSibling.dataset.seq")
    assert line == str(new[0]["seq"])
    ada.visitor.screenshot("unread-line")
    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    expect(row(ada.page, new[0])).to_be_in_viewport()
    ada.visitor.screenshot("unread-line-narrow")
    ada.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})

    # What comes meanwhile is not read, and is where one gets by reading on.
    last = two.post("While you were reading", by=1)
    expect(ada.page.get_by_role("button", name="1 new message")).to_be_visible()
    expect(badge(ada, room_name(two))).to_have_count(1)
    scroll_to(ada.page, "PageDown", row(ada.page, last))
    expect_one_run(ada.page)
    messages(ada.page).press("End")
    expect(row(ada.page, last)).to_be_in_viewport()
    expect(badge(ada, room_name(two))).to_have_count(0)

    scroll_to(ada.page, "PageUp", ada.at("unread line"))
    ada.visitor.say("Now I have read it all")
    scroll_to(ada.page, "PageUp", row(ada.page, new[0]))
    expect(ada.at("unread line")).to_have_count(0)


@pytest.mark.firefox
def test_old_messages_keep_their_place_while_others_come(two: Two) -> None:
    ada = two.ada
    posted = fill(two, 260)
    ada.page.goto(f"{ada.visitor.galaxy.url}/communication?message={posted[120]['id']}")
    expect(row(ada.page, posted[120])).to_be_in_viewport()
    expect(ada.page.locator(".message-text:not(.rendered)")).to_have_count(0)
    box, frame = row(ada.page, posted[120]).bounding_box(), messages(ada.page).bounding_box()
    assert box
    assert frame
    assert abs((box["y"] + box["height"] / 2) - (frame["y"] + frame["height"] / 2)) < 60, "in the middle"

    for up in (True, False):
        first, end = ("article >> nth=0", "article >> nth=-1")
        before = ada.page.locator(first if up else end).get_attribute("data-seq")
        assert messages(ada.page).evaluate(GLIDE, [-60 if up else 60, 60]) <= 2
        expect(ada.page.locator(first if up else end)).not_to_have_attribute("data-seq", str(before))
        expect(messages(ada.page)).to_have_attribute("aria-busy", "false")
        expect_one_run(ada.page)

    # A change above what one sees moves nothing, and is there.
    seen = messages(ada.page).evaluate(FIRST_SEEN)
    above = ada.page.locator("article").evaluate_all(
        "(all, seq) => all[all.findIndex(one => one.dataset.seq === seq) - 3].dataset.seq", seen["seq"]
    )
    changed = next(one for one in posted if str(one["seq"]) == above)
    answer = two.apis[1]("PATCH", f"messages/{changed['id']}", {"text": LONG + "\n\nEdited"})
    assert answer.ok
    expect(row(ada.page, changed)).to_contain_text("Edited")
    assert abs(messages(ada.page).evaluate(PLACE, seen["seq"]) - seen["top"]) <= 2
    expect_the_same_after_a_link(ada, posted[120])


def test_marked_unread_here_is_unread_in_the_other_tab(two: Two) -> None:
    """Although both show the room, and stays so until one comes to it again."""
    ada, name = two.ada, room_name(two)
    posted = fill(two, 12)
    expect(row(ada.page, posted[-1])).to_be_visible()
    other = Writer(ada.visitor.another_tab(), ada.user, name)
    expect(row(other.page, posted[-1])).to_be_visible()
    expect(badge(ada, name)).to_have_count(0)

    ada.choose("Message number 7", "Mark unread from here")
    for tab in (ada, other):
        expect(badge(tab, name)).to_have_attribute("aria-label", re.compile("5 unread"))
        expect(tab.at("unread line")).to_be_visible()
        assert tab.at("unread line").evaluate("line => line.nextElementSibling.dataset.seq") == str(posted[7]["seq"])
    ada.visitor.screenshot("marked-unread")
    one_more = two.post("One more", by=1)
    for tab in (ada, other):
        expect(row(tab.page, one_more)).to_be_visible()
        expect(badge(tab, name)).to_have_attribute("aria-label", re.compile("6 unread"))

    away(other)
    other.visitor.open_room(name)
    for tab in (ada, other):
        expect(badge(tab, name)).to_have_count(0)
    assert other.at("unread line").evaluate("line => line.nextElementSibling.dataset.seq") == str(posted[7]["seq"])


def test_counts_are_those_of_the_server(two: Two) -> None:
    """After messages, deletions and a pointer that went back, as after a reload."""
    ada, name = two.ada, room_name(two)
    first = fill(two, 4)
    expect(row(ada.page, first[-1])).to_be_visible()
    away(ada)
    posted = fill(two, 8, what="New")
    expect(badge(ada, name)).to_have_attribute("aria-label", re.compile("8 unread"))
    for message in (posted[2], posted[6]):
        assert two.apis[1]("DELETE", f"messages/{message['id']}").ok
    expect(badge(ada, name)).to_have_attribute("aria-label", re.compile("6 unread"))
    ada.page.reload()
    expect(badge(ada, name)).to_have_attribute("aria-label", re.compile("6 unread"))
    assert two.apis[1]("DELETE", f"messages/{posted[3]['id']}").ok
    two.post("The last", by=1)
    assert two.apis[0]("PUT", f"rooms/{two.room_id}/read", {"seq": first[1]["seq"], "backward": True}).ok
    expect(badge(ada, name)).to_have_attribute("aria-label", re.compile("8 unread"))
    before = ada.at("room").evaluate_all(BADGES)
    ada.page.reload()
    expect(badge(ada, name)).to_be_visible()
    assert ada.at("room").evaluate_all(BADGES) == before


def test_search_finds_what_is_hundreds_of_messages_back(two: Two) -> None:
    ada, ben = two.ada, two.ben
    needle = two.post("Where is the **Zanzibar** genome? " + "It has been a long search. " * 20, by=1)
    own = two.post("zanzibars are rare", by=0)
    fill(two, 220)

    ada.visitor.composer.press("ControlOrMeta+Shift+F")
    expect(ada.at("search query")).to_be_focused()
    ada.visitor.screenshot("search-empty")
    ada.page.keyboard.type("zanzibar")
    hits = ada.at("search hit")
    expect(hits).to_have_count(2)
    expect(hits.first).to_contain_text("zanzibars are rare")
    expect(hits.first.locator("mark")).to_have_text("zanzibars")
    expect(ada.at("search count")).to_have_text("2 messages found")
    ada.visitor.screenshot("search")

    ada.at("search person").fill(ben.name[:4])
    ada.page.get_by_role("option", name=ben.name).click()
    expect(hits).to_have_count(1)
    expect(hits).to_have_attribute("data-message-id", needle["id"])
    ada.page.get_by_label("To", exact=True).fill("2020-01-01")
    expect(ada.at("search count")).to_have_text("Nothing found in this room.")
    ada.page.get_by_label("To", exact=True).fill("")
    expect(hits).to_have_count(1)

    # By the keyboard, to the message among its neighbours; the search stays where there is space for it.
    ada.at("search query").focus()
    ada.page.keyboard.press("ArrowDown")
    expect(hits).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(row(ada.page, needle)).to_be_in_viewport()
    expect(row(ada.page, needle)).to_be_focused()
    expect(row(ada.page, needle)).to_have_class(re.compile("highlighted"))
    expect(row(ada.page, own)).to_be_attached()
    ada.visitor.screenshot("search-jumped")
    expect(row(ada.page, needle)).not_to_have_class(re.compile("highlighted"))

    # What becomes of it is seen there, in the hits, and after a reload.
    assert two.apis[1]("PATCH", f"messages/{needle['id']}", {"text": "The Zanzibar genome is found"}).ok
    expect(row(ada.page, needle)).to_contain_text("is found")
    expect(hits).to_contain_text("is found")
    assert two.apis[1]("DELETE", f"messages/{needle['id']}").ok
    expect(row(ada.page, needle).locator(".tombstone")).to_be_visible()
    expect(hits).to_have_count(0)
    expect_the_same_after_a_link(ada, needle)


def test_search_on_a_narrow_screen_and_in_all_rooms(two: Two, visitors: Visitors, galaxy: GalaxyServer) -> None:
    ada = two.ada
    word = f"quokka{galaxy.create_user('word').id[-6:]}"
    needle = two.post(f"A {word} in the private room", by=1)
    fill(two, 80)
    everywhere = two.apis[1].get("rooms")
    lobby = next(room for room in everywhere if room["kind"] == "lobby")
    public = two.apis[1]("POST", f"rooms/{lobby['id']}/messages", {"text": f"A {word} for all", "client_id": word})
    assert public.ok

    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    ada.at("search button").click()
    ada.at("search query").fill(f'"{word} in the"')
    expect(ada.at("search hit")).to_have_count(1)
    ada.at("search query").fill(word)
    ada.page.get_by_text("All rooms").click()
    expect(ada.at("search hit")).to_have_count(2)
    ada.visitor.screenshot("search-narrow")
    ada.at("search hit").filter(has_text="private room").click()
    expect(ada.at("search")).to_have_count(0)
    expect(row(ada.page, needle)).to_be_in_viewport()
    ada.visitor.screenshot("search-jumped-narrow")
    ada.at("search button").click()
    ada.at("search hit").filter(has_text="for all").click()
    expect(ada.visitor.room("All Chats")).to_have_attribute("aria-current", "true")
    expect(ada.message(f"A {word} for all")).to_be_in_viewport()
    ada.at("search button").click()
    ada.page.keyboard.press("Escape")
    expect(ada.at("search")).to_have_count(0)

    eve_user = galaxy.create_user("eve", chat=True)
    eve = Writer(visitors(eve_user), eve_user, "All Chats")
    eve.at("search button").click()
    eve.page.get_by_text("All rooms").click()
    eve.at("search query").fill(word)
    expect(eve.at("search hit")).to_have_count(1)
    expect(eve.at("search hit")).to_contain_text("for all")
    assert eve.visitor.errors == []


def test_a_link_leads_to_its_message(two: Two, visitors: Visitors, galaxy: GalaxyServer) -> None:
    posted = fill(two, 120)
    link = f"{galaxy.url}/communication?message={posted[7]['id']}"
    two.ada.page.goto(link)
    expect(row(two.ada.page, posted[7])).to_be_focused()
    expect(row(two.ada.page, posted[7])).to_be_in_viewport()
    two.ada.page.reload()
    expect(row(two.ada.page, posted[7])).to_be_focused()

    eve = visitors(galaxy.create_user("eve", chat=True))
    eve.page.goto(link)
    expect(eve.page.get_by_text("You are offline.")).to_be_visible()
    eve.go_online()
    expect(eve.page.get_by_role("alert")).to_contain_text("This message is gone, or in a room that you cannot see.")
    eve.screenshot("link-elsewhere")
    eve.errors = [error for error in eve.errors if "404" not in error]  # the browser notes every refused request
    assert eve.errors == []


def test_a_link_into_a_room_that_one_is_not_in(two: Two, visitors: Visitors, galaxy: GalaxyServer) -> None:
    """It is shown, to be read and perhaps to be joined."""
    name = f"Journal club of {two.ada.name}"
    room = two.apis[0]("POST", "rooms", {"kind": "public", "name": name})
    assert room.ok, room.text
    body = {"text": "The paper of this week", "client_id": "paper"}
    message = two.apis[0]("POST", f"rooms/{room.json()['id']}/messages", body).json()
    eve = visitors(galaxy.create_user("eve", chat=True))
    eve.page.goto(f"{galaxy.url}/communication?message={message['id']}")
    eve.go_online()
    expect(eve.message("The paper of this week")).to_be_focused()
    expect(eve.composer).to_have_count(0)
    eve.screenshot("link-to-join")
    eve.page.get_by_role("button", name="Join", exact=True).click()
    expect(eve.composer).to_be_visible()
    expect(eve.message("The paper of this week")).to_be_visible()
    assert eve.errors == []
