"""The settings, and that schema and settings are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from galaxy_communication.config import ConfigurationError, Settings

SCHEMA = Path(__file__).parent.parent / "config_schema.yml"


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
    assert getattr(settings(**{name: option.get("default")}), name) == default
    assert getattr(settings(**{name: option["example"]}), name) != default


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
        ("persistent_communication_rooms", {"NGS": True}),
        ("persistent_communication_rooms", "x" * 256),
        ("enable_communication_server", "perhaps"),
    ],
)
def test_a_wrong_value_is_named_with_its_option(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError) as error:
        settings(**{name: value})
    assert name in str(error.value)
    assert "\n" not in str(error.value)
