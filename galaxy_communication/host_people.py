"""Galaxy's users, groups and notifications: the half of the adapter that knows people. `host` is the other one.

All of it asks Galaxy's database, blocks, and is called in our threads; each call has a short session of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from galaxy.managers.notification import NotificationManager
from galaxy.model import (
    Group,
    GroupRoleAssociation,
    Role,
    User,
    UserGroupAssociation,
    UserPreference,
    UserRoleAssociation,
)
from galaxy.schema.notifications import (
    MessageNotificationContent,
    NotificationCreateData,
    NotificationCreateRequest,
    NotificationRecipients,
    NotificationVariant,
    PersonalNotificationCategory,
)
from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from .log_lines import parameters_hidden
from .models import begins_with

#: Where Galaxy's preferences form stores our switch: section and input name.
PREFERENCE = "communication|enabled"
_EXTRA_PREFERENCES = "extra_user_preferences"

GroupKind = Literal["group", "role"]
_GROUPS: dict[GroupKind, Any] = {"group": Group, "role": Role}
_GIVEN_ROLES = (Role.types.ADMIN, Role.types.SYSTEM, Role.types.USER)


@dataclass(frozen=True)
class Account:
    """As Galaxy's administrators see it. A purged one has neither name nor address."""

    username: str | None
    email: str | None
    deleted: bool


