"""The real application on a free port of loopback, its workers real processes."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.serve.limits import Limits


TOKEN = "a-token-for-tests-only"


@contextmanager
def serving(store: Path, limits: Limits, *, token: str | None = None) -> Iterator[str]:
    """The address of a running server; with a token it takes updates."""
    import uvicorn
    from kg.serve.app import application, config_of, hosts_of

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(config_of(application(store, limits, hosts=hosts_of("127.0.0.1"), token=token)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
