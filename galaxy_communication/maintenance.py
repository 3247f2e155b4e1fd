"""The commands that look after what is stored, with Galaxy running or not: purging and exporting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import export_queries, exports, host, host_alone, migrations, purge, retention_settings
from .config import ConfigurationError, Settings
from .database import UNAVAILABLE, Database
from .leases import LeaseLost
from .models import THE_CHAT
from .views import Views

BAR = 40


class Failed(Exception):
    """What the person at the terminal is told."""


@contextmanager
def opened(config: str) -> Iterator[tuple[host.Host, Database]]:
    """Galaxy's database and the chat's, by a ``galaxy.yml``. Raises `Failed`, also for what goes wrong inside."""
    galaxy = host_alone.offline(config)
    try:
        settings = Settings.from_option(galaxy.option)
        database = Database(settings.communication_database_connection or galaxy.database_url)
    except ConfigurationError as error:
        raise Failed(str(error)) from error
    try:
        with database.engine.connect() as connection:
            migrations.require_newest(connection)
        yield galaxy, database
    except migrations.SchemaError as error:
        raise Failed(str(error)) from error
    except UNAVAILABLE as error:
        raise Failed(f"The database does not answer: {error}") from error
    finally:
        database.close()


def run_purge(config: str, *, dry_run: bool) -> None:
    """Remove what is too old and those who are no more, or say what that would be."""
    with opened(config) as (galaxy, database):
        rules = database.read_now(retention_settings.rules)
        try:
            outcome = purge.preview(database, galaxy, rules) if dry_run else purge.run(database, galaxy)
        except LeaseLost as error:
            raise Failed("Another process has taken over. What was removed until then is removed.") from error
        if outcome is None:
            raise Failed("Another process is at it. Nothing was done; try again later.")
    done = "would be removed" if dry_run else "removed"
    for kind, count in outcome.messages.items():
        days = rules.days[kind]
        print(f"{kind}: {count} messages {done} ({'kept for ever' if days is None else f'kept for {days} days'})")
    texts = "messages kept without an author" if rules.erasure == "keep" else "messages removed"
    for user_id in outcome.people:
        print(f"user {user_id}: {'would be erased' if dry_run else 'erased'}, {texts}")


def run_export(config: str, room: str, output: Path) -> None:
    """A room's messages as JSON lines."""
    with opened(config) as (galaxy, database):
        views = Views(galaxy.encode_id, galaxy.usernames)
        named = database.read_now(lambda session: export_queries.rooms_named(session, room))
        if len(named) != 1:
            raise Failed(f"There are {len(named)} rooms of this name." if named else "There is no room of this name.")
        export = database.write_now(lambda session: exports.begin(session, database, views, named[0].id, THE_CHAT))
        unfinished = output.with_name(f"{output.name}.part")
        written = 0
        with unfinished.open("w", encoding="utf-8") as file:
            for lines in export.pages():
                file.writelines(lines)
                written += len(lines)
                _show_progress(written, export.count)
        unfinished.replace(output)
    print(f"{written} messages of {named[0].name} are in {output}.")


def _show_progress(done: int, count: int) -> None:
    """A bar, where somebody looks."""
    if sys.stderr.isatty():
        filled = BAR * done // count
        end = "\n" if done >= count else ""
        print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done} of {count}", end=end, file=sys.stderr, flush=True)
