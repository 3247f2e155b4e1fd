"""The ``galaxy-communication`` command. Each subcommand imports what it needs only when it is called."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import __version__

DEMO_DIRECTORY = Path(".galaxy-communication-demo")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.function(options))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="galaxy-communication", description="Chat for the users of a Galaxy server.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = commands.add_parser(
        "demo",
        help="start a Galaxy with chat and two users on this machine",
        description="Start a real Galaxy, which has to be installed, with chat on and two ready-made users.",
    )
    demo.add_argument("--directory", type=Path, default=DEMO_DIRECTORY, help="for its data, default: %(default)s")
    demo.add_argument("--port", type=int, help="default: 8080 if that is free, else any other")
    demo.add_argument("--prefix", default="/", help="serve Galaxy below this path, e.g. /galaxy")
    demo.set_defaults(function=_demo)

    serve = commands.add_parser(
        "serve",
        help="serve the chat in a process of its own",
        description="Serve the chat beside Galaxy, in a process of its own, for a Galaxy whose galaxy.yml says so or a "
        "proxy that leads there.",
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at, default: %(default)s")
    serve.add_argument("--port", type=int, help="default: communication_server_port, else 7070")
    _add_config(serve)
    serve.set_defaults(function=_serve)

    migrate = commands.add_parser(
        "migrate",
        help="bring the chat's tables up to date",
        description="Bring the chat's tables up to date. Run it with Galaxy stopped and its database backed up.",
    )
    _add_config(migrate)
    migrate.set_defaults(function=_migrate)

    purge = commands.add_parser(
        "purge",
        help="remove what is older than the rooms keep it, and erase deleted users",
        description="Remove what is older than administrators want it kept, and erase those whom Galaxy has deleted. "
        "A running Galaxy does the same once a day by itself.",
    )
    purge.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    _add_config(purge)
    purge.set_defaults(function=_purge)

    export = commands.add_parser(
        "export",
        help="write a room's messages to a file",
        description="Write all messages of a room to a file, as JSON lines. Conversations of two are not exported.",
    )
    export.add_argument("--room", required=True, metavar="NAME", help="as it stands in the chat")
    export.add_argument("--output", required=True, type=Path, metavar="FILE")
    _add_config(export)
    export.set_defaults(function=_export)

    sample = commands.add_parser(
        "sample-config",
        help="print the options of the chat for galaxy.yml",
        description="Print the options of the chat for galaxy.yml: what they do and their defaults, commented out.",
    )
    sample.set_defaults(function=_sample_config)
    return parser


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        default=os.environ.get("GALAXY_CONFIG_FILE"),
        help="Galaxy's galaxy.yml, default: what GALAXY_CONFIG_FILE names",
    )


def _check_config(options: argparse.Namespace) -> int:
    """0, or the status with which to end; why has been said."""
    import yaml

    if not (options.config and Path(options.config).is_file()):
        print("galaxy.yml is not there: name it with --config", file=sys.stderr)
        return 2
    path = Path(options.config)
    try:  # before Galaxy does, as some of it reads the file when it is imported
        given = yaml.safe_load(path.read_text(encoding="utf-8")) if path.suffix in (".yml", ".yaml") else None
        if not isinstance(given or {}, dict) or not isinstance((given or {}).get("galaxy") or {}, dict):
            raise ValueError("there are no options in it")
    except (OSError, ValueError, yaml.YAMLError) as error:
        print(f"galaxy.yml cannot be read: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _demo(options: argparse.Namespace) -> int:
    from . import demo

    return demo.run(options.directory, options.port, options.prefix)


def _serve(options: argparse.Namespace) -> int:
    if status := _check_config(options):
        return status
    # Galaxy's task queue reads the file that this names, and that when it is imported.
    os.environ["GALAXY_CONFIG_FILE"] = str(Path(options.config).absolute())
    from . import dedicated

    try:
        dedicated.run(options.config, options.host, options.port)
    except dedicated.CannotServe as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _migrate(options: argparse.Namespace) -> int:
    if status := _check_config(options):
        return status
    from . import host_alone, migrations, rooms
    from .config import ConfigurationError, Settings
    from .database import Database

    galaxy = host_alone.read_configuration(options.config)
    try:
        settings = Settings.from_option(galaxy.get)
        database = Database(settings.communication_database_connection or galaxy.database_connection)
        database.upgrade(
            allowed=True,
            then=lambda session: rooms.arrange_configured(session, settings.persistent_communication_rooms),
        )
    except (ConfigurationError, migrations.SchemaError) as error:
        print(error, file=sys.stderr)
        return 1
    print("The chat's tables are up to date.")
    return 0


def _purge(options: argparse.Namespace) -> int:
    return _maintained(options, lambda commands: commands.run_purge(options.config, dry_run=options.dry_run))


def _export(options: argparse.Namespace) -> int:
    return _maintained(options, lambda commands: commands.run_export(options.config, options.room, options.output))


def _maintained(options: argparse.Namespace, run: Callable[[Any], None]) -> int:
    """
    :param run: is given our module `maintenance`.
    """
    if status := _check_config(options):
        return status
    # What Galaxy has to say while its settings are read is for its own log.
    warnings.simplefilter("ignore")
    logging.getLogger("galaxy").addHandler(logging.NullHandler())
    from . import maintenance

    try:
        run(maintenance)
    except maintenance.Failed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _sample_config(_options: argparse.Namespace) -> int:
    from . import sample_config

    print(sample_config.sample(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
