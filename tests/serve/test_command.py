"""`kg serve` as people start and stop it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from pathlib import Path

BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def started(store: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", str(port), "-j", "1"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def test_it_answers_and_stops_at_once_even_while_a_query_runs(served_store: Path) -> None:
    port = free_port()
    server = started(served_store, port)
    try:
        assert str(port) in server.stderr.readline()
        address = f"http://127.0.0.1:{port}/sparql"
        assert httpx.get(address, params={"query": "ASK {}"}, timeout=30).json()["boolean"] is True
        said: list[int] = []

        def ask() -> None:
            said.append(httpx.get(address, params={"query": BOMB}, timeout=30).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.7)
        began = time.monotonic()
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        asking.join()
        assert time.monotonic() - began < 5
        assert said == [503]
        assert server.stderr.read() == ""
    finally:
        server.kill()


def test_what_cannot_be_served_is_told_in_one_line(served_store: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = started(served_store, taken.getsockname()[1])
        assert "Address already in use" in server.communicate(timeout=30)[1]
        assert server.returncode == 1
    missing = started(tmp_path / "none.kg", free_port())
    assert "there is no store here" in missing.communicate(timeout=30)[1]
    assert missing.returncode == 1
