"""Fixtures that tests of several rooms share."""

from __future__ import annotations

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
