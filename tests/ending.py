"""What a run says at its end, in whichever process a test ran: what was measured, and what passed when tried again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

NAME = "measured"

Measured = Callable[[str], None]

#: For tests of what may never happen, so that once is a failure. The others may have a second try.
at_the_first_try = pytest.mark.flaky(reruns=0)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    return partial(record_property, NAME)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    said = [str(value) for report in reports for name, value in report.user_properties if name == NAME]
    if said:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n\n".join(said))
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"tried again: {report.nodeid}, {report.when}")
        terminalreporter.write_line(report.longreprtext)
