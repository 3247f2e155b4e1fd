"""Chat shares Galaxy's database, and on SQLite its one file: it must never make Galaxy's own writers wait for it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from galaxy_communication import messages
from galaxy_communication.chat import Chat
from galaxy_communication.commands import Stored
from galaxy_communication.database import Database
from galaxy_communication.metrics import Metrics
from galaxy_communication.views import Views
from tests.storage import ADA, command, stored

Read = Callable[[Chat, str, str], Coroutine[Any, Any, Any]]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "read",
    [
        lambda chat, room, _: messages.page(chat, ADA, room),
        lambda chat, _, message: messages.get(chat, ADA, message),
        lambda chat, room, _: messages.sync(chat, ADA, {room: 0}),
    ],
    ids=["page", "get", "sync"],
)
def test_no_transaction_is_open_while_galaxy_is_asked_for_names(
    database: Database, lobby: int, tmp_path: Path, read: Read
) -> None:
    """Galaxy's writer commits only when no reader is left, and lets no new reader in while it waits."""
    (sent,) = stored(database, command(lobby, "one"))
    assert isinstance(sent, Stored)
    asked: list[set[int]] = []

    def usernames(user_ids: Collection[int]) -> dict[int, str | None]:
        asked.append(set(user_ids))
        with sqlite3.connect(tmp_path / "universe.sqlite", timeout=0) as galaxys:
            galaxys.execute("UPDATE galaxy_communication_room SET topic = 'written by Galaxy'")
        return dict.fromkeys(user_ids)

    chat = cast(
        Chat,
        SimpleNamespace(
            database=database,
            metrics=Metrics(),
            views=Views(str, usernames),
            decode_id=int,
            require_running=lambda: None,
        ),
    )
    assert asyncio.run(read(chat, str(lobby), sent.message.id))
    assert asked == [{ADA.user_id}]
