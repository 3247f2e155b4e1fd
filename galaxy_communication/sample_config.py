"""The section for ``galaxy.yml``, made from the schema in the form of Galaxy's own sample."""

from __future__ import annotations

from pathlib import Path

import yaml

SCHEMA = Path(__file__).with_name("config_schema.yml")


def sample() -> str:
    """Each option with its description and default, commented out."""
    section = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))["mapping"]["galaxy"]["mapping"]
    blocks = ["galaxy:\n"]
    for name, option in section.items():
        described = "".join(f"  # {line}\n" for line in option["desc"].strip().splitlines())
        given = yaml.safe_dump({name: option.get("default")}, width=1000).rstrip()
        blocks.append(f"{described}  #{given}\n")
    return "\n".join(blocks)
