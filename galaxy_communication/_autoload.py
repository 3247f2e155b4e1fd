"""The start-up hook: makes Galaxy load the chat without a change to Galaxy or to how it is started.

Galaxy has no entry point for web plugins, and its process manager hard-codes Galaxy's own app factory. What is left is
Python's own start: two files beside the package in site-packages, which every Python of that environment reads.

``galaxy_communication.pth``
    One ``import`` line, run by every Python up to 3.17. It checks ``GALAXY_COMMUNICATION_AUTOLOAD`` before it imports
    anything of ours, and says nothing when the package is gone.
``galaxy_communication.start``
    The same for Python 3.15 and later (PEP 829), where ``import`` lines in ``.pth`` files fade out and, when a
    ``.start`` file of the same name stands beside them, are skipped. It can only name a function, so there this package
    is imported even when the variable turns it off, and ``install`` does the checking.

Both may run, and more than once: everything here is idempotent. The web process is recognised by the one module that
only it imports, and that module is changed right after it ran, before anybody can take a name out of it.

Every short-lived Python of Galaxy's environment pays for this file, so it imports nothing that Python has not loaded by
itself already: no ``typing``, ``logging`` or ``functools``, and no ``from __future__``, which is an import too.
"""

import os
import sys

TYPE_CHECKING = False  # what type checkers take as true, without the price of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

TARGET = "galaxy.webapps.galaxy.fast_app"
SWITCH = "GALAXY_COMMUNICATION_AUTOLOAD"
_MARK = "__galaxy_communication__"


def install() -> None:
    """Wait for Galaxy's web app, unless ``GALAXY_COMMUNICATION_AUTOLOAD=0`` says not to."""
    if os.environ.get(SWITCH) == "0":
        return
    loaded = sys.modules.get(TARGET)
    if loaded is not None:
        wrap(loaded)
    elif _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


class _Finder:
    """Finds one module, as the finders behind it do, and has it wrapped once it ran.

    It stays until then, so somebody who only asks where the module is does not use it up, and a failed import can be
    tried again.
    """

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if fullname != TARGET:
            return None
        for finder in sys.meta_path:
            find_spec = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find_spec(fullname, path, target) if find_spec and finder is not self else None
            if spec is not None:
                _wrap_after_exec(spec.loader)
                return spec
        return None


_finder = _Finder()


def _wrap_after_exec(loader: "Loader | None") -> None:
    """Shadow ``exec_module`` on this one loader object, for one run: class, source and spec stay what they are."""
    try:
        exec_module = loader.exec_module  # type: ignore[union-attr]

        def exec_and_wrap(module: "ModuleType") -> None:
            exec_module(module)
            vars(loader).pop("exec_module", None)
            if _finder in sys.meta_path:
                sys.meta_path.remove(_finder)
            wrap(module)

        vars(loader)["exec_module"] = exec_and_wrap
    except (AttributeError, TypeError) as error:
        _log(f"communication: chat is off: {TARGET} comes from a loader that cannot be hooked ({loader!r})", error)


def wrap(fast_app: "ModuleType") -> None:
    """Replace the two functions of Galaxy's ``fast_app`` between which an app is built.

    Both are looked up at call time and are the same in Galaxy 25.0 to 26.1. The REST routes have to go in when Galaxy
    includes its own, because they must precede the OpenAPI merge and the catch-all mount. Everything else goes around
    the finished app.
    """
    include: Callable[..., Any] | None = getattr(fast_app, "include_all_package_routers", None)
    initialize: Callable[..., Any] | None = getattr(fast_app, "initialize_fast_app", None)
    if hasattr(initialize, _MARK):
        return
    if include is None or initialize is None:
        missing = "include_all_package_routers" if include is None else "initialize_fast_app"
        _log(f"communication: chat is off: this Galaxy has no {TARGET}.{missing}, where it would attach")
        return

    from functools import wraps

    starting: list[_Start] = []  # the Galaxy being built right now; empty when only the OpenAPI schema is dumped

    @wraps(include)
    def include_all_package_routers(*args: "Any", **kwargs: "Any") -> "Any":
        result = include(*args, **kwargs)
        if starting:
            starting[-1].step("include_routes", args[0] if args else kwargs.get("app"))
        return result

    @wraps(initialize)
    def initialize_fast_app(*args: "Any", **kwargs: "Any") -> "Any":
        starting.append(_Start(args[1] if len(args) > 1 else kwargs.get("gx_app")))
        try:
            app = initialize(*args, **kwargs)
            starting[-1].step("register", app)
        finally:
            starting.pop()
        return app

    setattr(initialize_fast_app, _MARK, True)
    setattr(fast_app, "include_all_package_routers", include_all_package_routers)  # noqa: B010
    setattr(fast_app, "initialize_fast_app", initialize_fast_app)  # noqa: B010


class _Start:
    """One Galaxy being built. After the first failure of ours it goes on as if we were not installed."""

    def __init__(self, gx_app: "Any") -> None:
        self.gx_app = gx_app
        self.off = False

    def step(self, name: str, app: "Any") -> None:
        """Call ``plugin.<name>(app, gx_app)`` if this Galaxy wants the chat. Galaxy starts, whatever happens there."""
        if self.off:
            return
        try:
            if not self.gx_app.config.get_bool("enable_communication_server", False):
                self.off = True
                return
            from . import plugin

            getattr(plugin, name)(app, self.gx_app)
        except Exception as error:
            self.off = True
            if getattr(error, "explains_itself", False):
                _log(f"communication: chat is off: {error}")
            else:
                _log(f"communication: chat is off: {type(error).__name__}: {error}", error)


def _log(line: str, error: "Exception | None" = None) -> None:
    import logging

    logging.getLogger("galaxy_communication").error(line, exc_info=error)
