"""A store of the user's own and its mirror: what is read goes into the mirror, and graphs that differ go to the server or come from it.

A manifest on the server says of each graph which content it has. A graph is named there as pending before it is written in parts, so
that one of which only a part arrived is known and written again.
"""

from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.resolve import decisions
from kg.store import address, folder
from kg.store.terms import ontology_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CONTENT = "https://w3id.org/aikg/store#content"
_LINE = "https://w3id.org/aikg/store#line"
_PENDING = "pending"
_BATCH = 20_000
"""Triples a request; more is slow to parse in one transaction."""
_XSD = "http://www.w3.org/2001/XMLSchema#"
_KEPT = frozenset(_XSD + n for n in ("string", "date", "gYear", "gYearMonth", "dateTime"))
"""Datatypes of which every server gives back what it was given."""


class Mirror:
    """The mirror at `path` and its server; closed by `close`.

    Raises:
        StoreError: if the server cannot be reached or refuses.
    """

    def __init__(self, path: Path, at: address.Address) -> None:
        from kg.store.endpoint import Endpoint

        self.path, self.endpoint = path, Endpoint(at)
        self._seen = path.with_name(f"{path.name}.synced.json")

    def close(self) -> None:
        self.endpoint.close()

    def pull(self, base: str | None = None, store: ox.Store | None = None) -> bool:
        """Bring into the mirror (into `store`, where it is open) what the server has and it has not; whether there was anything."""
        base, there = self._manifest(base)
        seen = self.seen()
        fresh = {g for g, h in there.items() if h not in (seen.get(g), _PENDING)}
        # A server that has lost everything gets it again.
        gone = {g for g in seen if g not in there} if there else set()
        rules = ontology_graph(base)
        broken = there.get(rules.value) == _PENDING  # somebody has not come to the end of writing
        if not (fresh or gone or broken) and (store or (self.path / "kg-store").is_file()):
            return False
        open_ = store or folder.to_write(self.path, base)
        mine = self._digests(open_, base)
        ahead = any(mine.get(g) != h for g, h in seen.items()) or bool(mine.keys() - seen.keys())
        for name in sorted(gone | fresh):
            quads = self._fetch(name, there[name]) if name in fresh else []
            self._keep(open_, base, name, quads)
        if broken or (ahead and (fresh or gone)):
            open_.remove_graph(rules)
        open_.flush()
        self._note({**{g: h for g, h in seen.items() if g not in gone}, **{g: there[g] for g in fresh}})
        return bool(fresh or gone or broken)

    def push(self, store: ox.Store, base: str) -> int:
        """Make the graphs of the server equal to those of `store`; how many were written or dropped."""
        _, there = self._manifest(base)
        mine = self._digests(store, base)
        rules = ontology_graph(base).value
        todo = sorted((g for g, h in mine.items() if there.get(g) != h), key=lambda g: (g == rules, g))
        gone = sorted(there.keys() - mine.keys())
        if todo or gone:
            self._mark(base, {rules: _PENDING})
            todo = [g for g in todo if g != rules] + [rules] * (rules in mine)
        for name in gone:
            self.endpoint.update(
                f"{self._unmark(base, name)} ; DROP SILENT GRAPH <{name}> ; DROP SILENT GRAPH <{name}/exact>"
            )
        self._write(base, {g: mine[g] for g in todo}, store)
        self._note(mine)
        return len(todo) + len(gone)

    def seen(self) -> dict[str, str]:
        """Graph -> content of what mirror and server had in common the last time."""
        return dict(json.loads(self._seen.read_text("utf-8"))) if self._seen.is_file() else {}

    def graphs(self) -> list[str]:
        """The graphs that queries are about."""
        return sorted(g for g in self.seen() if not g.endswith("graph/decisions"))

    def _note(self, contents: Mapping[str, str]) -> None:
        draft = self._seen.with_name(self._seen.name + ".draft")
        draft.write_text(json.dumps(contents, sort_keys=True), "utf-8")
        draft.replace(self._seen)

    def _manifest(self, base: str | None) -> tuple[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        raw = self.endpoint.solutions(f"SELECT ?m ?g ?h WHERE {{ GRAPH ?m {{ ?g <{_CONTENT}> ?h }} }}")
        rows: Any = ox.parse_query_results(raw, format=ox.QueryResultsFormat.JSON)
        for m, g, h in rows:
            if m.value.endswith("graph/manifest"):
                row = found.setdefault(m.value.removesuffix("graph/manifest"), {})
                row[g.value] = _PENDING if row.get(g.value, h.value) != h.value else h.value
        if base is None:
            if len(found) != 1:
                why = f"graphs of several bases ({', '.join(sorted(found))})" if found else "nothing of kg"
                raise StoreError(f"{self.endpoint.address.query}: the store holds {why}; fill it with `kg build`")
            [base] = found
        return base, found.get(base, {})

    def _digests(self, store: ox.Store, base: str) -> dict[str, str]:
        names = {g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode)}
        found = {g: _digest(_lines(_content(store, g))) for g in names}
        if decided := self._decided(base):
            found[_decisions(base)] = _digest(_lines(decided))
        return found

    def _decided(self, base: str) -> list[ox.Triple]:
        file, graph = decisions.path_of(self.path), ox.NamedNode(_decisions(base))
        lines = file.read_text("utf-8").splitlines() if file.is_file() else []
        return [ox.Triple(graph, ox.NamedNode(_LINE), ox.Literal(line)) for line in lines if line.strip()]

    def _keep(self, store: ox.Store, base: str, name: str, triples: list[ox.Triple]) -> None:
        if name == _decisions(base):
            lines = sorted(str(t.object.value) for t in triples if isinstance(t.object, ox.Literal))
            decisions.path_of(self.path).write_text("".join(f"{line}\n" for line in lines), "utf-8")
            return
        graph = ox.NamedNode(name)
        store.remove_graph(graph)
        store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def _fetch(self, name: str, content: str) -> list[ox.Triple]:
        found = [q.triple for q in _parsed(self.endpoint.get(name))]
        if self.endpoint.address.prints_six_digits:
            exact = [
                q.triple
                for line in _parsed(self.endpoint.get(f"{name}/exact"))
                for q in _parsed(line.object.value.encode())
            ]
            known = {(t.subject, t.predicate) for t in exact}
            found = [normal(t) for t in found if (t.subject, t.predicate) not in known] + exact
        if _digest(_lines(found)) != content:
            raise StoreError(
                f"{name}: the store gives another content than was put there; somebody else changed it, drop this graph and build again"
            )
        return found

    def _write(self, base: str, wanted: Mapping[str, str], store: ox.Store) -> None:
        batch: dict[str, list[ox.Triple]] = {}
        for name in wanted:
            triples = self._decided(base) if name == _decisions(base) else _content(store, name)
            if self.endpoint.address.prints_six_digits or len(triples) > _BATCH:
                self._in_parts(base, name, wanted[name], triples)
                continue
            if sum(map(len, batch.values())) + len(triples) > _BATCH:
                self._at_once(base, batch, wanted)
                batch = {}
            batch[name] = triples
        if batch:
            self._at_once(base, batch, wanted)

    def _at_once(self, base: str, batch: Mapping[str, list[ox.Triple]], wanted: Mapping[str, str]) -> None:
        """One request for whole graphs with their contents in the manifest: all of it is done, or nothing."""
        steps = [f"{self._unmark(base, g)} ; DROP SILENT GRAPH <{g}>" for g in batch]
        steps += [f"INSERT DATA {{ GRAPH <{g}> {{\n{_text(triples)}}} }}" for g, triples in batch.items()]
        self.endpoint.update(" ;\n".join([*steps, _marked(base, {g: wanted[g] for g in batch})]))

    def _in_parts(self, base: str, name: str, content: str, triples: list[ox.Triple]) -> None:
        self._mark(base, {name: _PENDING})
        if self.endpoint.address.prints_six_digits and (fragile := [t for t in triples if _fragile(t)]):
            graph = ox.NamedNode(name)
            self._parts(
                f"{name}/exact", [ox.Triple(graph, ox.NamedNode(_LINE), ox.Literal(_text([t]))) for t in fragile]
            )
        self._parts(name, triples)
        self._mark(base, {name: content})

    def _parts(self, name: str, triples: list[ox.Triple]) -> None:
        for start in range(0, max(len(triples), 1), _BATCH):
            text = _text(triples[start : start + _BATCH])
            if self.endpoint.address.data:
                self.endpoint.put(name, text.encode(), more=start > 0)
            else:
                before = "" if start else f"DROP SILENT GRAPH <{name}> ; "
                self.endpoint.update(f"{before}INSERT DATA {{ GRAPH <{name}> {{\n{text}}} }}")

    def _mark(self, base: str, contents: Mapping[str, str]) -> None:
        self.endpoint.update(" ; ".join([*(self._unmark(base, g) for g in contents), _marked(base, contents)]))

    def _unmark(self, base: str, name: str) -> str:
        return f"DELETE WHERE {{ GRAPH <{base}graph/manifest> {{ <{name}> <{_CONTENT}> ?h }} }}"


