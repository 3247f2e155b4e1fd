"""What a test has measured is said at the end of the run, in whichever process the test ran."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

NAME = "measured"

Measured = Callable[[str], None]


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    return partial(record_property, NAME)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    said = [str(value) for report in reports for name, value in report.user_properties if name == NAME]
    if said:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n\n".join(said))
