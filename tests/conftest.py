"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import shutil
import sys
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