def of(path: Path) -> Mirror | None:
    """The mirror at `path`, if it is one."""
    at = address.of(path)
    return Mirror(path, at) if at else None


def normal(triple: ox.Triple) -> ox.Triple:
    """`triple` with a double written as kg writes it."""
    return ox.Triple(triple.subject, triple.predicate, normal_term(triple.object))


def normal_term(term: Any) -> Any:
    """A double as the embedded store writes it, without exponent; any other term as it is."""
    if not isinstance(term, ox.Literal) or term.datatype.value != f"{_XSD}double":
        return term
    value = float(term.value)
    if not math.isfinite(value):
        return term
    return ox.Literal(format(Decimal(repr(value)), "f").removesuffix(".0"), datatype=term.datatype)


def _fragile(triple: ox.Triple) -> bool:
    """Whether a server that prints six digits and casts other types would give something else back."""
    term = triple.object
    if not isinstance(term, ox.Literal) or term.language or term.datatype.value in _KEPT:
        return False
    if term.datatype.value == f"{_XSD}integer":
        return len(term.value) > 9 or str(int(term.value)) != term.value
    if term.datatype.value != f"{_XSD}double":
        return True
    printed = ox.Literal(f"{float(term.value):.6g}", datatype=term.datatype)
    return bool(normal_term(printed) != term)


def _decisions(base: str) -> str:
    return f"{base}graph/decisions"


def _content(store: ox.Store, graph: str) -> list[ox.Triple]:
    return [q.triple for q in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))]


def _lines(triples: Iterable[ox.Triple]) -> list[str]:
    return sorted(str(t) for t in triples)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _text(triples: list[ox.Triple]) -> str:
    return (ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _parsed(raw: bytes) -> list[Any]:
    return list(ox.parse(raw, format=ox.RdfFormat.N_TRIPLES))


def _marked(base: str, contents: Mapping[str, str]) -> str:
    rows = " ".join(f'<{g}> <{_CONTENT}> "{h}" .' for g, h in sorted(contents.items()))
    return f"INSERT DATA {{ GRAPH <{base}graph/manifest> {{ {rows} }} }}"
