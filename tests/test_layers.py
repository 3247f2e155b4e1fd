"""The structure that docs/architecture.md describes: who may import whom, and that what is said is documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from fastapi.routing import APIRoute

from galaxy_communication import admin_schemas, config, errors, events, moderation_schemas
from galaxy_communication.router import router

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "galaxy_communication"

#: From the ground up. A module imports from the rows above its own, never from its own row or below.
LAYERS = (
    ("__init__",),
    ("_autoload", "bus", "errors", "galaxy_process", "identity", "log_lines", "metrics", "models"),
    ("backpressure", "statsd"),
    ("moderation_models", "schemas", "text", "word_folding"),
    ("permissions", "word_filter"),
    ("moderation_schemas",),
    ("admin_schemas",),
    (
        "admin_queries",
        "audit_queries",
        "commands",
        "config",
        "filter_store",
        "host_people",
        "pacing",
        "payloads",
        "people_queries",
        "ratelimit",
        "sample_config",
        "retention_settings",
        "room_queries",
        "search_queries",
        "switch",
        "unread_queries",
        "usage_queries",
        "worker_queries",
        "migrations",
    ),
    ("admin_payloads",),
    ("access", "events", "export_queries", "mentions", "queries", "report_queries", "views"),
    ("broadcast", "database", "glances", "host", "presence", "removal_queries"),
    (
        "catch_up",
        "changes",
        "demo",
        "drain",
        "erasure_queries",
        "host_alone",
        "leases",
        "peers",
        "pulse",
        "transports",
        "writer",
    ),
    ("retention",),
    ("chat",),
    (
        "admission",
        "audit",
        "exports",
        "figures",
        "filtering",
        "long_polling",
        "origins",
        "people",
        "scraping",
        "search",
        "telling",
        "usage",
    ),
    ("admin_people", "arranging", "groups", "moderation"),
    ("messages", "notifications", "relay", "room_settings", "rooms", "watch"),
    ("admin_rooms", "creation", "erasure", "readings", "reports", "room_bans"),
    ("introduction", "members", "purge"),
    ("keeping",),
    ("rest",),
    (
        "admin_routes",
        "ban_routes",
        "export_routes",
        "filter_routes",
        "message_routes",
        "overview_routes",
        "retention_routes",
        "room_routes",
    ),
    ("sockets", "pages", "router"),
    ("maintenance", "plugin"),
    ("dedicated",),
    ("cli",),
)
#: The parts of the adapter.
ADAPTER = ("host", "host_alone", "host_people")
#: The hook loads `plugin` when Galaxy starts, in a function: that is its one purpose.
EXCEPTIONS = {("_autoload", "plugin")}


def modules() -> list[Path]:
    return sorted(PACKAGE.glob("*.py"))


def imported(path: Path) -> set[str]:
    """Modules of ours and top-level packages of others that a file imports at run time, anywhere in it."""
    names: set[str] = set()
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").removeprefix("galaxy_communication").lstrip(".")
            if node.level or (node.module or "").startswith("galaxy_communication"):
                names |= {f".{module.split('.')[0]}"} if module else {f".{alias.name}" for alias in node.names}
            else:
                names.add(module.split(".")[0])
    return names


def level(module: str) -> int:
    return next(number for number, row in enumerate(LAYERS) if module in row)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_point_up_the_rows(path: Path) -> None:
    for name in imported(path):
        target = name[1:]
        if name.startswith(".") and (PACKAGE / f"{target}.py").exists() and (path.stem, target) not in EXCEPTIONS:
            assert level(target) < level(path.stem), f"{path.stem} imports {target}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_only_the_host_imports_galaxy(path: Path) -> None:
    assert path.stem in ADAPTER or "galaxy" not in imported(path)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_only_broadcast_emits(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
    assert path.stem == "broadcast" or not [call for call in calls if call.attr == "emit"]


def test_every_route_event_setting_and_error_is_documented() -> None:
    documentation = "\n".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))
    said = {
        *(
            f"{method} {route.path}"
            for route in router.routes
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        ),
        *events.CLIENT_EVENTS,
        *events.SERVER_EVENTS,
        *config.Settings.model_fields,
        *(error.code for error in errors.ChatError.__subclasses__()),
    }
    assert sorted(name for name in said if f"`{name}`" not in documentation) == []


def test_what_is_refused_can_be_said_in_the_clients_languages() -> None:
    """Each reason, with what stands in it, has its text; and each text its reason."""
    texts = (PACKAGE / "client" / "src" / "locales" / "en.ts").read_text()
    said = {name: set(re.findall(r"{(\w+)}", text)) for name, text in re.findall(r'"refusal\.(\w+)": "(.*)"', texts)}
    assert said == dict(reason for path in modules() for reason in reasons(path))


def test_what_administrators_are_told_can_be_said_in_the_clients_languages() -> None:
    texts = (PACKAGE / "client" / "src" / "locales" / "en.ts").read_text()
    for kind, named in (("act", moderation_schemas.Act), ("warning", admin_schemas.WarningReason)):
        assert set(re.findall(rf'"admin\.{kind}\.(\w+)"', texts)) == set(get_args(named))


def reasons(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Of the errors that a module raises: what is named beside what all errors have."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    for call in calls:
        named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
        reason = named.get("reason")
        if isinstance(call.func, ast.Name) and hasattr(errors, call.func.id) and isinstance(reason, ast.Constant):
            yield str(reason.value), set(named) - {"reason", "retry_after"}
