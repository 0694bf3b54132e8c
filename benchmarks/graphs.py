"""Analyses and the page on large graphs, beside plain NetworkX and stock Pyvis, in one run on one machine.

    python benchmarks/graphs.py [--analysis 100000 500000] [--pages 2000x3500 20000x35000] [--plain]

The graphs are made up with a fixed seed: few hubs and many leaves (degrees follow a power law), communities, names in both languages, and
sentences as evidence. Times in the browser are those of headless Chromium with software rendering: from the opening of the file until
the page takes input ("ready"), until a search of two languages shows its matches, and until a filter shows its counts. "--plain" also runs
NetworkX' own functions (Louvain takes minutes at 100,000 nodes) and opens stock Pyvis with 3,000 nodes, given up after 60 s.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = (
    ["Company"] * 6
    + ["Person"] * 5
    + ["AIModel"] * 3
    + ["Product"] * 3
    + ["Chip", "Organization", "Benchmark", "Place"]
)
PREDICATES = (
    ["develops"] * 4
    + ["holdsPositionAt"] * 4
    + ["uses"] * 3
    + ["investedIn"] * 2
    + ["competesWith", "supplies", "evaluatedOn", "locatedIn"]
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def made(size: int, facts: int) -> nx.MultiDiGraph:
    """A made-up graph with the attributes of `kg.analyse.network`."""
    dice, graph = random.Random(11), nx.MultiDiGraph()
    groups = max(4, size // 120)
    for at in range(size):
        kind = dice.choice(KINDS)
        english, chinese = f"{kind} {at}", f"星河实体{at}"
        graph.add_node(
            f"urn:made:{at}",
            type=kind,
            label=english,
            label_en=english,
            label_zh=chinese,
            names=[english, chinese],
            observations=[],
        )
    for at in range(facts):
        subject = int(size * dice.random() ** 2.4)
        object_ = int(size * dice.random() ** 1.3)
        if dice.random() < 0.85:
            object_ = min(size - 1, object_ // groups * groups + subject % groups)
        if subject == object_:
            continue
        predicate = dice.choice(PREDICATES)
        one, other = graph.nodes[f"urn:made:{subject}"]["label"], graph.nodes[f"urn:made:{object_}"]["label"]
        number = dice.randint(0, size // 20)
        graph.add_edge(
            f"urn:made:{subject}", f"urn:made:{object_}", key=f"{at:016x}", predicate=predicate, confidence=round(dice.uniform(0.3, 1), 3),
            role=None, value=None, amount=None, holds_on=None, found_by=f"en/{predicate}/made",
            quote=f"{one} was reported on day {at} to stand in this relation to {other}", prefix="It was said before. ", suffix=" More is said after.",
            start=0, end=0, document=f"made/{number}.txt", title=f"Document {number}", path=f"made/{number}.txt",
            date=f"20{dice.randint(19, 25)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        )  # fmt: skip
    return graph


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


def analyses(size: int, facts: int, plain: bool) -> None:
    from kg.analyse import measures, paths

    graph = made(size, facts)
    ends = [f"urn:made:{at}" for at in (size - 7, size // 2 + 3)]
    graph.add_edges_from([(ends[0], "urn:made:5"), (ends[1], "urn:made:17")], predicate="uses", confidence=1.0)
    bare = nx.Graph(graph)
    bare.remove_edges_from(nx.selfloop_edges(bare))
    rows: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("PageRank", lambda: measures.pagerank(graph), lambda: nx.pagerank(graph)),
        ("communities", lambda: measures.communities(graph), lambda: nx.community.louvain_communities(bare, seed=1)),
        ("shortest path", lambda: paths.shortest(graph, *ends), lambda: nx.bidirectional_shortest_path(bare, *ends)),
        (
            "betweenness, 20 sources",
            lambda: measures.betweenness(graph, samples=20),
            lambda: nx.betweenness_centrality(bare, k=20, seed=1),
        ),
        ("cores", lambda: measures.cores(graph), lambda: nx.core_number(bare)),
        (
            "articulation points",
            lambda: measures.articulation_points(graph),
            lambda: list(nx.articulation_points(bare)),
        ),
    ]
    print(
        f"\n{len(graph):,} nodes, {graph.number_of_edges():,} edges\n\n| analysis | kg, s | NetworkX, s | agree |\n|---|---|---|---|"
    )
    for name, ours, theirs in rows:
        mine, seconds = timed(ours)
        if not plain:
            print(f"| {name} | {seconds:.2f} | | |", flush=True)
            continue
        other, slow = timed(theirs)
        print(f"| {name} | {seconds:.2f} | {slow:.2f} | {agree(name, mine, other, bare)} |", flush=True)


def agree(name: str, mine: Any, other: Any, bare: nx.Graph) -> str:
    if name == "communities":
        ours = [set(c.members) for c in mine]
        return " / ".join(
            f"modularity {nx.community.modularity(bare, some):.3f}" for some in (complete(ours, bare), other)
        )
    if name == "shortest path":
        return "same length" if len(mine) == len(other) - 1 else f"{len(mine)} and {len(other) - 1} steps"
    if isinstance(mine, list):
        return "same" if set(mine) == set(other) else "differ"
    return f"largest difference {max(abs(mine[n] - other[n]) for n in other):.1e}"


def complete(parts: list[set[str]], graph: nx.Graph) -> list[set[str]]:
    known = set().union(*parts)
    return parts + [{n} for n in graph if n not in known]


def pages(sizes: list[tuple[int, int]], plain: bool) -> None:
    from playwright.sync_api import sync_playwright

    print(
        "\n| page | written in, s | MB | ready, s | search, ms | filter, ms | selecting the largest hub, ms |\n|---|---|---|---|---|---|---|"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size, facts in sizes:
            from kg.view.page import write

            path, graph = Path(folder) / "page.html", made(size, facts)
            _, seconds = timed(lambda: write(graph, path))  # noqa: B023
            best = min((opened(browser, path) for _ in range(3)), key=lambda t: t[0])
            cells = " | ".join(f"{ms:.0f}" for ms in best[1:])
            print(
                f"| kg, {size:,} nodes, {facts:,} edges | {seconds:.1f} | {path.stat().st_size / 1e6:.1f} | {best[0]:.2f} | {cells} |",
                flush=True,
            )
        if plain:
            stock(browser, Path(folder) / "stock.html")
        browser.close()


_AFTER = "(run) => new Promise((done) => { const start = performance.now(); run(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); })"


def opened(browser: Any, path: Path) -> tuple[float, float, float, float]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    _, ready = timed(
        lambda: (page.goto(path.as_uri()), page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000))
    )

    def after(code: str) -> float:
        return float(page.evaluate(f"({_AFTER})(() => {{ {code} }})"))

    typed = "const q = document.getElementById('query'); q.value = '{}'; q.dispatchEvent(new Event('input'));"
    search = max(after(typed.format(word)) for word in ("company 77", "星河实体7"))
    at = "const c = document.getElementById('confidence'); c.value = 80; c.dispatchEvent(new Event('input'));"
    sieve = after(at)
    hub = after("document.querySelector('#detail [data-node]').click();")
    page.close()
    return ready, search, sieve, hub


def stock(browser: Any, path: Path) -> None:
    from pyvis.network import Network

    graph = made(3000, 5250)
    network = Network(directed=True, cdn_resources="in_line")
    for node, data in graph.nodes(data=True):
        network.add_node(node, label=data["label"])
    for s, o, data in graph.edges(data=True):
        network.add_edge(s, o, title=data["predicate"])
    path.write_text(network.generate_html(notebook=False), "utf-8")
    page = browser.new_page()
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith(("file:", "data:")) else r.abort())
    page.goto(path.as_uri(), wait_until="commit")
    start, slowest, state = time.perf_counter(), 0.0, {"settled": False, "steps": 0}
    while time.perf_counter() - start < 60 and not state["settled"]:
        time.sleep(2)
        # vis' own state, waited for however long a busy page takes to answer: an error here is an error, not a result.
        state, waited = timed(
            lambda: page.evaluate(
                "typeof network === 'undefined' ? {settled: false, steps: 0} : "
                "{settled: network.physics.stabilized, steps: network.physics.stabilizationIterations}"
            )
        )
        slowest = max(slowest, waited)
    seconds = time.perf_counter() - start
    said = (
        f"settled in {seconds:.0f}"
        if state["settled"]
        else f"still moving after {seconds:.0f}, step {state['steps']} of 1,000"
    )
    print(
        f"| stock Pyvis, 3,000 nodes, 5,250 edges; slowest answer {slowest:.0f} s | | {path.stat().st_size / 1e6:.1f} | {said} | | | |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--analysis", nargs=2, type=int, metavar=("NODES", "EDGES"))
    parser.add_argument("--pages", nargs="*", metavar="NODESxEDGES")
    parser.add_argument("--plain", action="store_true", help="NetworkX and stock Pyvis as well")
    given = parser.parse_args()
    if not given.analysis and given.pages is None:
        given.analysis, given.pages = (100_000, 500_000), ["2000x3500", "20000x35000"]
    if given.pages is not None:
        pages([(int(n), int(m)) for n, _, m in (p.partition("x") for p in given.pages)], given.plain)
    if given.analysis:
        analyses(*given.analysis, given.plain)


if __name__ == "__main__":
    main()