class HostPeople:
    """
    :param gx_app: Galaxy's application object, complete.
    """

    def __init__(self, gx_app: Any) -> None:
        self._app = gx_app

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with parameters_hidden(), self._app.model.new_session() as session:
            yield session

    # Who there is

    def usernames(self, user_ids: Collection[int]) -> dict[int, str | None]:
        """Public names by id, None for users without one and for those that were purged or never were."""
        names: dict[int, str | None] = dict.fromkeys(user_ids)
        with self._session() as session:
            rows = session.execute(select(User.id, User.username, User.purged).where(User.id.in_(user_ids)))
            names.update({user_id: None if purged else username for user_id, username, purged in rows})
        return names

    def users_named(self, names: Collection[str]) -> dict[str, int]:
        """Ids by public name, of those who are still users."""
        with self._session() as session:
            statement = select(User.username, User.id).where(User.username.in_(names), *_present())
            return {name: user_id for name, user_id in session.execute(statement)}

    def known_users(self, user_ids: Collection[int]) -> dict[int, str | None]:
        """Public names of those who are still users."""
        with self._session() as session:
            statement = select(User.id, User.username).where(User.id.in_(user_ids), *_present())
            return {user_id: name for user_id, name in session.execute(statement)}

    def gone_users(self, user_ids: Collection[int]) -> set[int]:
        """Those whom Galaxy has deleted or purged; not whom it has never had."""
        with self._session() as session:
            is_gone = or_(User.deleted.is_(True), User.purged.is_(True))
            return set(session.scalars(select(User.id).where(User.id.in_(user_ids), is_gone)))

    def admins_among(self, user_ids: Collection[int]) -> set[int]:
        with self._session() as session:
            users = session.scalars(select(User).where(User.id.in_(user_ids), *_present()))
            return {user.id for user in users if self._app.config.is_admin_user(user)}

    def chat_users(self, user_ids: Collection[int]) -> dict[int, str | None]:
        """As `known_users`, of those who have switched chat on for themselves."""
        known = self.known_users(user_ids)
        with self._session() as session:
            enabled = self._enabled_users(session, known)
        return {user_id: name for user_id, name in known.items() if user_id in enabled}

    @property
    def exposes_names(self) -> bool:
        """Whether Galaxy shows its users to each other by name."""
        return bool(self._app.config.expose_user_name)

    @property
    def exposes_emails(self) -> bool:
        return bool(self._app.config.expose_user_email)

    def users_by_name(self, prefix: str, limit: int) -> list[int]:
        """The first users whose public name begins so."""
        with self._session() as session:
            statement = select(User.id).where(begins_with(User.username, prefix), *_present())
            return list(session.scalars(statement.order_by(User.username).limit(limit)))

    def users_by_email(self, address: str) -> list[int]:
        with self._session() as session:
            return list(session.scalars(select(User.id).where(User.email == address, *_present())))

    def accounts(self, user_ids: Collection[int]) -> dict[int, Account]:
        """Of all that there ever were."""
        with self._session() as session:
            columns = select(User.id, User.username, User.email, User.deleted, User.purged)
            rows = session.execute(columns.where(User.id.in_(user_ids)))
            return {user_id: _account(*columns) for user_id, *columns in rows}

    def accounts_beginning(self, prefix: str, before: int | None, limit: int) -> list[int]:
        """Users whose public name or address begins so, the newest first; also deleted ones, as long as they have any.

        Galaxy keeps names in lower case, and addresses as they were typed.
        """
        ranges = [(User.username, prefix.lower()), *((User.email, start) for start in {prefix, prefix.lower()})]
        # Each by its index, and then put together: in one condition SQLite would walk through all users by number.
        found = union(*(select(User.id).where(begins_with(column, start)) for column, start in ranges)).subquery()
        statement = select(User.id).where(User.id.in_(select(found.c.id)), User.purged.is_not(True))
        if before is not None:
            statement = statement.where(User.id < before)
        with self._session() as session:
            return list(session.scalars(statement.order_by(User.id.desc()).limit(limit)))

    # The user's preference, kept where Galaxy's own form keeps it

    def chat_enabled(self, user_id: int) -> bool:
        with self._session() as session:
            return bool(self._enabled_users(session, {user_id}))

    def set_chat_enabled(self, user_id: int, enabled: bool) -> None:
        with self._session() as session:
            user = session.get_one(User, user_id)
            user.preferences[_EXTRA_PREFERENCES] = json.dumps({**user.extra_preferences, PREFERENCE: enabled})
            session.commit()

    def _enabled_users(self, session: Session, user_ids: Collection[int]) -> set[int]:
        # Not by the index of names, with which SQLite would read the preferences of everybody.
        name: Any = func.coalesce(UserPreference.name, "")
        statement = select(UserPreference.user_id, UserPreference.value).where(
            UserPreference.user_id.in_(user_ids), name == _EXTRA_PREFERENCES
        )
        return {user_id for user_id, value in session.execute(statement) if _is_on(value)}

    # Groups and roles

    def group_name(self, kind: GroupKind, number: int) -> str | None:
        """Of the ``group`` or ``role`` with this id, None where there is none."""
        with self._session() as session:
            found = session.get(_GROUPS[kind], number)
            return None if found is None or found.deleted else str(found.name)

    def group_names(self, bindings: Collection[str]) -> dict[str, str]:
        """By binding, ``group:5`` or ``role:7``, of those that Galaxy still has."""
        found: dict[str, str] = {}
        with self._session() as session:
            for kind, table in _GROUPS.items():
                numbers = _numbers(kind, bindings)
                statement = select(table.id, table.name).where(table.id.in_(numbers), table.deleted.is_(False))
                found |= {f"{kind}:{number}": name for number, name in (session.execute(statement) if numbers else ())}
        return found

    def groups_named(self, part: str, limit: int) -> list[tuple[GroupKind, int, str]]:
        """Those whose name contains ``part``, by name; of roles those that are given to people, not each one's own."""
        found: list[tuple[GroupKind, int, str]] = []
        with self._session() as session:
            for kind, table in _GROUPS.items():
                # As IS NOT, see `_present`.
                statement = select(table.id, table.name).where(table.deleted.is_not(True))
                if kind == "role":
                    statement = statement.where(Role.type.in_(_GIVEN_ROLES))
                if part:
                    statement = statement.where(table.name.icontains(part, autoescape=True))
                rows = session.execute(statement.order_by(table.name).limit(limit))
                found += [(kind, number, name) for number, name in rows]
        return sorted(found, key=lambda group: group[2].casefold())[:limit]

    def bindings_of(self, user_ids: Collection[int], bindings: Collection[str]) -> dict[int, set[str]]:
        """Of the ``bindings``, ``group:5`` or ``role:7``, those that each user belongs to now; a role also through a
        group that has it."""
        groups, roles = _numbers("group", bindings), _numbers("role", bindings)
        found: dict[int, set[str]] = {user_id: set() for user_id in user_ids}
        with self._session() as session:
            for user_id, number in session.execute(_in_groups(user_ids, groups)) if groups else ():
                found[user_id].add(f"group:{number}")
            for user_id, number in session.execute(_with_roles(user_ids, roles)) if roles else ():
                found[user_id].add(f"role:{number}")
        return found

    # Galaxy's own notifications

    @property
    def notifies(self) -> bool:
        return bool(self._app.config.enable_notification_system)

    @parameters_hidden()
    def notify(self, user_ids: Sequence[int], subject: str, body: str) -> None:
        """
        :param body: markdown.
        """
        # Not validated: the model takes encoded ids, and would decode them.
        recipients = NotificationRecipients.model_construct(user_ids=list(user_ids), group_ids=[], role_ids=[])
        data = NotificationCreateData(
            source="communication",
            variant=NotificationVariant.info,
            category=PersonalNotificationCategory.message,
            content=MessageNotificationContent(subject=subject, message=body),
        )
        request = NotificationCreateRequest(recipients=recipients, notification=data)
        try:
            self._app[NotificationManager].send_notification_to_recipients(request)
        finally:
            self._app.model.session.remove()


