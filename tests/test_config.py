"""The settings, and that they, the schema, the sample and the documentation are one."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from galaxy_communication import sample_config
from galaxy_communication.config import GALAXYS_ID_SECRET, ConfigurationError, Settings, require_own_secret
from galaxy_communication.models import PREFIX

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "config_schema.yml"
TYPES: dict[str, type] = {"bool": bool, "int": int, "float": float}


def settings(**options: Any) -> Settings:
    return Settings.from_option(options.get)


def documented() -> dict[str, dict[str, Any]]:
    schema = yaml.safe_load(SCHEMA.read_text())
    options: dict[str, dict[str, Any]] = schema["mapping"]["galaxy"]["mapping"]
    return options


def test_every_setting_is_in_the_schema_and_the_other_way_round() -> None:
    assert list(documented()) == list(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_schemas_defaults_and_examples_are_true(name: str) -> None:
    option = documented()[name]
    default = getattr(Settings(), name)
    assert option["desc"].strip()
    assert option["required"] is False
    annotation = Settings.model_fields[name].annotation
    known = next((one for one in TYPES.values() if annotation in (one, one | None)), None)
    assert TYPES.get(option["type"]) == known
    assert getattr(settings(**{name: option.get("default")}), name) == default
    assert getattr(settings(**{name: option["example"]}), name) != default


def test_the_documentation_names_the_same_options_and_defaults() -> None:
    page = (ROOT / "docs" / "administration.md").read_text()
    (table,) = re.findall(r"\| option \| default \|.*?\n\n", page, re.DOTALL)
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE))
    assert list(rows) == list(Settings.model_fields)
    told = {name: yaml.safe_load(default.strip("`")) for name, default in rows.items() if default.startswith("`")}
    defaults = {name: option.get("default") for name, option in documented().items()}
    assert told == {name: default for name, default in defaults.items() if default not in (None, "")}


def test_the_sample_is_all_comments_and_says_the_defaults() -> None:
    sample = sample_config.sample()
    assert yaml.safe_load(sample) == {"galaxy": None}
    uncommented = yaml.safe_load(re.sub(r"^  #(?! )", "  ", sample, flags=re.MULTILINE))["galaxy"]
    assert uncommented == {name: option.get("default") for name, option in documented().items()}
    assert settings(**uncommented) == Settings()


def test_what_galaxys_environment_overrides_is_what_counts(tmp_path: Path) -> None:
    """`GALAXY_CONFIG_OVERRIDE_` goes before the file, and the file before `GALAXY_CONFIG_`."""
    file = {
        "data_dir": str(tmp_path),
        "communication_database_connection": f"sqlite:///{tmp_path}/file.sqlite",
        "persistent_communication_rooms": "of the file",
    }
    environment = {
        "GALAXY_CONFIG_OVERRIDE_COMMUNICATION_DATABASE_CONNECTION": f"sqlite:///{tmp_path}/override.sqlite",
        "GALAXY_CONFIG_PERSISTENT_COMMUNICATION_ROOMS": "of the environment",
    }
    (tmp_path / "galaxy.yml").write_text(yaml.safe_dump({"galaxy": file}))
    command = [sys.executable, "-m", "galaxy_communication.cli", "migrate", "--config", "galaxy.yml"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["override.sqlite"]
    with closing(sqlite3.connect(tmp_path / "override.sqlite")) as database:
        rooms = database.execute(f"SELECT name FROM {PREFIX}room WHERE kind = 'persistent'").fetchall()
    assert rooms == [("of the file",)]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("NGS,RNA-Seq,Genome Annotation", ("NGS", "RNA-Seq", "Genome Annotation")),
        (" NGS , ,Genome   Annotation,", ("NGS", "Genome Annotation")),
        ("NGS,ngs,\uff2e\uff27\uff33", ("NGS",)),
        (["a, b", "c"], ("a, b", "c")),
        ("", ()),
        ([], ()),
    ],
)
def test_persistent_rooms(value: object, names: tuple[str, ...]) -> None:
    assert settings(persistent_communication_rooms=value).persistent_communication_rooms == names


def test_strings_of_the_environment_are_read_as_what_they_mean() -> None:
    assert settings(enable_communication_server="true").enable_communication_server is True
    assert settings(enable_communication_server="false").enable_communication_server is False
    assert settings(communication_max_message_length="10").communication_max_message_length == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("communication_max_message_length", "many"),
        ("communication_max_message_length", 0),
        ("communication_server_host", "chat.example.org"),
        ("communication_server_host", "https://chat.example.org:7070"),
        ("communication_server_host", "https://chat.example.org/galaxy"),
        ("communication_server_port", 70700),
        ("communication_server_port", "http"),
        ("persistent_communication_rooms", {"NGS": True}),
        ("persistent_communication_rooms", "x" * 256),
        ("enable_communication_server", "perhaps"),
        ("communication_database_connection", "somewhere"),
        ("communication_database_connection", "mysql://localhost/chat"),
        ("communication_rate_limit_messages", "ten per minute"),
        ("communication_rate_limit_messages", "10 per fortnight"),
        ("communication_rate_limit_messages", "0 per minute"),
        ("communication_rate_limit_messages", 10),
        ("communication_flood_silence_minutes", -1),
    ],
)
def test_a_wrong_value_is_named_with_its_option_and_a_remedy(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError) as error:
        settings(**{name: value})
    assert re.fullmatch(rf"galaxy\.yml: {name}: {re.escape(repr(value))} does not work: [a-z].+", str(error.value))


def test_the_remedy_says_how_it_is_written() -> None:
    with pytest.raises(ConfigurationError, match=r"write it like '30 per 10 seconds; 90 per minute', or '' for no"):
        settings(communication_rate_limit_messages="often")


def test_a_complaint_keeps_a_password_to_itself() -> None:
    with pytest.raises(ConfigurationError) as error:
        settings(communication_database_connection="mysql://chat:secret@localhost/chat")
    assert "mysql://…@localhost/chat" in str(error.value)
    assert "secret" not in str(error.value)


def test_where_the_chats_own_process_is() -> None:
    assert settings(communication_server_port=7070).server_url is None
    assert settings(communication_server_host="https://Chat.example.org/").server_url == "https://chat.example.org"
    original = settings(communication_server_host="http://localhost", communication_server_port="7070")
    assert original.server_url == "http://localhost:7070"


def test_no_limit_is_an_empty_string() -> None:
    assert settings(communication_rate_limit_messages="").communication_rate_limit_messages == ()


def test_the_secret_that_comes_with_galaxy_is_refused() -> None:
    package = find_spec("galaxy.config")
    assert package
    (folder,) = package.submodule_search_locations or []
    schema = Path(folder, "schemas", "config_schema.yml").read_text()
    assert re.search(rf"^      id_secret:\n +type: str\n +default: {GALAXYS_ID_SECRET}$", schema, re.MULTILINE)
    with pytest.raises(ConfigurationError, match=r"^galaxy\.yml: id_secret: .* set a random one .*"):
        require_own_secret(GALAXYS_ID_SECRET)
    require_own_secret("a secret of one's own")
