"""Whose pages may use the session of the user who reads them; without a Galaxy."""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

with warnings.catch_warnings():  # what Galaxy imports is not all of today
    warnings.simplefilter("ignore")
    from galaxy_communication import plugin
    from galaxy_communication.dedicated import OwnOrigins

from galaxy_communication.origins import is_own_origin
from galaxy_communication.pacing import AT_ONCE
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import API, Server
from tests.people import Refused, eventually
from tests.statements import recorded

NAME = "galaxy.example.org"
HTTPS = {"x-forwarded-proto": "https"}
INSIDE: dict[str, object] = {}
BY_PATH = {"communication_server_host": f"https://{NAME}"}
AT_ITS_PORT = {"communication_server_host": f"https://{NAME}", "communication_server_port": 7070}
OTHERS = {"allowed_origin_hostnames": ["partner.example.org", re.compile(r".*\.lab\.example\.org")]}
KNOWN = {"galaxy_infrastructure_url_set": True, "galaxy_infrastructure_url": f"https://{NAME}/galaxy"}
KNOWN_BY_HTTP = KNOWN | {"galaxy_infrastructure_url": f"http://{NAME}"}

Headers = dict[str, str]


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url, connect_args={"timeout": 60})
    create_galaxys_tables(engine)
    make_galaxy_users(url, AT_ONCE)
    yield engine
    engine.dispose()


def asked(options: dict[str, object], origin: str, headers: Headers, scheme: str = "http") -> bool:
    """Whether a page of ``origin`` may ask: in a process of the chat's own where the options name one."""
    galaxy = GalaxyApp(create_engine("sqlite://"), **options)
    chat, _ = plugin.compose(galaxy, dedicated="communication_server_host" in options)
    sent = {"host": NAME, "origin": origin} | headers
    lines = [(name.encode(), value.encode()) for name, value in sent.items()]
    return is_own_origin(chat, HTTPConnection({"type": "http", "scheme": scheme, "headers": lines}))


@pytest.mark.parametrize(
    ("options", "origin", "headers"),
    [
        pytest.param(INSIDE, f"http://{NAME}", {}, id="by http"),
        pytest.param(INSIDE, f"https://{NAME}", HTTPS, id="by https"),
        pytest.param(INSIDE, f"https://{NAME}", {}, id="by https, which the proxy does not say"),
        pytest.param(INSIDE, f"http://{NAME}", {"x-forwarded-proto": "http"}, id="by http, as the proxy says"),
        pytest.param(INSIDE, f"http://{NAME}", {"x-forwarded-proto": "http, https"}, id="the first proxy counts"),
        pytest.param(INSIDE, "http://localhost:5173", {"host": "localhost:5173"}, id="Vite's server"),
        pytest.param(INSIDE, f"https://{NAME}", HTTPS | {"host": "in:8080", "x-forwarded-host": NAME}, id="other host"),
        pytest.param(KNOWN, f"https://{NAME}", HTTPS | {"host": "in:8080"}, id="Galaxy's address is set"),
        pytest.param(KNOWN_BY_HTTP, f"https://{NAME}", HTTPS | {"host": "in:8080"}, id="to the wrong scheme"),
        pytest.param(KNOWN_BY_HTTP | AT_ITS_PORT, f"http://{NAME}", HTTPS, id="Galaxy by http, the chat by https"),
        pytest.param(BY_PATH, f"https://{NAME}", HTTPS, id="a process of its own, by path"),
        pytest.param(AT_ITS_PORT, f"https://{NAME}", HTTPS | {"host": f"{NAME}:7070"}, id="at its port"),
        pytest.param(AT_ITS_PORT, f"https://{NAME}:8443", {"host": f"{NAME}:7070"}, id="at its port, and Galaxy, too"),
        pytest.param(OTHERS, "https://partner.example.org:8443", HTTPS, id="another that is allowed"),
        pytest.param(OTHERS, "http://a.lab.example.org", HTTPS, id="allowed by Galaxy's rule, by whatever scheme"),
    ],
)
def test_pages_that_may(options: dict[str, object], origin: str, headers: Headers) -> None:
    assert asked(options, origin, headers)


