"""A build that is killed at any moment leaves a store that opens, with no document half there, and the next run makes it whole.

The kill is SIGKILL on a process that runs `kg.flow.build` with its real writing (see `nursery.py`). `make test-faults` kills at 200 random moments
and before every change of the store; `make test` at a few of both.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kg.errors import StoreError
from kg.resolve import decisions
from kg.store.export import export
from kg.store.graph import View

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.xdist_group("kill")]
SEED = 7


class Builds:
    """The nursery, and what its builds must come to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("nursery.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self._line() == "ready"
        # What stands in a store before the build: nothing, or what an older build and its user have left there.
        self.before: dict[str, Path | None] = {"nothing": None, "older": folder / "older"}
        self.run(folder / "older", version="old")
        self.run(folder / "older", "adorn")
        self.run(folder / "read", "put")
        self.wanted: dict[str, bytes] = {}
        self.seconds: dict[str, float] = {}
        self.changes: dict[str, int] = {}
        self.states: dict[str, list[dict[str, frozenset[str]]]] = {}
        for name in self.before:
            whole = self.start(name, "whole")
            began = time.monotonic()
            self.changes[name] = self.run(whole)
            self.seconds[name] = time.monotonic() - began
            self.wanted[name] = export(View(whole), "nquads")
            self.states[name] = [documents(p) for p in (self.before[name], folder / "read", whole) if p]

    def start(self, before: str, name: str) -> Path:
        """A store in the state before the build."""
        store = self.folder / f"{before}-{name}"
        shutil.rmtree(store, ignore_errors=True)
        if old := self.before[before]:
            copy(old, store)
        return store

    def begin(self, store: Path, do: str = "build", **more: Any) -> int:
        """Begin a job; its process."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, "store": str(store), **more}) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> tuple[int, int]:
        """Exit code and number of changes of the job."""
        found = json.loads(self._line())
        return found["code"], found["changes"]

    def run(self, store: Path, do: str = "build", **more: Any) -> int:
        self.begin(store, do, **more)
        code, changes = self.end()
        assert code == 0
        return changes

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def check(self, before: str, store: Path) -> None:
        """The killed store is in order, and the next run makes it what an uninterrupted one would have."""
        try:
            found = documents(store)
        except StoreError as error:
            if before != "nothing" or "no store here" not in str(error):  # else it was killed before there was a store
                raise
            found = {}
        states = self.states[before]
        for graph, quads in found.items():
            assert quads in [state.get(graph) for state in states], f"{graph} is half there"
        if self.before[before]:
            assert found.keys() >= states[0].keys()
        self.run(store)
        assert export(View(store), "nquads") == self.wanted[before]


def copy(old: Path, new: Path) -> None:
    shutil.copytree(old, new)
    if decisions.path_of(old).exists():
        shutil.copy(decisions.path_of(old), decisions.path_of(new))


def documents(store: Path) -> dict[str, frozenset[str]]:
    """Graph of each document -> its quads."""
    found = defaultdict(set)
    for quad in View(store).store:
        if "/document/" in quad.graph_name.value:
            found[quad.graph_name.value].add(str(quad))
    return {graph: frozenset(quads) for graph, quads in found.items()}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builds]:
    made = Builds(tmp_path_factory.mktemp("kill"))
    yield made
    made.close()


def kill_at_random(builds: Builds, count: int) -> None:
    chance = random.Random(SEED)
    killed = 0
    for _ in range(3 * count):
        before = chance.choice(sorted(builds.before))
        store = builds.start(before, "killed")
        moment = chance.random() * builds.seconds[before]
        pid = builds.begin(store)
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):  # it has come to its end before
            os.kill(pid, signal.SIGKILL)
        code, _ = builds.end()
        if code == -signal.SIGKILL:
            builds.check(before, store)
            killed += 1
        if killed == count:
            return
    pytest.fail(f"only {killed} of {3 * count} builds were killed: they end too early")


def kill_before(builds: Builds, before: str, change: int) -> None:
    store = builds.start(before, "killed")
    builds.begin(store, last=change)
    code, _ = builds.end()
    assert code == -signal.SIGKILL
    builds.check(before, store)


def test_what_is_built_has_what_a_kill_could_spoil(builds: Builds) -> None:
    for before, word in (("nothing", b"/mention/"), ("older", b"readAs"), ("older", b"graph/inferred")):
        assert word in builds.wanted[before]
    assert builds.wanted["nothing"] != builds.wanted["older"]


def test_killed_at_a_few_moments(builds: Builds) -> None:
    kill_at_random(builds, 4)


@pytest.mark.parametrize("before", ["nothing", "older"])
def test_killed_before_a_few_changes(builds: Builds, before: str) -> None:
    for change in sorted(random.Random(SEED).sample(range(1, builds.changes[before] + 1), 3)):
        kill_before(builds, before, change)


@pytest.mark.faults
def test_killed_at_200_random_moments(builds: Builds) -> None:
    kill_at_random(builds, 200)


@pytest.mark.faults
@pytest.mark.parametrize("before", ["nothing", "older"])
def test_killed_before_every_change(builds: Builds, before: str) -> None:
    for change in range(1, builds.changes[before] + 1):
        kill_before(builds, before, change)
