"""The build backend: setuptools, plus the two things of this package that setuptools has no setting for.

- The browser client is built before anything is packed (build_client.py). Not in a ``build_py`` command: for an
  editable install setuptools turns an error in a customised one into a warning.
- ``galaxy_communication.pth`` and ``.start`` must lie beside the package in site-packages, in editable installs too.
  setuptools can place nothing there except through commands that it calls private, so the files are added to the
  finished wheel, editable ones being wheels as well (PEP 660). That rests on the wheel format alone, and because they
  are in its RECORD, uninstalling removes them.
"""

import base64
import hashlib
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import build_client
from setuptools import build_meta
from setuptools.build_meta import prepare_metadata_for_build_editable, prepare_metadata_for_build_wheel

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

START_HOOK = ("galaxy_communication.pth", "galaxy_communication.start")

Settings = dict[str, Any] | None


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_sdist(config_settings), *build_client.requirements()]


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_wheel(config_settings), *build_client.requirements()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_editable(config_settings), *build_client.requirements()]


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    build_client.build()
    return str(build_meta.build_sdist(sdist_directory, config_settings))


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    build_client.build()
    # setuptools packs whatever lies here, and in a checkout that includes files which an earlier version had.
    shutil.rmtree(Path("build", "lib"), ignore_errors=True)
    name = str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))
    add_start_hook(Path(wheel_directory, name))
    return name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    build_client.build()
    name = str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))
    add_start_hook(Path(wheel_directory, name))
    return name


def add_start_hook(wheel: Path) -> None:
    """Write the wheel again with the two files at its root; RECORD comes last, as the format advises."""
    finished = wheel.with_suffix(".tmp")
    with ZipFile(wheel) as source, ZipFile(finished, "w", ZIP_DEFLATED) as target:
        (record,) = (item for item in source.infolist() if item.filename.endswith(".dist-info/RECORD"))
        for item in source.infolist():
            if item is not record:
                target.writestr(item, source.read(item))
        lines = source.read(record)
        for name in START_HOOK:
            content = Path(name).read_bytes()
            added = ZipInfo(name, record.date_time)
            added.external_attr, added.compress_type = record.external_attr, record.compress_type
            target.writestr(added, content)
            checksum = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines += f"{name},sha256={checksum},{len(content)}\n".encode()
        target.writestr(record, lines)
    finished.replace(wheel)
