"""Distributions of this checkout and fresh virtual environments to install them in.

Everything is built in a copy of the checkout, so that no test changes what another one, or a developer, works on.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "galaxy-communication"
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".dev", ".tox", ".venv", ".*_cache", "__pycache__", "build", "dist", "node_modules", "*.egg-info"
)
# What a developer's shell may have set and an administrator's has not.
_NOT_INHERITED = ("GALAXY_COMMUNICATION_AUTOLOAD", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV")

# Prints what the start of this Python left behind.
PROBE = """
import json, sys
print(json.dumps({
    "finders": [type(f).__module__ for f in sys.meta_path if type(f).__module__.startswith("galaxy_communication")],
    "modules": sorted(name for name in sys.modules if name.startswith("galaxy_communication")),
}))
"""
HOOK = {
    "finders": ["galaxy_communication._autoload"],
    "modules": ["galaxy_communication", "galaxy_communication._autoload"],
}
NO_HOOK: dict[str, list[str]] = {"finders": [], "modules": []}


class Distributions(NamedTuple):
    source: Path
    sdist: Path
    wheel: Path


class Venv:
    """A virtual environment that has nothing but pip, made by and for this Python."""

    def __init__(self, directory: Path) -> None:
        run_uv("venv", "--seed", "--python", sys.executable, str(directory))
        self.python = directory / "bin" / "python"
        self.site_packages = Path(
            self.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
        )

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return run(str(self.python), *arguments, env=env)

    def probe(self, env: Mapping[str, str] | None = None) -> Any:
        """What a Python that does nothing has of ours; it must have started without a word, too."""
        done = self.run("-c", PROBE, env=env)
        assert done.stderr == ""
        return json.loads(done.stdout)

    def install(self, *what: str) -> None:
        run_uv("pip", "install", "--quiet", "--no-deps", "--python", str(self.python), *what)

    def add_galaxy(self) -> None:
        """Make the Galaxy of the environment these tests run in importable, behind what this one has itself."""
        (self.site_packages / "zz_galaxy.pth").write_text(sysconfig.get_path("purelib") + "\n")


def run(
    *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    done = subprocess.run(command, cwd=cwd, env=inherited | dict(env or {}), capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{command} ended with status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def run_uv(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """uv is a dependency of the test environment; a ``uv`` elsewhere on PATH will do."""
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert uv, "these tests need uv: pip install uv"
    return run(uv, *arguments, cwd=cwd)


def copy_checkout(target: Path) -> Path:
    shutil.copytree(ROOT, target, ignore=_NOT_COPIED)
    return target


@functools.cache
def build_distributions(base: Path) -> Distributions:
    """An sdist of this checkout, and the wheel built from that sdist: what would be released. Once per run."""
    directory = base / "distributions"
    directory.mkdir()
    source = copy_checkout(directory / "source")
    run_uv("build", "--out-dir", str(directory / "dist"), cwd=source)
    (sdist,) = (directory / "dist").glob("*.tar.gz")
    (wheel,) = (directory / "dist").glob("*.whl")
    return Distributions(source, sdist, wheel)
