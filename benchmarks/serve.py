"""`kg serve` under load, beside Oxigraph's own server on the same store in the same run.

    python benchmarks/serve.py [--seconds 60] [--clients 100] [--claims 100000] [--heavy 0.05 0]

The store is made up with a fixed seed: 100,000 claims with evidence between 50,000 entities in 200 named graphs are 1.1 million triples. Each client
keeps one connection, and asks anew as soon as it has its answer: lookups (an entity, its claims, a name) and, with the probability `--heavy`,
a query that reads a good part of the store; with several such shares each is a run of its own. What is not answered at the end of the time is given up.
Both servers get the same queries in the same order for each client, one server after the
other. Memory and time of the processor are those of the server's
process with all its children, read every half second. Oxigraph runs with `--timeout-s` as long as kg's limit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
from kg.config import BASE
from kg.store import folder
from kg.store.terms import PREFIXES, literal, node

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("Company", "Person", "AIModel", "Product", "Chip")
PREDICATES = ("develops", "uses", "investedIn", "supplies", "competesWith")
ENTITIES, GRAPHS, PORT = 50_000, 200, 18765
LIMIT = "10"
"""Seconds that a query may take."""
HEADS = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
LOOKUPS = (
    "SELECT ?p ?o {{ <{e}> ?p ?o }}",
    "SELECT ?c ?o ?n {{ ?c kg:subject <{e}> ; kg:object ?o ; kg:confidence ?n }}",
    "SELECT ?t ?l {{ <{e}> a ?t ; rdfs:label ?l }}",
    'SELECT ?e {{ ?e rdfs:label "实体{n}"@zh }}',
    "ASK {{ <{e}> kg:develops ?o }}",
    "SELECT ?l ?q {{ ?c kg:subject <{e}> ; kg:object/rdfs:label ?l ; kg:evidence/oa:exact ?q }} LIMIT 20",
)
HEAVY = (
    "SELECT ?p (COUNT(*) AS ?n) {{ ?c kg:predicate ?p }} GROUP BY ?p",
    "SELECT (AVG(?n) AS ?m) {{ ?c kg:confidence ?n FILTER(?n > 0.{d}) }}",
    'SELECT ?e ?l {{ ?e rdfs:label ?l FILTER REGEX(?l, "^实体{d}.*7$") }} LIMIT 50',
    "SELECT ?t (COUNT(?c) AS ?n) {{ ?c kg:subject ?e . ?e a ?t }} GROUP BY ?t",
    "SELECT ?c ?n {{ ?c kg:confidence ?n }} ORDER BY DESC(?n) ?c LIMIT 10",
)


def quads(claims: int) -> Iterator[ox.Quad]:
    dice = random.Random(7)
    entities = [ox.NamedNode(f"{BASE}entity/made/{n}") for n in range(ENTITIES)]
    graphs = [ox.NamedNode(f"{BASE}document/made{n}") for n in range(GRAPHS)]
    for n, entity in enumerate(entities):
        graph = dice.choice(graphs)
        yield ox.Quad(entity, node("rdf", "type"), node("kg", dice.choice(KINDS)), graph)
        yield ox.Quad(entity, node("rdfs", "label"), literal(f"实体{n}", lang="zh"), graph)
        yield ox.Quad(entity, node("skos", "altLabel"), literal(f"Entity {n}", lang="en"), graph)
    for n in range(claims):
        claim, evidence = ox.NamedNode(f"{BASE}claim/{n}"), ox.NamedNode(f"{BASE}evidence/{n}")
        # A few entities are named often, most seldom.
        subject, other = (entities[int(ENTITIES * dice.random() ** 3)] for _ in range(2))
        predicate, graph = node("kg", dice.choice(PREDICATES)), dice.choice(graphs)
        for s, p, o in (
            (subject, predicate, other),
            (claim, node("rdf", "type"), node("kg", "Claim")),
            (claim, node("kg", "subject"), subject),
            (claim, node("kg", "predicate"), predicate),
            (claim, node("kg", "object"), other),
            (claim, node("kg", "confidence"), literal(round(dice.random(), 3))),
            (claim, node("kg", "evidence"), evidence),
            (evidence, node("oa", "exact"), literal(f"第{n}句话说明了这一点。")),
            (evidence, node("oa", "hasSource"), graph),
        ):
            yield ox.Quad(s, p, o, graph)


def made(path: Path, claims: int) -> int:
    store = folder.to_write(path, BASE)
    store.bulk_extend(quads(claims))
    store.optimize()
    store.flush()
    return len(store)


@dataclass
class Measured:
    """What the clients saw: seconds of each lookup and heavy query that was answered, and how others ended."""

    lookups: list[float] = field(default_factory=list)
    heavy: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    """How many were refused by the limits that the server announces: of time, and of those who wait."""
    memory: int = 0
    processor: float = 0
    seconds: float = 0


async def client(number: int, port: int, path: str, share: float, end: float, found: Measured) -> None:
    dice = random.Random(number)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < end:
        kind = HEAVY if dice.random() < share else LOOKUPS
        n = int(ENTITIES * dice.random() ** 3)
        text = dice.choice(kind).format(e=f"{BASE}entity/made/{n}", n=n, d=dice.randrange(1, 10))
        began = time.perf_counter()
        try:
            target = f"{path}?query={quote(HEADS + text)}"
            writer.write(
                f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
            )
            status, body = await answer(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            found.errors[type(error).__name__] += 1
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        if status == 503 and (b"stopped after" in body or b"too many" in body or b"time" in body):
            found.stopped += 1
        elif status != 200:
            found.errors[f"{status} {body[:60]!r}"] += 1
        else:
            (found.heavy if kind is HEAVY else found.lookups).append(time.perf_counter() - began)
    writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"content-length:" in head:
        return status, await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r", 1)[0]))
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return status, body


def tree(pid: int) -> list[int]:
    """A process and its children."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [pid, *(one for t in tasks for c in (t / "children").read_text().split() for one in tree(int(c)))]
    except OSError:
        return [pid]


