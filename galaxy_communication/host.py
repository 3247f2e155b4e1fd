"""The adapter to Galaxy: with `host_people` and `host_alone` the only one that imports ``galaxy``, and the home of all
differences between its releases.

What queries Galaxy's database blocks and is called in our threads. Each call has a short session of its own: Galaxy's
scoped session would stay checked out in a thread pool.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone
from functools import wraps
from typing import Any, cast

from galaxy import exceptions as galaxy_exceptions
from galaxy.managers.users import UserManager
from galaxy.model import GalaxySession, User
from galaxy.webapps.base.webapp import config_allows_origin
from galaxy.webhooks import Webhook
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from .errors import ChatError, Disabled, Forbidden, NotAuthenticated
from .host_people import PREFERENCE, HostPeople
from .identity import Credentials, Identity

log = logging.getLogger(__name__)


class Host(HostPeople):
    """Configuration, who somebody is, and the seams."""

    # Configuration

    def option(self, name: str) -> Any:
        """An option of ``galaxy.yml`` or of Galaxy's environment overrides, None where it is not set."""
        return self._app.config.get(name)

    @property
    def prefix(self) -> str:
        """``galaxy_url_prefix`` without a slash at its end: empty where Galaxy is at the root."""
        return str(self._app.config.galaxy_url_prefix).rstrip("/")

    @property
    def id_secret(self) -> str:
        """What Galaxy's ids and the cookies of its sessions are encoded with."""
        return str(self._app.config.id_secret)

    @property
    def database_url(self) -> str:
        return str(self._app.config.database_connection)

    @property
    def amqp_url(self) -> str | None:
        """Of Galaxy's own messages between its processes, which may go through its database instead."""
        return cast("str | None", self._app.config.amqp_internal_connection)

    @property
    def has_tables(self) -> bool:
        """Whether Galaxy has ever started: it refuses a database into which somebody else came first. Blocks."""
        return bool(inspect(self._app.model.engine).has_table(GalaxySession.__tablename__))

    @property
    def version(self) -> str:
        config = self._app.config
        return f"{config.version_major}.{config.version_minor}".rstrip(".")

    @property
    def may_migrate(self) -> bool:
        return bool(self._app.config.database_auto_migrate)

    @property
    def frame_options(self) -> str | None:
        """The X-Frame-Options that Galaxy sends with its pages."""
        return cast("str | None", self._app.config.x_frame_options)

    @property
    def server_name(self) -> str:
        """Of this process; gunicorn's workers get theirs after the fork."""
        return str(self._app.config.server_name)

    @property
    def statsd(self) -> Any:
        """Galaxy's client, None where no ``statsd_host`` is set."""
        timers = getattr(self._app, "execution_timer_factory", None)
        return timers and timers.galaxy_statsd_client

    def encode_id(self, number: int) -> str:
        return cast(str, self._app.security.encode_id(number))

    def decode_id(self, encoded: str) -> int:
        return cast(int, self._app.security.decode_id(encoded))

    @property
    def infrastructure_url(self) -> str | None:
        """Galaxy's own address, where its administrators have said it."""
        config = self._app.config
        return str(config.galaxy_infrastructure_url) if config.galaxy_infrastructure_url_set else None

    def allows_origin(self, origin: str) -> bool:
        """By ``allowed_origin_hostnames``. Raises `ValueError` for what is no URL."""
        config = self._app.config
        return bool(config.allowed_origin_hostnames) and bool(config_allows_origin(origin, config))

    # People

    def identify(self, credentials: Credentials) -> Identity:
        """The person behind ``credentials``. Raises `NotAuthenticated` or `Forbidden`."""
        with self._session() as session:
            galaxy_session = self._galaxy_session(session, credentials.session_cookie)
            if galaxy_session is not None and galaxy_session.user is not None:
                user: Any = galaxy_session.user
                session_id = galaxy_session.id
            else:
                user, session_id = self._api_user(session, credentials), None
            if user is None or user.deleted or user.purged:
                raise NotAuthenticated("Log in to Galaxy to use its chat.")
            return Identity(user.id, user.username, bool(self._app.config.is_admin_user(user)), session_id)

    def _galaxy_session(self, session: Session, cookie: str | None) -> GalaxySession | None:
        if not cookie:
            return None
        try:
            session_key = self._app.security.decode_guid(cookie)
        except galaxy_exceptions.MalformedId:
            return None
        statement = (
            select(GalaxySession)
            .where(GalaxySession.session_key == session_key, GalaxySession.is_valid.is_(True))
            .options(joinedload(GalaxySession.user))
        )
        found = session.scalars(statement).first()
        return None if found is None or self._expired(found.last_action) else found

    def _expired(self, last_action: datetime | None) -> bool:
        """Galaxy enforces ``session_duration`` (minutes, 0 is none) on its legacy requests alone."""
        minutes = self._app.config.session_duration
        if not minutes or last_action is None:
            return False
        return last_action.replace(tzinfo=timezone.utc) + timedelta(minutes=minutes) < datetime.now(timezone.utc)

    def _api_user(self, session: Session, credentials: Credentials) -> Any:
        users = self._app[UserManager]
        try:
            if credentials.api_key:
                user = users.by_api_key(credentials.api_key, sa_session=session)
            elif credentials.bearer_token:
                user = users.by_oidc_access_token(credentials.bearer_token)
            else:
                return None
            if credentials.run_as and user is not None:
                if not users.user_can_do_run_as(user):
                    raise Forbidden("This key may not act for other users.")
                user = session.get(User, self.decode_id(credentials.run_as))
        except galaxy_exceptions.MessageException as error:
            raise NotAuthenticated(error.err_msg) from error
        finally:
            self._app.model.context.remove()
        if user is not None and user.bootstrap_admin_user:
            raise Forbidden("The bootstrap key is nobody in particular: chat needs a user's own key, or run-as.")
        return user

    def no_longer_welcome(self, identities: Collection[Identity]) -> dict[Identity, ChatError]:
        """Of those who were welcome before, the ones whose session, account or preference has ended, and why."""
        session_ids = {identity.session_id for identity in identities if identity.session_id is not None}
        user_ids = {identity.user_id for identity in identities}
        with self._session() as session:
            sessions = select(GalaxySession.id, GalaxySession.user_id, GalaxySession.last_action)
            rows = session.execute(sessions.where(GalaxySession.id.in_(session_ids), GalaxySession.is_valid.is_(True)))
            live = {(number, user) for number, user, last_action in rows if not self._expired(last_action)}
            users = select(User.id).where(User.id.in_(user_ids), User.deleted.is_(False), User.purged.is_(False))
            present = set(session.scalars(users))
            enabled = self._enabled_users(session, user_ids)
        gone: dict[Identity, ChatError] = {}
        for identity in identities:
            ended = identity.session_id is not None and (identity.session_id, identity.user_id) not in live
            if ended or identity.user_id not in present:
                gone[identity] = NotAuthenticated("Your Galaxy session has ended. Log in again.")
            elif identity.user_id not in enabled:
                gone[identity] = Disabled("Chat is switched off in your Galaxy preferences.", reason="own_switch_off")
        return gone

    # Seams

    def offer_preference(self) -> None:
        """Put the switch into Galaxy's own preferences form."""
        extra = self._app.config.user_preferences_extra or {}
        sections = extra.get("preferences") or {}
        section, name = PREFERENCE.split("|")
        sections[section] = {
            "description": "Chat with the other users of this Galaxy",
            "inputs": [{"name": name, "label": "Use the chat", "type": "boolean", "required": False}],
        }
        self._app.config.user_preferences_extra = {**extra, "preferences": sections}

    def add_onload_script(self, script: str) -> None:
        """Have Galaxy's client run ``script`` once per page load, through its webhooks."""
        webhook = Webhook("communication", "onload", True, 1, "")
        webhook.script = script
        self._app.webhooks_registry.webhooks.append(webhook)

    def on_impersonation(self, note: Callable[[int, int, int], None]) -> None:
        """Call ``note`` when an administrator has become another user: with their session and id, and the new session.

        In Galaxy's own thread, before the browser hears of the new session. An error of ``note`` is logged.
        """
        from galaxy.webapps.galaxy.controllers.admin import AdminGalaxy  # heavy, and only for the web process

        impersonate = AdminGalaxy.impersonate

        @wraps(impersonate)
        def impersonate_and_note(controller: Any, trans: Any, *args: Any, **query: Any) -> Any:
            before = trans.galaxy_session
            try:
                return impersonate(controller, trans, *args, **query)
            finally:
                if trans.app is self._app:
                    _note(note, before, trans.galaxy_session)

        AdminGalaxy.impersonate = impersonate_and_note

    def after_fork(self, start: Callable[[], None]) -> None:
        """Run ``start`` in every process that serves: at once, or after gunicorn's fork where Galaxy is preloaded."""
        self._app.application_stack.register_postfork_function(start)

    def on_shutdown(self, stop: Callable[[], None]) -> None:
        """Before Galaxy closes its own database connections."""
        self._app.haltables.insert(0, ("communication", stop))


def _note(note: Callable[[int, int, int], None], before: Any, after: Any) -> None:
    """The session is the same where it was refused, and has no user where Galaxy failed half-way."""
    try:
        if before is not None and after.id != before.id and after.user_id is not None:
            note(before.id, before.user_id, after.id)
    except Exception:
        log.exception("communication: an impersonation could not be noted: what is said in its session is not marked")


def fast_app() -> Any:
    """The module that builds Galaxy's application. To be changed before `galaxy_factory` takes names out of it."""
    from galaxy.webapps.galaxy import fast_app  # heavy, and only for those who call our factory

    return fast_app


def galaxy_factory() -> Any:
    from galaxy.webapps.galaxy.fast_factory import factory

    return factory


def rebuild_openapi(app: Any, gx_app: Any) -> None:
    """Make Galaxy's merged API description anew, for routes that came after it was made."""
    from galaxy.webapps.galaxy.fast_app import include_legacy_openapi

    app.openapi_schema = None
    include_legacy_openapi(app, gx_app)
