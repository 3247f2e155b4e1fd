"""The adapter's part for processes of ours, which are not in Galaxy's: what they need of it is made here."""

from __future__ import annotations

from socket import gethostname
from types import SimpleNamespace
from typing import Any, cast

from galaxy.exceptions import ConfigurationError as GalaxysConfigurationError
from galaxy.security.idencoding import IdEncodingHelper
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from .config import ConfigurationError
from .host import Host


def _properties(file: str) -> dict[str, Any]:
    from galaxy.util.properties import load_app_properties

    return cast("dict[str, Any]", load_app_properties(config_file=file, config_section="galaxy"))


def read_configuration(file: str) -> Any:
    """Galaxy's configuration as its own process would see it, without that process: for our commands."""
    from galaxy.config import Configuration

    return Configuration(**_properties(file))


def manager_application(file: str) -> Any:
    """Galaxy without tools, jobs and pages, for a process of ours. Starts no thread, but imports most of Galaxy. Raises
    `config.ConfigurationError`."""
    from galaxy.app import GalaxyManagerApplication

    wanted = {"server_name": f"communication.{gethostname()}", "check_migrate_databases": False}
    spared = dict.fromkeys(("configure_logging", "use_converters", "use_display_applications"), False)
    try:
        app = GalaxyManagerApplication(**_properties(file), **wanted, **spared)
        app.authnz_manager = _authnz_manager(app) if app.config.enable_oidc else None
    except (GalaxysConfigurationError, OSError, ValueError) as error:
        raise ConfigurationError(f"galaxy.yml does not work: {error}") from error
    return app


def _authnz_manager(app: Any) -> Any:
    """What knows the bearer tokens of OIDC; Galaxy has one in its web process alone."""
    from galaxy.authnz.managers import AuthnzManager

    return AuthnzManager(app, app.config.oidc_config_file, app.config.oidc_backends_config_file)


def offline(file: str) -> Host:
    """Galaxy's settings, people and ids without its process: for our commands."""
    config = read_configuration(file)
    model = SimpleNamespace(new_session=sessionmaker(create_engine(config.database_connection)))
    return Host(SimpleNamespace(config=config, model=model, security=IdEncodingHelper(id_secret=config.id_secret)))
