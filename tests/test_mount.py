"""Where chat sits in Galaxy: paths, headers, API docs; under a prefix, preloaded by gunicorn; and off."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
import requests
from sqlalchemy import create_engine, inspect, text

from galaxy_communication.config import GALAXYS_ID_SECRET
from galaxy_communication.models import PREFIX
from galaxy_communication.pulse import BEAT_SECONDS
from tests.galaxy_server import GalaxyServer, StartGalaxy, csrf_token, session_cookie
from tests.people import Api, Meet, Person, Refused, eventually


def get(galaxy: GalaxyServer, path: str) -> requests.Response:
    return requests.get(f"{galaxy.url}/{path}", timeout=60)


def test_status_answers_the_signed_out_and_the_opted_in(meet: Meet) -> None:
    status = Api(meet.galaxy.url).get("status")
    assert status["socket"].pop("transports")[0] == "websocket"
    assert status == {
        "enabled": True,
        "user_enabled": False,
        "available": False,
        "is_admin": False,
        "version": status["version"],
        "socket": {"path": "/communication/socket.io", "namespace": "/chat", "url": None},
        "unread": 0,
        "mentions": 0,
        "language": None,
        "warnings": [],
    }
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", status["version"])
    user = meet.user(chat=False)
    api = meet.api(user)
    assert api.get("status")["available"] is False
    assert api("PUT", "preferences", {"enabled": True}).json()["enabled"] is True
    assert api.get("status")["available"] is True


def test_the_preference_is_the_one_of_galaxys_form(meet: Meet) -> None:
    user = meet.user(chat=False)
    api, path = meet.api(user), f"users/{user.id}/information/inputs"
    form = meet.galaxy.api("GET", path, key=user.api_key)["inputs"]
    (section,) = (section for section in form if section.get("name") == "communication")
    (switch,) = section["inputs"]
    assert (switch["name"], switch["type"], switch.get("value")) == ("enabled", "boolean", None)

    meet.galaxy.enable_chat(user)
    assert api.get("preferences")["enabled"] is True
    api("PUT", "preferences", {"enabled": False})
    form = meet.galaxy.api("GET", path, key=user.api_key)["inputs"]
    (section,) = (section for section in form if section.get("name") == "communication")
    assert section["inputs"][0]["value"] in (False, "false")
    assert api("PUT", "preferences", {"enabled": "perhaps"}).status_code == 400
    assert Api(meet.galaxy.url)("PUT", "preferences", {"enabled": True}).status_code == 401


def test_the_routes_are_in_galaxys_api_docs(galaxy: GalaxyServer) -> None:
    described = get(galaxy, "openapi.json").json()
    ours = {path: methods for path, methods in described["paths"].items() if path.startswith("/api/communication")}
    assert "/api/communication/rooms/{room_id}/messages" in ours
    assert all("communication" in method["tags"] for methods in ours.values() for method in methods.values())
    assert get(galaxy, "api/docs").status_code == 200


def test_the_page_and_its_files(galaxy: GalaxyServer) -> None:
    page = get(galaxy, "communication")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    (entry,) = re.findall(r'<script type="module" src="([^"]+)"', page.text)
    module = requests.get(requests.compat.urljoin(galaxy.url, entry), timeout=60)
    assert module.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert "immutable" in module.headers["cache-control"]
    assert re.search(r"-[\w-]{8,}\.js$", entry), "a name that changes with the content"
    for path in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert requests.get(requests.compat.urljoin(galaxy.url, path), timeout=60).status_code == 200, path
    assert get(galaxy, "communication/static/no-such-file.js").status_code == 404
    assert requests.post(f"{galaxy.url}/communication", timeout=60).status_code == 405


def test_galaxys_own_pages_are_untouched(galaxy: GalaxyServer) -> None:
    assert get(galaxy, "api/version").json()["version_major"]
    assert "galaxy" in get(galaxy, "").text.lower()
    assert get(galaxy, "communications").text == get(galaxy, "no-such-thing").text


def test_the_onload_script_is_small_and_knows_where_it_is(galaxy: GalaxyServer) -> None:
    (webhook,) = (hook for hook in get(galaxy, "api/webhooks").json() if hook["id"] == "communication")
    assert webhook["type"] == "onload"
    assert len(webhook["script"].encode()) < 4096
    assert "/communication/static/" in webhook["script"]
    assert "__GALAXY_COMMUNICATION__" not in webhook["script"]


def test_long_polling_works_where_one_process_serves(meet: Meet) -> None:
    api = Api(meet.galaxy.url)
    eventually(lambda: "polling" in api.get("status")["socket"]["transports"], seconds=3 * BEAT_SECONDS)
    person = meet.person(transports=("polling",))
    assert person.send(person.room()["id"], "by polling")["text"] == "by polling"


def test_production_under_a_prefix_on_postgresql(
    start_galaxy: StartGalaxy, make_postgresql_database: Callable[[], str]
) -> None:
    """gunicorn preloads, as Galaxy's process manager has it; access logging would break a WebSocket further in.

    Two workers: what one stores, the other finds in the database and sends.
    """
    database = make_postgresql_database()
    galaxy = start_galaxy(
        prefix="/galaxy",
        database=database,
        server="gunicorn",
        workers=2,
        config={"use_access_logging_middleware": True, "session_duration": 60},
    )
    user = galaxy.create_user(chat=True)
    session = galaxy.login(user)
    assert csrf_token(galaxy.url, session)
    status = Api(galaxy.url, session=session).get("status")
    assert status["available"] is True
    assert status["socket"]["path"] == "/galaxy/communication/socket.io"

    person = Person(galaxy.url).connect(cookie=session_cookie(session))
    sent = person.send(person.room()["id"], "under a prefix")
    assert person.wait_for_message(sent["id"])["message"] == sent
    assert Api(galaxy.url, key=user.api_key).get(f"rooms/{sent['room_id']}/messages") == [sent]
    listeners = [Person(galaxy.url).connect(api_key=galaxy.create_user(chat=True).api_key) for _ in range(6)]
    more = [person.send(sent["room_id"], f"to both workers {n}") for n in range(3)]
    for listener in listeners:
        listener.wait_for_message(more[-1]["id"])
        assert [event["message"] for event in listener.changes(sent["room_id"])] == more
        listener.close()
    admin = Api(galaxy.url, key=galaxy.admin(chat=True).api_key)

    def hearing() -> int:
        """How many processes have heard another one: the rounds alone would bring the messages, too."""
        scraped = admin("GET", "admin/metrics").text
        return len(re.findall(r"^galaxy_communication_bus_heard_total\{[^}]*\} [1-9]", scraped, re.MULTILINE))

    eventually(lambda: hearing() == 2, seconds=2 * BEAT_SECONDS)

    page = get(galaxy, "communication")
    assert 'root="/galaxy/"' in page.text
    for path in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert requests.get(requests.compat.urljoin(galaxy.url, path), timeout=60).status_code == 200, path
    engine = create_engine(database)
    assert f"{PREFIX}message" in inspect(engine).get_table_names()
    # Galaxy itself ends sessions by their age only on its legacy requests.
    with engine.begin() as connection:
        connection.execute(text("UPDATE galaxy_session SET last_action = last_action - INTERVAL '2 hours'"))
    assert person.wait_for("closed")["code"] == "not_authenticated"
    assert Api(galaxy.url, session=session)("GET", "rooms").status_code == 401
    person.close()


def test_the_explicit_factory_and_a_database_of_its_own(start_galaxy: StartGalaxy, postgresql: str) -> None:
    """For who will have no start-up hook. Our tables are elsewhere, and come late: Galaxy does not wait for them."""
    own = f"{postgresql}/not_there_yet"
    galaxy = start_galaxy(
        factory="galaxy_communication.plugin:factory",
        environment={"GALAXY_COMMUNICATION_AUTOLOAD": "0"},
        config={"communication_database_connection": own},
    )
    user = galaxy.create_user(chat=True)
    api = Api(galaxy.url, key=user.api_key)
    assert (api.get("status")["enabled"], api.get("status")["available"]) == (False, False)
    refused = api("GET", "rooms")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "disabled")
    with pytest.raises(Refused, match="disabled"):
        Person(galaxy.url).connect(api_key=user.api_key)

    with create_engine(f"{postgresql}/postgres", isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE not_there_yet"))
    deadline = time.monotonic() + 30
    while not api.get("status")["available"]:
        assert time.monotonic() < deadline, "chat does not notice that its database is there"
        time.sleep(0.2)
    person = Person(galaxy.url).connect(api_key=user.api_key)
    assert person.send(person.room()["id"], "kept elsewhere")["seq"] == 1
    person.close()
    assert f"{PREFIX}message" in inspect(create_engine(own)).get_table_names()
    galaxys = create_engine(f"sqlite:///{galaxy.directory}/data/universe.sqlite")
    assert not [table for table in inspect(galaxys).get_table_names() if table.startswith(PREFIX)]


@pytest.mark.parametrize(
    ("config", "environment"),
    [
        ({"enable_communication_server": False}, {}),
        ({}, {"GALAXY_COMMUNICATION_AUTOLOAD": "0"}),
        ({"communication_max_message_length": "many"}, {}),
        ({"id_secret": GALAXYS_ID_SECRET}, {}),
    ],
    ids=["flag off", "autoload off", "wrong setting", "Galaxy's own secret"],
)
def test_off_means_off(start_galaxy: StartGalaxy, config: dict[str, object], environment: dict[str, str]) -> None:
    galaxy = start_galaxy(config=config, environment=environment)
    assert get(galaxy, "api/version").status_code == 200
    unknown = get(galaxy, "api/no-such-thing")
    for path in ("api/communication/status", "api/communication/rooms"):
        response = get(galaxy, path)
        assert response.status_code == unknown.status_code == 404
        assert response.text == unknown.text.replace("api/no-such-thing", path)
    for path in ("communication", "communication/static/onload.js", "communication/socket.io/?EIO=4&transport=polling"):
        assert get(galaxy, path).status_code == 404
    assert get(galaxy, "api/webhooks").json() == []
    database = create_engine(f"sqlite:///{galaxy.directory}/data/universe.sqlite")
    assert not [table for table in inspect(database).get_table_names() if table.startswith(PREFIX)]
    log = galaxy.log.read_text()
    named = [name for name in config if name != "enable_communication_server"]
    assert re.findall(r"chat is off: galaxy\.yml: (\w+): ", log) == named
    assert len(re.findall("chat is off", log)) == len(named)
    assert "ConfigurationError" not in log, "one line, no traceback"
