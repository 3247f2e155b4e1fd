"""The ``galaxy-communication`` command. Each subcommand imports what it needs only when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

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

    migrate = commands.add_parser(
        "migrate",
        help="bring the chat's tables up to date",
        description="Bring the chat's tables up to date. Run it with Galaxy stopped and its database backed up.",
    )
    migrate.add_argument(
        "--config",
        default=os.environ.get("GALAXY_CONFIG_FILE"),
        help="Galaxy's galaxy.yml, default: what GALAXY_CONFIG_FILE names",
    )
    migrate.set_defaults(function=_migrate)

    sample = commands.add_parser(
        "sample-config",
        help="print the options of the chat for galaxy.yml",
        description="Print the options of the chat for galaxy.yml: what they do and their defaults, commented out.",
    )
    sample.set_defaults(function=_sample_config)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from . import demo

    return demo.run(options.directory, options.port, options.prefix)


def _migrate(options: argparse.Namespace) -> int:
    if not options.config or not Path(options.config).is_file():
        print("galaxy.yml is not there: name it with --config", file=sys.stderr)
        return 2
    from . import host, migrations, rooms
    from .config import ConfigurationError, Settings
    from .database import Database

    galaxy = host.read_configuration(options.config)
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


def _sample_config(_options: argparse.Namespace) -> int:
    from . import sample_config

    print(sample_config.sample(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
