"""The chat's own process, started by the examples of the documentation, beside a Galaxy under a prefix."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from galaxy_communication.galaxy_process import HOST, free_port
from galaxy_communication.models import PREFIX
from tests.browser import Visitors, anchor
from tests.deployed import PROGRAMS, Proxy, Supervised, ports, running_proxy
from tests.galaxy_server import GalaxyServer, StartGalaxy, session_cookie
from tests.identity_provider import NAME, IdentityProvider, running_provider
from tests.people import Api, Person, Refused, eventually


@dataclass(frozen=True)
class Site:
    galaxy: GalaxyServer
    chat: Supervised
    database: str
    provider: IdentityProvider

    @property
    def origin(self) -> str:
        """Of Galaxy's pages."""
        return f"http://{urlsplit(self.galaxy.url).netloc}"

    @property
    def chats_origin(self) -> str:
        return f"http://{HOST}:{self.chat.port}"


@pytest.fixture(scope="module")
def site(
    start_galaxy: StartGalaxy,
    make_postgresql_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    port, database = free_port(), make_postgresql_database()
    with running_provider() as provider:
        config = {
            "communication_server_host": f"http://{HOST}",
            "communication_server_port": port,
            "enable_notification_system": True,
            **provider.options(tmp_path_factory.mktemp("oidc")),
        }
        galaxy = start_galaxy(prefix="/galaxy", database=database, config=config)
        chat = Supervised(galaxy, tmp_path_factory.mktemp("chat"), port)
        with chat.running():
            yield Site(galaxy, chat, database, provider)


@pytest.fixture
def people() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    """Of this Galaxy."""
    visiting = Visitors(browser, site.galaxy)
    yield visiting
    visiting.leave()


def connected(people: ExitStack, url: str, origin: str | None = None, **who: str) -> Person:
    person = Person(url, origin=origin)
    people.callback(person.close)
    return person.connect(**who)


def test_galaxys_own_process_leads_there_and_serves_nothing_else(site: Site, people: ExitStack) -> None:
    user = site.galaxy.create_user("ada", chat=True)
    api = Api(site.galaxy.url, key=user.api_key)
    status = api.get("status")
    assert (status["enabled"], status["available"]) == (True, True)
    where = {"path": "/galaxy/communication/socket.io", "namespace": "/chat", "url": site.chats_origin}
    assert {**status["socket"], "transports": []} == {**where, "transports": []}
    assert api.get("preferences")["enabled"] is True
    for method, path in (("GET", "rooms"), ("POST", "rooms"), ("GET", "admin/figures"), ("PUT", "users/x/mute")):
        refused = api(method, path).json()["error"]
        assert (refused["code"], refused["reason"]) == ("disabled", "elsewhere"), path
        assert refused["values"] == {"url": site.chats_origin}
    with pytest.raises(Refused, match=f"served at {site.chats_origin}"):
        connected(people, site.galaxy.url, api_key=user.api_key)
    page = requests.get(f"{site.galaxy.url}/communication", timeout=60)
    ws = site.chats_origin.replace("http", "ws")
    assert f"connect-src 'self' {site.chats_origin} {ws};" in page.headers["content-security-policy"]


def test_galaxys_login_holds_in_the_other_process(site: Site, people: ExitStack) -> None:
    ada, ben = (site.galaxy.create_user(name, chat=True) for name in ("ada", "ben"))
    session = site.galaxy.login(ada)
    person = connected(people, site.chat.url, site.origin, cookie=session_cookie(session))
    other = connected(people, site.chat.url, api_key=ben.api_key)
    sent = person.send(person.room()["id"], "from one to the other")
    assert other.wait_for_message(sent["id"])["message"] == sent
    assert Api(site.chat.url, key=ben.api_key).get(f"rooms/{sent['room_id']}/messages")[0] == sent
    with pytest.raises(Refused, match="origin"):
        connected(people, site.chat.url, "https://elsewhere.example.org", cookie=session_cookie(session))

    other.close()
    person.send(sent["room_id"], f"@{ben.username} are you still there?")
    (told,) = eventually(lambda: site.galaxy.api("GET", "notifications", key=ben.api_key))
    assert told["content"]["category"] == "message"
    site.galaxy.logout(session)
    assert person.wait_for("closed")["code"] == "not_authenticated"


def test_tokens_of_an_identity_provider_hold_there_too(site: Site) -> None:
    if site.galaxy.api("GET", "version")["version_major"] < "26.0":
        pytest.skip("this Galaxy knows the tokens of Keycloak and Custos alone")
    user = site.galaxy.create_user(chat=True)
    link = "INSERT INTO oidc_user_authnz_tokens (user_id, uid, provider) SELECT id, :uid, :provider FROM galaxy_user"
    engine = create_engine(site.database)
    with engine.begin() as connection:
        there = {"uid": "them-there", "provider": NAME, "name": user.username}
        connection.execute(text(f"{link} WHERE username = :name"), there)
    engine.dispose()
    for subject, is_known in (("them-there", True), ("somebody else", False)):
        headers = {"Authorization": f"Bearer {site.provider.token(subject)}"}
        for url in (site.galaxy.url, site.chat.url):
            found = Api(url)("GET", "preferences", headers=headers)
            assert found.status_code == (200 if is_known else 401), (url, found.text)
    assert Api(site.chat.url)("GET", "rooms", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_galaxys_own_process_tells_the_other_and_does_not_listen(site: Site, people: ExitStack) -> None:
    ada, ben = (site.galaxy.create_user(name, chat=True) for name in ("ada", "ben"))
    connected(people, site.chat.url, api_key=ada.api_key)
    other = connected(people, site.chat.url, api_key=ben.api_key)

    def sees(status: str) -> None:
        other.wait_for(
            "presence",
            lambda told: any(
                (one["user"]["username"], one["status"]) == (ada.username, status) for one in told["changes"]
            ),
        )

    Api(site.galaxy.url, key=ada.api_key)("PUT", "preferences", {"presence": False})
    sees("offline")
    engine = create_engine(site.database)
    with engine.connect() as connection:
        listen = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
        assert connection.scalar(text(listen)) == 1
    engine.dispose()


def test_only_galaxys_own_pages_may_read_it(site: Site) -> None:
    user = site.galaxy.create_user(chat=True)
    session = site.galaxy.login(user)
    rooms = f"{site.chat.url}/api/communication/rooms"
    for origin, allowed in ((site.origin, site.origin), ("https://elsewhere.example.org", None)):
        headers = {"Origin": origin}
        answer = session.get(rooms, headers=headers, timeout=60)
        assert answer.headers.get("access-control-allow-origin") == allowed
        ask = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type"}
        preflight = session.options(rooms, headers=headers | ask, timeout=60)
        assert preflight.headers.get("access-control-allow-origin") == allowed
        if allowed:
            assert answer.headers["access-control-allow-credentials"] == "true"
            assert preflight.status_code == 200
            assert "PATCH" in preflight.headers["access-control-allow-methods"]
            assert preflight.headers["access-control-allow-credentials"] == "true"
        wanted = {"kind": "private", "name": f"from {origin}"}
        made = session.post(rooms, json=wanted, headers=headers, timeout=60)
        assert made.status_code == (200 if allowed else 403), made.text


@pytest.mark.parametrize("proxy", ["nginx", "apache"])
def test_behind_a_proxy_at_galaxys_own_address(site: Site, people: ExitStack, tmp_path: Path, proxy: Proxy) -> None:
    """By the examples: chat in Galaxy, which says here that it is not, and both processes at one address."""
    port = free_port()
    inside, dedicated = ports(proxy, port, site.galaxy.port), ports(proxy, port, site.galaxy.port, site.chat.port)
    url = f"http://{HOST}:{port}/galaxy"
    user = site.galaxy.create_user(chat=True)
    for name, replaced in (("inside", inside), ("dedicated", dedicated)):
        folder = tmp_path / name
        folder.mkdir()
        with running_proxy(proxy, folder, name, replaced, port):
            if name == "inside":
                with pytest.raises(Refused, match="served at"):  # so the socket reached Galaxy
                    connected(people, url, f"http://{HOST}:{port}", api_key=user.api_key)
                continue
            person = connected(people, url, f"http://{HOST}:{port}", api_key=user.api_key)
            sent = person.send(person.room()["id"], "behind a proxy")
            api = Api(url, key=user.api_key)
            assert api.get(f"rooms/{sent['room_id']}/messages")[0] == sent
            reacted = api("PUT", f"messages/{sent['id']}/reactions/%F0%9F%91%8D")
            assert reacted.json()["reactions"][0]["emoji"] == "\N{THUMBS UP SIGN}", reacted.text
            assert requests.get(f"{url}/communication", timeout=60).status_code == 200
            assert site.galaxy.api("GET", "version")["version_major"]


def test_the_panel_in_galaxys_page_speaks_to_the_other_port(site: Site, visitors: Visitors) -> None:
    ada, ben = (visitors(site.galaxy.create_user(name, chat=True)) for name in ("ada", "ben"))
    ben.share_nothing()  # the other's tabs share a worker's connection
    for visitor in (ada, ben):
        visitor.open_galaxy()
        visitor.open_panel()
        visitor.go_online()
        visitor.open_room("All Chats")
    ada.say("Is this the other process?")
    expect(ben.message("Is this the other process?")).to_be_visible()
    assert {urlsplit(socket).port for socket in ben.sockets} == {site.chat.port}
    rest = {urlsplit(url).port for url in ben.requested if "/api/communication/" in url and "/status" not in url}
    assert rest == {site.chat.port}
    admin = visitors(site.galaxy.admin())
    admin.page.goto(f"{site.galaxy.url}/communication/admin")
    figures = admin.page.locator(anchor("communication admin figures"))
    expect(figures).to_contain_text("Connections")
    assert [error for error in ada.errors + ben.errors + admin.errors if "/favicon.ico" not in error] == []


def test_long_polling_is_offered_and_open_to_galaxys_pages(site: Site) -> None:
    """Once the process has been alone for a whole beat."""
    api = Api(site.galaxy.url, key=site.galaxy.create_user(chat=True).api_key)
    eventually(lambda: api.get("status")["socket"]["transports"] == ["websocket", "polling"], seconds=60)
    handshake = f"{site.chat.url}/communication/socket.io/?EIO=4&transport=polling"
    answer = requests.get(handshake, headers={"Origin": site.origin}, timeout=60)
    assert answer.text.startswith('0{"sid":'), answer.text
    assert answer.headers["access-control-allow-origin"] == site.origin
    assert answer.headers["access-control-allow-credentials"] == "true"


def test_the_switch_is_galaxys_and_holds_there(site: Site, people: ExitStack) -> None:
    person = connected(people, site.chat.url, api_key=site.galaxy.create_user(chat=True).api_key)
    admin = Api(site.galaxy.url, key=site.galaxy.admin().api_key)
    try:
        assert admin("PUT", "status", {"enabled": False}).json()["enabled"] is False
        assert person.wait_for("closed")["code"] == "disabled"
    finally:
        assert admin("PUT", "status", {"enabled": True}).json()["enabled"] is True


def test_it_comes_back_and_ends_in_order(site: Site, people: ExitStack) -> None:
    """Its row says that it is there: its last word, when it is told to end, takes that away. The module's last test."""
    engine = create_engine(site.database)

    def workers() -> list[int]:
        with engine.connect() as connection:
            return list(connection.scalars(text(f"SELECT id FROM {PREFIX}worker")))

    user = site.galaxy.create_user(chat=True)
    assert len(workers()) == 1, "Galaxy's own process serves no chat"
    os.kill(int(site.chat.control("pid", "galaxy_communication")), signal.SIGKILL)
    eventually(lambda: _answers(site.chat.url), seconds=60)
    person = connected(people, site.chat.url, api_key=user.api_key)
    before = workers()
    assert "stopped" in site.chat.control("stop", "galaxy_communication")
    assert person.ended.wait(15)
    assert len(workers()) == len(before) - 1
    assert "Traceback" not in site.chat.log.read_text()


def _answers(url: str) -> bool:
    try:
        return bool(Api(url).get("status")["enabled"])
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("communication_server_host: chat", "galaxy.yml: communication_server_host: 'chat' does not work: write sche"),
        ("id_secret: of-ones-own", "Galaxy has not made its database yet: start Galaxy first"),
        ("id_secret: [of-ones-own", "galaxy.yml cannot be read: while parsing a flow sequence"),
    ],
    ids=["wrong", "no database", "no YAML"],
)
def test_why_it_cannot_serve_is_one_line(tmp_path: Path, config: str, said: str) -> None:
    lines = {"enable_communication_server": "true", "data_dir": str(tmp_path)} | dict([config.split(": ")])
    file = tmp_path / "galaxy.yml"
    file.write_text("galaxy:\n" + "".join(f"  {name}: {value}\n" for name, value in lines.items()))
    command = [str(PROGRAMS / "galaxy-communication"), "serve", "--config", str(file), "--port", str(free_port())]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
