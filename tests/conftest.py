"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS / "relate")]

SHARED = TESTS.parent.parent / "shared" / "gold"


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of gold documents; tests that need it are skipped where it is not at hand."""
    if not SHARED.is_dir():
        pytest.skip("the gold documents are not beside this checkout")
    return SHARED


@pytest.fixture
def cases(record_property):
    """Takes the number of cases that a test of fuzzing has run, for the sum at the end; it travels with the report, from any process."""
    return partial(record_property, "cases")


def pytest_terminal_summary(terminalreporter):
    passed = [r for r in terminalreporter.stats.get("passed", ()) if r.when == "call"]
    if counts := [n for r in passed for name, n in r.user_properties if name == "cases"]:
        terminalreporter.write_line(f"{sum(counts):,} fuzz cases in {sum('cases' in dict(r.user_properties) for r in passed)} tests passed: "
                                    "no traceback, no hang, none over 2 GB")  # fmt: skip


@pytest.fixture(scope="session")
def reader():
    """Models loaded once a process."""
    from kg.reader import Reader

    return Reader()


FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one for all tests of a process: Playwright allows no second."""
    executable = shutil.which("chromium")
    if not executable:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()
