"""A process that has loaded the models and read the documents, and forks builds on demand, so that hundreds of them can be killed.

Each line of its input is a job in JSON, each of its output what became of it. In a build all is real but the reading: `kg.flow.build`
takes the readings from memory. The process itself never opens a store: Oxigraph's threads would not survive the fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import flow
from kg.config import BASE, Config
from kg.reader import Reader
from kg.resolve import decisions
from kg.resolve.decisions import Decision
from kg.scale import batch, parse
from kg.store import folder, results
from kg.store.graph import Writer

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Document, Reading

OLD = {
    "a.txt": "云帆科技有限公司董事长李文博表示，云帆科技发布云帆-7B大模型。公司2023年营收达到36.8亿元。",
    "b.txt": "NVIDIA launched the H100 in 2022. Microsoft uses the H100, and CEO Jensen Huang of NVIDIA met Satya Nadella.",
    "c.txt": "海纳智能完成A轮融资，由红杉中国领投。海纳智能创始人王晓楠曾任职于阿里巴巴。",
    "d.txt": "Lumora Labs released Lumora-2, which scores 71.3 on MMLU. Lumora Labs was founded by Ada Merrow in Toronto.",
}
NEW = {
    **OLD,
    "a.txt": "云帆科技有限公司董事长李文博表示，云帆科技发布云帆-8B大模型，采用英伟达H100训练。公司2024年营收达到41亿元。",
    "d.txt": "Lumora Labs Inc. released Lumora-3, which scores 78.9 on MMLU. Lumora Labs Inc. raised $30 million led by Sequoia Capital.",
    "e.txt": "寒武纪发布思元590芯片，台积电负责代工。寒武纪董事长陈天石表示，阿里巴巴是其客户。",
    "f.txt": "Lumora was founded by Ada Merrow. Huanan Intelligence, led by Wang Xiaonan, acquired Brightloom for $12 million.",
    "g.txt": "OpenAI released GPT-4, and Microsoft invested $10 billion in OpenAI. Sam Altman is CEO of OpenAI.",
    "h.txt": "深度求索推出DeepSeek-V3，在MMLU上得分88.5。梁文锋创立了深度求索，公司位于杭州。",
}
_CHANGES = ("extend", "add", "remove", "remove_graph", "update", "clear", "bulk_extend", "load", "bulk_load", "flush")


class Mortal:
    """A store that kills its process before its change number `last` (0: never), and counts changes."""

    def __init__(self, store: Any, last: int) -> None:
        self._store, self._last, self.changes = store, last, 0

    def __getattr__(self, name: str) -> Any:
        if name in _CHANGES:
            self.changes += 1
            if self.changes == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._store, name)

    def __contains__(self, quad: Any) -> bool:
        return quad in self._store

    def __iter__(self) -> Iterator[Any]:
        return iter(self._store)

    def __len__(self) -> int:
        return len(self._store)


class Nursery:
    """What is read once, and the jobs."""

    def __init__(self) -> None:
        reader = Reader(threads=1)
        self.readings: dict[str, dict[str, Reading]] = {
            version: {name: reader(self._document(name, text)) for name, text in texts.items()}
            for version, texts in (("old", OLD), ("new", NEW))
        }
        self.registry, self.extractor = reader.registry, flow.extractor_of(reader.config)

    def _document(self, name: str, text: str) -> Document:
        return factory.document(text, name=name, lang="zh" if ord(text[0]) > 255 else "en", title=name)

    def build(self, store: Path, version: str, last: int) -> int:
        """`kg build`, until its change number `last`; how many changes it has made."""
        readings = self.readings[version]
        parse.documents = lambda paths, config, progress=None: iter([r.document for r in readings.values()])
        batch.read = lambda documents, config: (readings[d.id] for d in documents)
        flow.extractor_of = lambda config: self.extractor
        real, opened = folder.to_write, []

        def to_write(path: Path, base: str) -> Any:
            opened.append(Mortal(real(path, base), last))
            return opened[0]

        folder.to_write = to_write
        flow.build([], Config(store=store))
        return int(opened[0].changes)

    def put(self, store: Path, version: str, last: int) -> int:
        """Only what is read, without what is derived from it."""
        writer = Writer(store, extractor=self.extractor, registry=self.registry)
        for reading in self.readings[version].values():
            writer.put(reading)
        os._exit(0)

    def adorn(self, store: Path, version: str, last: int) -> int:
        """Inferred triples, the result of an analysis, and decisions, of which the store does not know the last yet."""
        read = self.readings["old"]

        def entity(document: str, name: str) -> str:
            return next(read[document].entity_of[m.id] for m in read[document].mentions if m.text == name)

        def same(left: str, right: str) -> Decision:
            return Decision(verdict="same", left=left, right=right)

        claims = [Decision(verdict="reject", claim=f"{BASE}claim/{c.id}") for c in read["b.txt"].claims]
        haina, yunfan, lumora = entity("c.txt", "海纳智能"), entity("a.txt", "云帆科技"), entity("d.txt", "Lumora Labs")
        decisions.save(store, [same(haina, yunfan), *claims[:2]])
        with Writer(store, extractor=self.extractor, registry=self.registry) as writer:
            writer.refresh()
            writer.reason()
            graph = results.graph_of(writer.base, "degree")
            writer.keep(graph, results.quads(graph, [], {"analysis": "degree"}))
        decisions.save(store, [same(haina, lumora), *claims[1:]])
        return 0


def serve() -> None:
    nursery = Nursery()
    print("ready", flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                count = getattr(nursery, job["do"])(Path(job["store"]), job.get("version", "new"), job.get("last", 0))
                os.write(writing, str(count).encode())
                os._exit(0)
            finally:  # whatever it was, the child goes no further
                traceback.print_exc()
                os._exit(1)
        os.close(writing)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        with os.fdopen(reading) as said:
            print(json.dumps({"code": os.waitstatus_to_exitcode(status), "changes": int(said.read() or 0)}), flush=True)


if __name__ == "__main__":
    serve()