def _account(username: str | None, email: str, deleted: bool | None, purged: bool | None) -> Account:
    return Account(None, None, True) if purged else Account(username, email, bool(deleted))


def _present() -> tuple[Any, ...]:
    """As IS NOT, for which there is no index: that of all who are not deleted is no short cut, but SQLite takes it."""
    return User.deleted.is_not(True), User.purged.is_not(True)


def _numbers(kind: GroupKind, bindings: Collection[str]) -> set[int]:
    return {int(binding.partition(":")[2]) for binding in bindings if binding.startswith(f"{kind}:")}


def _in_groups(user_ids: Collection[int], groups: Collection[int]) -> Any:
    return (
        select(UserGroupAssociation.user_id, UserGroupAssociation.group_id)
        .join(Group, Group.id == UserGroupAssociation.group_id)
        .where(
            UserGroupAssociation.user_id.in_(user_ids),
            UserGroupAssociation.group_id.in_(groups),
            Group.deleted.is_(False),
        )
    )


def _with_roles(user_ids: Collection[int], roles: Collection[int]) -> Any:
    """Also through a group that has the role."""
    directly = (
        select(UserRoleAssociation.user_id, UserRoleAssociation.role_id)
        .join(Role, Role.id == UserRoleAssociation.role_id)
        .where(
            UserRoleAssociation.user_id.in_(user_ids),
            UserRoleAssociation.role_id.in_(roles),
            Role.deleted.is_(False),
        )
    )
    by_group = (
        select(UserGroupAssociation.user_id, GroupRoleAssociation.role_id)
        .join(GroupRoleAssociation, GroupRoleAssociation.group_id == UserGroupAssociation.group_id)
        .join(Group, Group.id == UserGroupAssociation.group_id)
        .join(Role, Role.id == GroupRoleAssociation.role_id)
        .where(
            UserGroupAssociation.user_id.in_(user_ids),
            GroupRoleAssociation.role_id.in_(roles),
            Group.deleted.is_(False),
            Role.deleted.is_(False),
        )
    )
    return union(directly, by_group)


def _is_on(extra_preferences: str | None) -> bool:
    try:
        return json.loads(extra_preferences or "{}").get(PREFERENCE) in (True, "true", "True")
    except (ValueError, AttributeError):
        return False
