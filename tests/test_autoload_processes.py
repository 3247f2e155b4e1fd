"""The start-up hook as Python runs it: in fresh environments without Galaxy, and with the whole of a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from galaxy_communication import _autoload
from galaxy_communication.galaxy_process import free_port
from tests.galaxy_server import CONFIG, GalaxyServer
from tests.venvs import HOOK, NO_HOOK, Venv, build_distributions

# What a Galaxy with the hook looks like from inside. It prints one JSON object.
INSPECT = """
import importlib, importlib.util, inspect, json, sys, types
seen = {}
name = "galaxy.webapps.galaxy.fast_app"
waiting = lambda: any(type(f).__module__ == "galaxy_communication._autoload" for f in sys.meta_path)
hooked = lambda function: function.__wrapped__.__name__ == function.__name__

importlib.util.find_spec(name)
seen["still waiting after somebody only looked"] = waiting()

from galaxy.webapps.galaxy import fast_app, fast_factory
seen["hooked where Galaxy takes it from"] = hooked(fast_factory.initialize_fast_app)
seen["hooked"] = hooked(fast_app.initialize_fast_app) and hooked(fast_app.include_all_package_routers)
seen["waiting"] = waiting()

loader = fast_app.__spec__.loader
seen["loader"] = [type(loader).__name__, loader is fast_app.__loader__, sorted(vars(loader))]
seen["source"] = inspect.getsource(fast_app) == loader.get_source(name) != ""

# As Galaxy dumps its OpenAPI schema, but of a package with next to no routes.
fast_app.include_all_package_routers(fast_app.get_fastapi_instance(), "galaxy.webapps.base")
# As it starts with the flag off, with less behind it.
small = types.SimpleNamespace()
small.include_all_package_routers = lambda app, package_name: None
small.initialize_fast_app = lambda gx_wsgi_webapp, gx_app: "app"
importlib.import_module("galaxy_communication._autoload").wrap(small)
config = types.SimpleNamespace(get_bool=lambda key, default: default)
seen["starts with the flag off"] = small.initialize_fast_app(None, types.SimpleNamespace(config=config))
seen["ours"] = sorted(name for name in sys.modules if name.startswith("galaxy_communication"))

importlib.reload(fast_app)
seen["reload works, and is Galaxy's alone"] = not hasattr(fast_app.initialize_fast_app, "__wrapped__")
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Venv:
    """Our wheel, and nothing else: no Galaxy, none of our dependencies."""
    venv = Venv(tmp_path_factory.mktemp("autoload") / "venv")
    venv.install(str(build_distributions(tmp_path_factory.getbasetemp()).wheel))
    return venv


def test_hook_does_no_harm_where_there_is_no_galaxy(venv: Venv) -> None:
    assert venv.probe() == HOOK
    script = f"""
import importlib, importlib.util
try:
    importlib.import_module({_autoload.TARGET!r})
except ModuleNotFoundError as error:
    print(error.name)
print(importlib.util.find_spec("json").name, importlib.util.find_spec("nothing_of_the_kind"))
"""
    assert venv.run("-c", script).stdout.split() == ["galaxy", "json", "None"]


def test_hook_runs_twice_and_is_there_once(venv: Venv) -> None:
    """As it does with .pth files read again, and with two kinds of start-up files."""
    again = "import site; site.addsitedir(site.getsitepackages()[0]); from galaxy_communication import _autoload\n"
    script = (
        again + "import sys; _autoload.install(); print(sys.meta_path.count(_autoload._finder), len(sys.meta_path))"
    )
    alone = int(venv.run("-c", "import sys; print(len(sys.meta_path))").stdout)
    assert venv.run("-c", script).stdout.split() == ["1", str(alone)]


def test_hook_imports_nothing_that_python_has_not_loaded_itself(venv: Venv) -> None:
    """What keeps it cheap: time is measured in benchmarks/startup_cost.py, imports do not depend on the machine."""
    script = "import sys; print(*sorted(sys.modules))"
    off = set(venv.run("-c", script, env={"GALAXY_COMMUNICATION_AUTOLOAD": "0"}).stdout.split())
    on = set(venv.run("-c", script).stdout.split())
    assert on - off == set(HOOK["modules"])


def test_switch_keeps_even_our_package_out(venv: Venv) -> None:
    assert venv.probe({"GALAXY_COMMUNICATION_AUTOLOAD": "0"}) == NO_HOOK


@pytest.fixture(scope="module")
def galaxy_venv(tmp_path_factory: pytest.TempPathFactory) -> Venv:
    """Our wheel over the real Galaxy of the environment these tests run in."""
    venv = Venv(tmp_path_factory.mktemp("autoload-galaxy") / "venv")
    venv.install(str(build_distributions(tmp_path_factory.getbasetemp()).wheel))
    venv.add_galaxy()
    return venv


def test_real_galaxy_is_hooked_and_otherwise_as_it_was(galaxy_venv: Venv) -> None:
    seen: dict[str, Any] = json.loads(galaxy_venv.run("-c", INSPECT).stdout.splitlines()[-1])
    assert seen == {
        "still waiting after somebody only looked": True,
        "hooked where Galaxy takes it from": True,
        "hooked": True,
        "waiting": False,
        "loader": ["SourceFileLoader", True, ["name", "path"]],
        "source": True,
        "starts with the flag off": "app",
        "ours": HOOK["modules"],
        "reload works, and is Galaxy's alone": True,
    }


@pytest.fixture
def galaxy_with_broken_chat(galaxy_venv: Venv, tmp_path: Path) -> Iterator[GalaxyServer]:
    (galaxy_venv.site_packages / "galaxy_communication" / "plugin.py").write_text('raise RuntimeError("boom")\n')
    galaxy = GalaxyServer(tmp_path, CONFIG, port=free_port(), python=str(galaxy_venv.python))
    try:
        galaxy.start_and_wait()
        yield galaxy
    finally:
        galaxy.stop()


def test_real_galaxy_starts_without_a_chat_that_is_broken(galaxy_with_broken_chat: GalaxyServer) -> None:
    galaxy = galaxy_with_broken_chat
    assert galaxy.api("GET", "version")["version_major"]
    lines = [line for line in galaxy.log.read_text().splitlines() if "chat is off" in line]
    assert len(lines) == 1
    assert "communication: chat is off: RuntimeError: boom" in lines[0]
