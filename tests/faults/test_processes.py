"""`kg build` as the user runs it, its processes killed by the system: what was not read is named, and the next run makes it whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kg.store.export import export
from kg.store.graph import View

pytestmark = [pytest.mark.faults, pytest.mark.models]
ROOT = Path(__file__).parent.parent.parent


def build(folder: Path, **more) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kg.cli", "build", "examples", "--store", folder / "s", "-j", "2"]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def run(folder: Path) -> str:
    said = build(folder).communicate()[0]
    assert "0 failed" in said
    return said


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def nquads(folder: Path) -> bytes:
    return export(View(folder / "s"), "nquads")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    run(folder)
    return nquads(folder)


@pytest.fixture(autouse=True)
def _linux() -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("finds processes in /proc")


@pytest.mark.parametrize("pause", [1.0, 3.0, 5.0])
def test_reading_processes_killed_by_the_system(tmp_path: Path, wanted: bytes, pause: float) -> None:
    process = build(tmp_path)
    killed = 0
    while process.poll() is None and killed < 3:
        time.sleep(pause)
        for child in children(process.pid)[-1:]:
            os.kill(child, signal.SIGKILL)
            killed += 1
    said = process.communicate()[0]
    assert killed
    assert "Traceback" not in said
    failed = said.count("not read: ")
    if process.returncode == 1 and not failed:  # killed while it loaded the models
        assert "did not start: it was ended by the system (SIGKILL)" in said
    assert process.returncode in (0, 1)
    assert all(
        "was ended by the system (SIGKILL)" in line for line in said.splitlines() if line.startswith("not read: ")
    ), said
    run(tmp_path)
    assert nquads(tmp_path) == wanted


@pytest.mark.parametrize("pause", [2.0, 6.0])
def test_a_build_that_was_killed_leaves_no_process(tmp_path: Path, wanted: bytes, pause: float) -> None:
    process = build(tmp_path)
    time.sleep(pause)
    below = children(process.pid)
    process.kill()
    process.communicate()
    for _ in range(300):
        if not any(
            Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in below
        ):
            break
        time.sleep(0.1)
    else:
        pytest.fail("processes are left")
    run(tmp_path)
    assert nquads(tmp_path) == wanted


@pytest.mark.parametrize("clock", ["@1971-01-01 00:00:00", "@2037-12-31 23:59:59 x1000", "jumps"])
def test_no_result_depends_on_the_clock(tmp_path: Path, wanted: bytes, clock: str) -> None:
    library = next(Path("/usr/lib").rglob("libfaketime.so.1"), None) if shutil.which("faketime") else None
    if not library:
        pytest.skip("no faketime on this machine: apt-get install faketime")
    now = tmp_path / "now"
    now.write_text("@2020-02-29 12:00:00" if clock == "jumps" else clock)
    # The monotonic clock is left alone: it is what time limits are measured with, and no jump moves it.
    env = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(now),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    process = build(tmp_path, env={**os.environ, **env})
    for number in range(100 if clock == "jumps" else 0):
        now.write_text(f"@{(2030, 1980)[number % 2]}-06-01 12:00:00")
        time.sleep(0.1)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert nquads(tmp_path) == wanted
    for form in ("turtle", "graphml", "gexf", "csv"):
        made = [sys.executable, "-m", "kg.cli", "export", "--store", tmp_path / "s", "--format", form]
        real, faked = (
            subprocess.run(made, env={**os.environ, **e}, capture_output=True, check=True).stdout for e in ({}, env)
        )
        assert real == faked
    for command in ("view", "report", "backup"):
        for name, e in (("real", {}), ("faked", env)):
            file = tmp_path / f"{command}-{name}"
            where = [file] if command == "backup" else ["-o", file]
            made = [sys.executable, "-m", "kg.cli", command, *where, "--store", tmp_path / "s"]
            subprocess.run(made, env={**os.environ, **e}, capture_output=True, check=True)
        assert (tmp_path / f"{command}-real").read_bytes() == (tmp_path / f"{command}-faked").read_bytes()
