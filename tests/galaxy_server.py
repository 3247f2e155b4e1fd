"""A real Galaxy for the tests: the fixture ``galaxy``, shared by all, and ``start_galaxy`` for one of one's own."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
import requests
from sqlalchemy import NullPool, create_engine, func, inspect, select

from galaxy_communication.config import Settings
from galaxy_communication.galaxy_process import FACTORY, Account, GalaxyProcess, Server, free_port
from galaxy_communication.models import Worker

COOKIE = "galaxysession"
MEMORY = Path("/dev/shm")  # Linux's file system in memory
NO_LIMITS: Mapping[str, object] = {
    name: "" for name in Settings.model_fields if name.startswith("communication_rate_limit_")
}
"""Tests and benchmarks are faster than people. Tests of the limits set their own."""
ADMIN = Account("admin", "admin@example.org", "admin-password")
CONFIG: Mapping[str, object] = {
    "admin_users": ADMIN.email,
    "allow_user_deletion": True,
    "allow_user_impersonation": True,
    "api_allow_run_as": ADMIN.email,
    "enable_communication_server": True,
    "persistent_communication_rooms": "NGS,RNA-Seq,Genome Annotation",
    **NO_LIMITS,
}


@dataclass(frozen=True)
class TestUser:
    __test__: ClassVar[bool] = False  # not a test case, whatever its name says to pytest

    id: str
    email: str
    username: str
    password: str
    api_key: str

    @property
    def account(self) -> Account:
        return Account(self.username, self.email, self.password)


class GalaxyServer(GalaxyProcess):
    """A Galaxy with what a test does to it. Users get names of their own, so tests can share one server."""

    def start_and_wait(self) -> None:
        self.start()
        running.append(self)
        self.wait_until_ready()

    def stop(self) -> None:
        super().stop()
        if self in running:
            running.remove(self)

    def create_user(self, name: str = "user", *, chat: bool = False) -> TestUser:
        """A new user whose public name starts with ``name``."""
        username = f"{name}-{secrets.token_hex(3)}"
        return self.user(Account(username, f"{username}@example.org", "user-password"), chat)

    def admin(self, *, chat: bool = False) -> TestUser:
        """The administrator, always the same one: Galaxy knows administrators by the addresses in its settings."""
        return self.user(ADMIN, chat)

    def enable_chat(self, user: TestUser, on: bool = True) -> None:
        self.set_chat_preference(user.id, user.account, on)

    def login(self, user: TestUser, session: requests.Session | None = None) -> requests.Session:
        return browser_login(self.url, user.email, user.password, session)

    def logout(self, session: requests.Session) -> None:
        form = {"session_csrf_token": csrf_token(self.url, session)}
        response = session.get(f"{self.url}/user/logout", params=form, timeout=60)
        assert response.ok, f"Galaxy refused the logout: {response.status_code} {response.text[:500]}"

    def impersonate(self, session: requests.Session, user: TestUser) -> None:
        """In an administrator's browser, by the button in Galaxy's list of users."""
        response = session.get(f"{self.url}/admin/impersonate", params={"id": user.id}, timeout=60)
        assert f"now logged in as {user.email}" in response.text, f"{response.status_code} {response.text[:500]}"

    def user(self, account: Account, chat: bool) -> TestUser:
        """The account's user, created where there is none."""
        user_id, _ = self.ensure_user(account)
        # Galaxy accepts only the newest key of a user, so one that is there must be kept.
        key = self.api("GET", f"users/{user_id}/api_key")
        user = TestUser(user_id, account.email, account.username, account.password, key)
        if chat:
            self.enable_chat(user)
        return user


def browser_login(url: str, email: str, password: str, session: requests.Session | None = None) -> requests.Session:
    """A browser's session, through Galaxy's own login form; that of a new browser unless one is given."""
    session = session or requests.Session()
    session.trust_env = False
    form = {"login": email, "password": password, "session_csrf_token": csrf_token(url, session)}
    # As JSON, like Galaxy's page: of a form's fields Galaxy makes numbers where it can, so of some tokens, too.
    response = session.post(f"{url}/user/login", json=form, timeout=60)
    assert response.ok, f"Galaxy refused the login: {response.status_code} {response.text[:500]}"
    return session


def csrf_token(url: str, session: requests.Session) -> str:
    """What Galaxy's forms send along, from the page that shows them."""
    page = session.get(f"{url}/login/start", timeout=60)
    token = re.search(r'session_csrf_token"?\s*[:=]\s*"(\w+)"', page.text)
    assert token, f"no csrf token in Galaxy's page: {page.status_code} {page.text[:500]}"
    return token[1]


def session_cookie(session: requests.Session) -> str:
    """The value of Galaxy's session cookie, for clients that are not ``requests``."""
    value = session.cookies.get(COOKIE)
    assert value, "Galaxy has set no session cookie"
    return value


running: list[GalaxyServer] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        report.sections += [(f"Galaxy at {server.url}", server.log_tail(60)) for server in running]
    return report


class StartGalaxy:
    """Starts Galaxies with settings of their own, in fresh directories; ``stack`` stops them."""

    def __init__(self, stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> None:
        self._stack = stack
        self._tmp_path_factory = tmp_path_factory

    def __call__(
        self,
        *,
        prefix: str = "/",
        database: str | None = None,
        config: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
        server: Server = "uvicorn",
        workers: int = 1,
        factory: str = FACTORY,
    ) -> GalaxyServer:
        """Returns when it answers, several workers with chat. SQLite unless ``database`` is a URL; gunicorn preloads,
        as in production."""
        directory = self._tmp_path_factory.mktemp("galaxy")
        if memory_has_room():
            (directory / "data").symlink_to(
                self._stack.enter_context(TemporaryDirectory(dir=MEMORY, prefix="communication-galaxy-"))
            )
        galaxy = GalaxyServer(
            directory,
            {**CONFIG, **({"database_connection": database} if database else {}), **(config or {})},
            port=free_port(),
            prefix=prefix,
            environment=environment,
            server=server,
            workers=workers,
            factory=factory,
        )
        self._stack.callback(galaxy.stop)
        galaxy.start_and_wait()
        if database and workers > 1:
            wait_for_chat(database, workers)
        return galaxy


def wait_for_chat(database: str, workers: int) -> None:
    """Galaxy answers before they have it: one makes the tables, and the others wait for that."""
    engine = create_engine(database, poolclass=NullPool)
    deadline = time.monotonic() + 60
    serving = 0
    while serving < workers:
        assert time.monotonic() < deadline, f"{serving} of {workers} workers serve the chat"
        time.sleep(0.1)
        with engine.connect() as connection:
            if inspect(connection).has_table(Worker.__tablename__):
                serving = connection.scalar(select(func.count()).select_from(Worker)) or 0


def memory_has_room() -> bool:
    """Galaxy gives a locked SQLite file five seconds, which a commit to a busy disk of a test machine can outlast."""
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30


@pytest.fixture(scope="session")
def galaxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GalaxyServer]:
    """The one that all tests share: SQLite, one process, chat on."""
    with ExitStack() as stack:
        yield StartGalaxy(stack, tmp_path_factory)()


@pytest.fixture(scope="module")
def start_galaxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartGalaxy]:
    """Stopped after the module, as a start takes half a minute."""
    with ExitStack() as stack:
        yield StartGalaxy(stack, tmp_path_factory)
