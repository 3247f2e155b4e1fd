"""Looking after a room, as its moderators do it in a browser."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.accessibility import violations
from tests.browser import NARROW, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer
from tests.people import Meet, client_ids


def come(visitor: Visitor, room: str | None = None) -> Visitor:
    visitor.page.goto(f"{visitor.galaxy.url}/communication")
    visitor.go_online()
    if room is not None:
        visitor.open_room(room)
    return visitor


def test_a_ban_from_a_room_and_the_news_of_a_report(galaxy: GalaxyServer, visitors: Visitors, meet: Meet) -> None:
    owner_user, member_user = meet.user("owner"), meet.user("member")
    owner_api, member_api = meet.api(owner_user), meet.api(member_user)
    name = f"Room of {owner_user.username}"
    body = {"kind": "public", "name": name, "members": [member_user.id]}
    room = owner_api("POST", "rooms", body).json()["id"]
    owner, member = come(visitors(owner_user), name), come(visitors(member_user), name)
    admin = visitors(galaxy.admin(chat=True))
    admin.open_galaxy()
    admin.open_panel()
    admin.go_online()

    said = {"text": "a rude word", "client_id": next(client_ids)}
    message = member_api("POST", f"rooms/{room}/messages", said).json()["id"]
    assert meet.api(meet.user("reader"))("POST", f"messages/{message}/report", {"reason": "Rude"}).ok
    notice = owner.page.locator(anchor("communication notice"))
    expect(notice).to_contain_text(f"A message in {name} was reported.")
    owner.screenshot("notice-of-a-report")
    told = admin.page.locator(anchor("communication notice"))
    expect(told).to_contain_text(f"A message in {name} was reported.")
    told.get_by_role("link", name="Chat administration").click()
    centre = admin.page.frame_locator("iframe#galaxy_main")
    expect(centre.locator(anchor("communication admin report")).filter(has_text=name)).to_be_visible()
    admin.screenshot("notice-to-an-administrator")
    expect(notice.get_by_role("link")).to_have_attribute("href", "/communication/admin#reports")
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)

    owner.page.locator(anchor("communication room details button")).click()
    row = owner.page.locator(f'{anchor("communication member")}[data-username="{member_user.username}"]')
    row.get_by_role("button", name="Actions").click()
    owner.page.get_by_role("menuitem", name="Ban from this room…").click()
    form = row.locator(anchor("communication ban"))
    form.get_by_label("For how long").select_option("A week")
    form.get_by_label("Reason").fill("Rude.")
    owner.screenshot("ban-from-a-room")
    assert violations(owner.page) == []
    form.get_by_role("button", name="Ban", exact=True).click()
    banned = owner.page.locator(anchor("communication banned"))
    expect(banned).to_contain_text(member_user.username)
    expect(banned).to_contain_text("Rude.")
    expect(row).to_have_count(0)
    assert violations(owner.page) == []
    owner.screenshot("banned-from-a-room")
    owner.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    owner.screenshot("banned-from-a-room-narrow")

    expect(member.page.locator(anchor("communication notice"))).to_contain_text(f"You are banned from {name}. Rude.")
    expect(member.page.get_by_text(f"You were removed from {name}.")).to_have_count(0)
    member.room(name).click()
    expect(member.message("a rude word")).to_have_count(0)
    member.screenshot("banned-sees")
    banned.get_by_role("button", name="Lift").click()
    expect(banned).to_have_count(0)
    for visitor in (owner, admin):
        assert visitor.errors == []
