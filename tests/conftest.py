"""Tests whose machine lacks something: skipped, and counted at the end with the command that mends it."""

import os

import needs
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test (fail it where CI is "true") that is marked `needs(...)` something missing, before its fixtures."""
    for name in [name for mark in item.iter_markers("needs") for name in mark.args]:
        need = needs.NEEDS[name]
        if why := need.missing():
            item.user_properties.append(("missing", [need.title, why, need.mend()]))
            stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            stop(f"{need.title} is missing: {why}")


def pytest_terminal_summary(terminalreporter):
    """One line for each missing thing: how many tests it cost, and what mends it."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    cost = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", []):
            if name == "missing" and report.when == "setup":
                cost[tuple(value)] = cost.get(tuple(value), 0) + 1
    if cost:
        terminalreporter.section("NOT TESTED ON THIS MACHINE", yellow=True, bold=True)
    for (title, why, mend), count in cost.items():
        terminalreporter.line(f"{count} tests: {title} is missing ({why}).", yellow=True)
        terminalreporter.line(f"    To mend it: {mend}", yellow=True)
