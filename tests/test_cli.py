"""The ``galaxy-communication`` command itself; what its subcommands do is tested with what they call."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect

from galaxy_communication import __version__, sample_config
from galaxy_communication.cli import main
from galaxy_communication.models import PREFIX


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["--help"])
    assert exit_info.value.code == 0
    assert "demo" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["--version"])
    assert exit_info.value.code == 0
    assert capsys.readouterr().out == f"galaxy-communication {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["demo", "--nonsense"]])
def test_misuse_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert exit_info.value.code == 2
    assert "usage: galaxy-communication" in capsys.readouterr().err


def test_migrate_makes_the_tables_where_galaxy_yml_says(tmp_path: Path) -> None:
    config = tmp_path / "galaxy.yml"
    config.write_text(
        f"galaxy:\n  data_dir: {tmp_path}\n  communication_database_connection: sqlite:///{tmp_path}/chat.sqlite\n"
    )
    command = [sys.executable, "-m", "galaxy_communication.cli", "migrate", "--config", str(config)]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert (done.returncode, done.stdout) == (0, "The chat's tables are up to date.\n"), done.stderr
    engine = create_engine(f"sqlite:///{tmp_path}/chat.sqlite", poolclass=NullPool)
    assert f"{PREFIX}room" in inspect(engine).get_table_names()
    missing = subprocess.run([*command[:-1], "no-such-file"], capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (2, "galaxy.yml is not there: name it with --config\n")


def test_the_installed_command_is_this_one() -> None:
    (command,) = entry_points(group="console_scripts", name="galaxy-communication")
    assert command.load() is main


def test_sample_config_prints_the_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample-config"]) == 0
    assert capsys.readouterr().out == sample_config.sample()