def used(pid: int) -> tuple[int, float]:
    """Memory in bytes, what processes share counted once (proportional set size), and seconds of the processor so far."""
    size, ticks = 0, 0
    for one in tree(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            size += int(Path(f"/proc/{one}/smaps_rollup").read_text().partition("\nPss:")[2].split()[0])
            ticks += sum(int(n) for n in Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15])
    return size * 1024, ticks / os.sysconf("SC_CLK_TCK")


async def load(pid: int, port: int, path: str, heavy: float, options: argparse.Namespace) -> Measured:
    found, began, before = Measured(), time.monotonic(), used(pid)[1]
    end = began + options.seconds
    clients = [asyncio.create_task(client(n, port, path, heavy, end, found)) for n in range(options.clients)]
    while (left := end - time.monotonic()) > 0:
        memory, processor = await asyncio.to_thread(used, pid)
        found.memory, found.processor = max(found.memory, memory), processor - before
        await asyncio.sleep(min(0.5, left))
    for one in clients:
        one.cancel()
    for ended in await asyncio.gather(*clients, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    found.seconds = time.monotonic() - began
    return found


async def ready(port: int, path: str) -> None:
    """Wait until the server answers a query: it may take connections before."""
    for _ in range(600):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path}?query=ASK%7B%7D HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            await answer(reader)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.1)
        else:
            return
    raise SystemExit("a server did not start")


def measured(command: list[str], port: int, path: str, heavy: float, options: argparse.Namespace) -> Measured:
    async def run(pid: int) -> Measured:
        await ready(port, path)
        return await load(pid, port, path, heavy, options)

    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        return asyncio.run(run(process.pid))
    finally:
        process.terminate()
        process.wait(20)


def at(values: list[float], share: float) -> str:
    """A quantile in milliseconds."""
    return f"{1000 * statistics.quantiles(values, n=100)[int(share * 100) - 1]:.0f}" if len(values) > 1 else "-"


def rate(found: Measured) -> float:
    """Answers a second."""
    return (len(found.lookups) + len(found.heavy)) / found.seconds


def told(name: str, heavy: float, found: Measured) -> str:
    answers = max(1, len(found.lookups) + len(found.heavy))
    cells = (
        name,
        f"{heavy:.0%}",
        f"{rate(found):.0f}",
        at(found.lookups, 0.5),
        at(found.lookups, 0.99),
        at(found.heavy, 0.5),
        at(found.heavy, 0.99),
        f"{1000 * found.processor / answers:.2f}",
        f"{found.memory / 2**20:.0f}",
        str(found.stopped),
        str(sum(found.errors.values())),
    )
    return f"| {' | '.join(cells)} |"


COLUMNS = (
    "server",
    "heavy",
    "answers/s",
    "lookup median, ms",
    "lookup 99 %, ms",
    "heavy median, ms",
    "heavy 99 %, ms",
    "processor an answer, ms",
    "memory, MB",
    "stopped by a limit",
    "errors",
)


def compared(store: Path, heavy: float, options: argparse.Namespace) -> str:
    """Prints a row for each server; gives what the run says of ours."""
    executable = str(Path(sys.executable).with_name("oxigraph"))
    ours = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", str(PORT), "--timeout", LIMIT]
    theirs = [executable, "serve-read-only", "--location", str(store / "oxigraph"), "--union-default-graph"]
    theirs += ["--bind", f"127.0.0.1:{PORT + 1}"]
    if heavy:
        # It has a thread for each query until its limit has passed: of lookups alone so many that it is aborted.
        theirs += ["--timeout-s", LIMIT]
    results = []
    for name, command, port, path in (
        ("Oxigraph", theirs, PORT + 1, "/query"),
        ("kg serve", ours, PORT, "/sparql"),
    ):
        found = measured(command, port, path, heavy, options)
        results.append(found)
        print(told(name, heavy, found), flush=True)
        for error, count in found.errors.most_common():
            print(f"{name}: {count} times {error}")
    other, mine = results
    return (
        f"{heavy:.0%} heavy, {options.clients} clients, {mine.seconds:.0f} s: errors other than the announced limit {sum(mine.errors.values())}, "
        f"median lookup {at(mine.lookups, 0.5)} ms (Oxigraph {at(other.lookups, 0.5)}), memory at most {mine.memory / 2**20:.0f} MB, "
        f"throughput / Oxigraph's {rate(mine) / rate(other):.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--heavy", type=float, nargs="+", default=[0.05, 0.0])
    parser.add_argument("--store", type=Path, help="a store made before, to be used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        store = options.store or Path(scratch) / "made.kg"
        if not store.exists():
            print(f"{made(store, options.claims):,} triples")
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"| {' | '.join(COLUMNS)} |")
        print("|---" * len(COLUMNS) + "|")
        said = [compared(store, heavy, options) for heavy in options.heavy]
        print("\n".join(said))


if __name__ == "__main__":
    main()
