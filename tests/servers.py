"""SPARQL servers for tests: started on a free port of loopback, killed and started again."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

_INI = """[Database]
DatabaseFile=v.db
ErrorLogFile=v.log
LockFile=v.lck
TransactionFile=v.trx
xa_persistent_file=v.pxa
[TempDatabase]
DatabaseFile=vt.db
TransactionFile=vt.trx
[Parameters]
ServerPort=127.0.0.1:{sql}
DirsAllowed=.
NumberOfBuffers=10000
MaxDirtyBuffers=6000
ServerThreads=10
[HTTPServer]
ServerPort=127.0.0.1:{port}
ServerThreads=5
[SPARQL]
ResultSetMaxRows=10000000
MaxQueryExecutionTime=60
"""


def free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """`url` is the endpoint of queries."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free()
        folder.mkdir()
        self.url = f"http://127.0.0.1:{self.port}/{self.path}"
        self.prepare()
        self.process = self.start()

    path = "query"

    def prepare(self) -> None:
        pass

    def command(self) -> list[str]:
        executable = str(Path(sys.executable).with_name("oxigraph"))
        return [executable, "serve", "--location", str(self.folder), "--bind", f"127.0.0.1:{self.port}"]

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdout=said, stderr=said)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if httpx.get(self.url, params={"query": "ASK {}"}, trust_env=False).is_success:
                    return self.process
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "said.txt").read_text())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Oxigraph(Server):
    @staticmethod
    def missing() -> str:
        there = Path(sys.executable).with_name("oxigraph").exists()
        return "" if there else "no server of Oxigraph here: pip install oxigraph"


class Virtuoso(Server):
    path = "sparql"

    @staticmethod
    def missing() -> str:
        return "" if shutil.which("virtuoso-t") else "no Virtuoso here: apt-get install virtuoso-opensource-7-bin"

    def prepare(self) -> None:
        (self.folder / "v.ini").write_text(_INI.format(sql=free(), port=self.port))

    def command(self) -> list[str]:
        # The lock of a killed server stays, and holds up the next.
        (self.folder / "v.lck").unlink(missing_ok=True)
        return [shutil.which("virtuoso-t") or "", "+configfile", "v.ini", "+foreground"]
