"""What browsers load, and when; from nowhere else, and under a policy that forbids all that is not needed."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from galaxy_communication.pages import CONTENT_SECURITY_POLICY, STATIC
from tests.browser import Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api

#: What its policy keeps a page from doing, with the element at fault, also in a shadow root.
NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        const [element] = event.composedPath();
        const ours = element.getRootNode?.().host ?? element.closest?.("[id^=communication], galaxy-communication");
        window.violations.push({what: event.violatedDirective, blocked: event.blockedURI, ours: Boolean(ours)});
    });
"""


class Requests:
    """Of the client's files, as the server has logged them: a browser's worker loads its own."""

    def __init__(self, galaxy: GalaxyServer) -> None:
        self._galaxy = galaxy
        self._before = len(self._all())

    @property
    def made(self) -> set[str]:
        return set(self._all()[self._before :])

    def _all(self) -> list[str]:
        log = self._galaxy.log.read_text(errors="replace")
        return re.findall(r'"GET /communication/static/(\S+) HTTP', log)


def test_nothing_is_loaded_before_it_is_wanted(galaxy: GalaxyServer, visitors: Visitors) -> None:
    requests = Requests(galaxy)
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.open_galaxy()
    expect(ada.icon).to_be_visible()
    ada.page.wait_for_load_state("networkidle")
    ours = {urlsplit(url).path for url in ada.requested if "/communication" in urlsplit(url).path}
    assert ours == {"/api/communication/status"}
    assert requests.made == set()
    weight = json.loads((STATIC / "weight.json").read_text())
    script = next(
        hook for hook in ada.page.request.get(f"{galaxy.url}/api/webhooks").json() if hook["id"] == "communication"
    )
    assert len(script["script"].encode()) <= weight["maxOnload"]
    ada.open_panel()
    assert requests.made != set()


def test_the_first_room_is_within_the_budget(galaxy: GalaxyServer, visitors: Visitors) -> None:
    weight = json.loads((STATIC / "weight.json").read_text())
    user = galaxy.create_user("ada", chat=True)
    room = make_room(galaxy, user, "**Bold**, and https://example.org/a(b)")
    for way in ("docked", "page"):
        ada = visitors(user)
        requests = Requests(galaxy)
        with ada.page.expect_response("**/assets/chat-*.js") as script:
            if way == "docked":
                ada.open_panel()
            else:
                ada.page.goto(f"{galaxy.url}/communication")
        assert script.value.header_value("content-encoding") in ("br", "gzip")
        ada.go_online()
        ada.open_room(room)
        expect(ada.message("Bold, and").get_by_role("link")).to_have_attribute("href", "https://example.org/a(b)")
        # What is not seen at first may come a while later; and the room that was shown before may have had formulas.
        loaded = {
            name
            for name in requests.made
            if name.endswith(".js") and not re.search("secondary|PreferenceSwitches|tone|katex|pageFont", name)
        }
        assert loaded == {name for name in weight["firstView"] if name != weight["language"]}
        assert sum((STATIC / f"{name}.gz").stat().st_size for name in loaded) <= weight["maxFirstView"]
        assert ada.errors == []


def make_room(galaxy: GalaxyServer, owner: TestUser, text: str) -> str:
    """With a message; its name is returned."""
    api = Api(galaxy.url, key=owner.api_key)
    name = f"Room of {owner.username}"
    room = api("POST", "rooms", {"kind": "private", "name": name, "members": []})
    assert room.ok, room.text
    assert api("POST", f"rooms/{room.json()['id']}/messages", {"text": text, "client_id": name}).ok
    return name


@pytest.mark.firefox
def test_the_pages_policy_is_kept(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """The chat's own page forbids; Galaxy's, which needs more, is made to report what the chat alone would break."""
    own = visitors(galaxy.create_user("ada", chat=True))
    own.page.add_init_script(NOTE_VIOLATIONS)
    own.page.goto(f"{galaxy.url}/communication")
    use_everything(own, f"From its own page in {own.browser}")
    assert violations(own.page) == []

    docked = visitors(galaxy.create_user("ada", chat=True))
    docked.page.add_init_script(NOTE_VIOLATIONS)
    docked.page.route(re.compile(f"^{galaxy.url}/$"), report_only)
    docked.page.goto(galaxy.url)
    docked.open_panel()
    use_everything(docked, f"From Galaxy's page in {docked.browser}")
    found = violations(docked.page)
    assert found, "Galaxy's own inline scripts are reported"
    assert [violation for violation in found if violation["ours"]] == []
    for visitor in (own, docked):
        assert [error for error in visitor.errors if "(Report-Only policy)" not in error] == []
        hosts = {urlsplit(url).netloc for url in visitor.requested if url.startswith(("http", "ws"))}
        assert hosts == {urlsplit(galaxy.url).netloc}


def report_only(route: Route) -> None:
    answer, policy = route.fetch(), CONTENT_SECURITY_POLICY.format(server="")
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy-report-only": policy})


def violations(page: Page) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate("window.violations")
    return found


def use_everything(visitor: Visitor, text: str) -> None:
    """The main paths: each part of the chat is on screen once."""
    page = visitor.page
    visitor.go_online()
    visitor.open_room("All Chats")
    visitor.say(text)
    visitor.composer.fill("A table\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\nand $\\frac{a}{b}$")
    visitor.composer.press("Enter")
    expect(visitor.messages.last.locator("math")).to_be_visible()
    expect(visitor.delivered("pending")).to_have_count(0)
    visitor.messages.last.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Add reaction").click()
    page.get_by_role("dialog", name="Choose a reaction").get_by_role("button", name="thumbs up").first.click()
    page.locator(anchor("communication pins")).click()
    page.keyboard.press("Escape")
    page.locator(anchor("communication room details button")).click()
    expect(page.locator(anchor("communication room details"))).to_be_visible()
    page.get_by_role("button", name="Close details").click()
    page.locator(anchor("communication search button")).click()
    page.get_by_role("searchbox").fill(text)
    expect(page.locator(anchor("communication search")).get_by_text(text)).to_be_visible()
    page.keyboard.press("Escape")
    expect(visitor.open_preferences()).to_be_visible()
    page.keyboard.press("Escape")
