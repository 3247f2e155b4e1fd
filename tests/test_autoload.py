"""What the start-up hook does to Galaxy's module, tried on a small stand-in for that module.

The hook in Pythons of its own and on a real Galaxy: test_autoload_processes.py.
"""

from __future__ import annotations

import inspect
import logging
import sys
from types import ModuleType
from typing import Any

import pytest

import galaxy_communication
from galaxy_communication import _autoload

PLUGIN = "galaxy_communication.plugin"
LOG = "galaxy_communication"

# Galaxy's module as far as it matters: one function finds the other among the globals when it is called.
FAST_APP = '''
def include_all_package_routers(app, package_name):
    """Galaxy's words."""
    app.append("routes of " + package_name)
    if package_name == "broken":
        raise LookupError("Galaxy's own")

def initialize_fast_app(gx_wsgi_webapp, gx_app):
    app = []
    include_all_package_routers(app, gx_app.package)
    app.append("mounts")
    return app
'''
GALAXY_ALONE = ["routes of api", "mounts"]
GALAXY_WITH_CHAT = ["routes of api", "our routes", "mounts", "our middleware"]


class Galaxy:
    """The Galaxy app and its config in one; ``flag`` may be an exception."""

    def __init__(self, flag: bool | Exception, package: str = "api") -> None:
        self.config = self
        self.package = package
        self._flag = flag

    def get_bool(self, key: str, default: bool) -> bool:
        assert (key, default) == ("enable_communication_server", False)
        if isinstance(self._flag, Exception):
            raise self._flag
        return self._flag


class Plugin(ModuleType):
    """Stands in for our composition root; ``fails`` names the step that does."""

    def __init__(self, fails: str = "") -> None:
        super().__init__(PLUGIN)
        self._fails = fails
        self.seen: list[object] = []

    def include_routes(self, app: list[str], gx_app: object) -> None:
        self._step("include_routes", app, "our routes", gx_app)

    def register(self, app: list[str], gx_app: object) -> list[str]:
        self._step("register", app, "our middleware", gx_app)
        return ["not what Galaxy goes on with"]

    def _step(self, name: str, app: list[str], what: str, gx_app: object) -> None:
        self.seen.append(gx_app)
        if name == self._fails:
            raise RuntimeError(f"no {name} today")
        app.append(what)


@pytest.fixture
def fast_app() -> Any:
    module = ModuleType(_autoload.TARGET)
    exec(FAST_APP, vars(module))
    return module


@pytest.fixture
def use_plugin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(plugin: Plugin | None) -> Plugin | None:
        """None: importing it fails."""
        monkeypatch.setitem(sys.modules, PLUGIN, plugin)
        if plugin:
            monkeypatch.setattr(galaxy_communication, "plugin", plugin, raising=False)
        else:
            monkeypatch.delattr(galaxy_communication, "plugin", raising=False)
        return plugin

    return use


def our_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == LOG]


def test_chat_goes_in_between_and_around(fast_app: Any, use_plugin: Any, caplog: pytest.LogCaptureFixture) -> None:
    plugin, galaxy = use_plugin(Plugin()), Galaxy(True)
    _autoload.wrap(fast_app)
    assert fast_app.initialize_fast_app("wsgi", galaxy) == GALAXY_WITH_CHAT
    assert plugin.seen == [galaxy, galaxy]
    assert fast_app.initialize_fast_app(gx_wsgi_webapp="wsgi", gx_app=galaxy) == GALAXY_WITH_CHAT
    assert our_lines(caplog) == []


def test_wrapping_twice_wraps_once(fast_app: Any, use_plugin: Any) -> None:
    use_plugin(Plugin())
    _autoload.wrap(fast_app)
    once = fast_app.initialize_fast_app, fast_app.include_all_package_routers
    _autoload.wrap(fast_app)
    assert (fast_app.initialize_fast_app, fast_app.include_all_package_routers) == once
    assert fast_app.initialize_fast_app("wsgi", Galaxy(True)) == GALAXY_WITH_CHAT