@pytest.mark.parametrize(
    ("options", "origin", "headers"),
    [
        pytest.param(INSIDE, f"http://{NAME}", HTTPS, id="a page by http of a site by https"),
        pytest.param(INSIDE, f"http://{NAME}", {"x-forwarded-proto": "HTTPS , http"}, id="through two proxies"),
        pytest.param(KNOWN, f"http://{NAME}", HTTPS, id="whose address is known"),
        pytest.param(AT_ITS_PORT, f"http://{NAME}:9999", HTTPS, id="at another port"),
        pytest.param(BY_PATH, f"https://{NAME}:9999", HTTPS, id="another port, for which there is no reason"),
        pytest.param({"communication_server_port": 7070}, f"http://{NAME}:9999", {}, id="Galaxy serves the chat"),
        pytest.param(AT_ITS_PORT, "https://elsewhere.example.org", {}, id="foreign"),
        pytest.param(OTHERS, "https://partner.example.org.evil.org", HTTPS, id="begins like one that is allowed"),
        pytest.param(AT_ITS_PORT, "null", {}, id="none"),
        pytest.param(AT_ITS_PORT, "http://:7070", {"host": ":7070"}, id="without a name"),
        pytest.param(AT_ITS_PORT | OTHERS, "http://[", {}, id="malformed"),
        pytest.param(AT_ITS_PORT, f"https://{NAME}", {"host": "["}, id="at a malformed host"),
    ],
)
def test_pages_that_may_not(options: dict[str, object], origin: str, headers: Headers) -> None:
    assert not asked(options, origin, headers)


def test_a_server_with_a_certificate_of_its_own_knows_by_itself() -> None:
    for scheme in ("https", "wss"):
        assert asked(INSIDE, f"https://{NAME}", {}, scheme)
        assert not asked(INSIDE, f"http://{NAME}", {}, scheme)
    assert asked(INSIDE, f"http://{NAME}", {"x-forwarded-proto": "http"}, "https"), "the proxy's certificate is not"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_pages_of_others_wait_for_nothing_and_cost_nothing(engine: Engine, tmp_path: Path) -> None:
    foreign = ("https://elsewhere.example.org", "http://[")
    with (
        Server(GalaxyApp(engine)).running() as server,
        closing(sqlite3.connect(tmp_path / "universe.sqlite", isolation_level=None)) as database,
        ThreadPoolExecutor(AT_ONCE) as threads,
        recorded(engine) as statements,
    ):
        visitors = [server.visitor(number) for number in range(1, AT_ONCE + 1)]
        visitors[0].connect("http://testserver")
        statements.clear()
        database.execute("BEGIN EXCLUSIVE")
        waiting = [threads.submit(visitor.connect) for visitor in visitors]
        eventually(lambda: len(statements) == AT_ONCE)
        try:
            for origin in foreign:
                with pytest.raises(Refused, match="Pages of this origin may not use the chat"):
                    visitors[0].connect(origin)
                refused = visitors[0].request("PUT", "preferences", json={"enabled": True}, origin=origin)
                assert refused.status_code == 403
            assert not any(one.done() for one in waiting), "they have all the turns"
        finally:
            database.execute("ROLLBACK")
        for one in waiting:
            one.result()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_page_whose_origin_is_malformed_may_not_read_it(engine: Engine) -> None:
    with Server(GalaxyApp(engine)).running() as server:
        client = server.visitor(1).client
        own = TestClient(OwnOrigins(client.app, server.chat))
        for origin, allowed in (("http://testserver", "http://testserver"), ("http://[", None)):
            answer = own.get(f"{API}/status", headers={"Origin": origin})
            assert answer.status_code == 200
            assert answer.headers.get("access-control-allow-origin") == allowed