def test_wrapped_functions_look_like_galaxys(fast_app: Any) -> None:
    _autoload.wrap(fast_app)
    assert str(inspect.signature(fast_app.initialize_fast_app)) == "(gx_wsgi_webapp, gx_app)"
    assert str(inspect.signature(fast_app.include_all_package_routers)) == "(app, package_name)"
    assert fast_app.include_all_package_routers.__doc__ == "Galaxy's words."


def test_openapi_dump_has_no_galaxy_and_gets_nothing_of_ours(fast_app: Any, use_plugin: Any) -> None:
    plugin = use_plugin(Plugin())
    _autoload.wrap(fast_app)
    fast_app.initialize_fast_app("wsgi", Galaxy(True))
    plugin.seen.clear()
    app: list[str] = []
    fast_app.include_all_package_routers(app, "api")
    assert (app, plugin.seen) == (["routes of api"], [])


def test_flag_off_means_galaxy_alone(fast_app: Any, use_plugin: Any, caplog: pytest.LogCaptureFixture) -> None:
    plugin = use_plugin(Plugin())
    _autoload.wrap(fast_app)
    assert fast_app.initialize_fast_app("wsgi", Galaxy(False)) == GALAXY_ALONE
    assert (plugin.seen, our_lines(caplog)) == ([], [])


@pytest.mark.parametrize(
    ("plugin", "flag", "app", "reason"),
    [
        (Plugin("include_routes"), True, GALAXY_ALONE, "RuntimeError: no include_routes today"),
        (Plugin("register"), True, GALAXY_WITH_CHAT[:3], "RuntimeError: no register today"),
        (None, True, GALAXY_ALONE, "ModuleNotFoundError: import of galaxy_communication.plugin"),
        (Plugin(), ValueError("no such flag"), GALAXY_ALONE, "ValueError: no such flag"),
    ],
    ids=["routes", "register", "import", "flag"],
)
def test_failure_of_ours_is_logged_once_and_galaxy_starts(
    fast_app: Any,
    use_plugin: Any,
    caplog: pytest.LogCaptureFixture,
    plugin: Plugin | None,
    flag: bool | Exception,
    app: list[str],
    reason: str,
) -> None:
    use_plugin(plugin)
    _autoload.wrap(fast_app)
    assert fast_app.initialize_fast_app("wsgi", Galaxy(flag)) == app
    (line,) = our_lines(caplog)
    assert line.startswith(f"communication: chat is off: {reason}")
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].exc_info

    use_plugin(Plugin())
    assert fast_app.initialize_fast_app("wsgi", Galaxy(True)) == GALAXY_WITH_CHAT, "a later Galaxy is no worse off"


def test_failure_of_galaxys_passes_unchanged(fast_app: Any, use_plugin: Any, caplog: pytest.LogCaptureFixture) -> None:
    plugin = use_plugin(Plugin())
    _autoload.wrap(fast_app)
    with pytest.raises(LookupError, match="Galaxy's own"):
        fast_app.initialize_fast_app("wsgi", Galaxy(True, package="broken"))
    app: list[str] = []
    fast_app.include_all_package_routers(app, "api")
    assert (app, plugin.seen, our_lines(caplog)) == (["routes of api"], [], [])


@pytest.mark.parametrize("missing", ["include_all_package_routers", "initialize_fast_app"])
def test_unknown_release_of_galaxy_is_left_alone(fast_app: Any, caplog: pytest.LogCaptureFixture, missing: str) -> None:
    delattr(fast_app, missing)
    before = dict(vars(fast_app))
    _autoload.wrap(fast_app)
    assert vars(fast_app) == before
    (line,) = our_lines(caplog)
    assert line.startswith("communication: chat is off: ")
    assert f"{_autoload.TARGET}.{missing}" in line


def test_install_wraps_what_is_loaded_already(fast_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, _autoload.TARGET, fast_app)
    monkeypatch.setattr(sys, "meta_path", [])
    original = fast_app.initialize_fast_app
    monkeypatch.setenv(_autoload.SWITCH, "0")
    _autoload.install()
    assert fast_app.initialize_fast_app is original
    monkeypatch.delenv(_autoload.SWITCH)
    _autoload.install()
    assert fast_app.initialize_fast_app.__wrapped__ is original
    assert sys.meta_path == []
