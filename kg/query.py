"""SPARQL on a store: queries that only read, with results as objects and as table, CSV, TSV, JSON or Turtle."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.markup import table
from kg.store.terms import PREFIXES
from kg.vocabulary import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.store.graph import Writer
    from kg.store.remote import Mirror
    from kg.store.view import View

# Each alternative begins with a character of its own, which lets the engine skip what begins none: a third of the time.
_TOKEN = re.compile(
    r"""\\.
    |\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3} | \"(?:[^\"\\\n\r]|\\.)*\" | '(?:[^'\\\n\r]|\\.)*'
    |<[^<>\"{}|^`\\\s]*>
    |\#[^\n\r]*
    |\?\w+ | \$\w+""",
    re.DOTALL | re.VERBOSE,
)
_BARE = {"\\": "_", '"': '""', "'": '""', "<": "<>", "#": " ", "?": "?v", "$": "?v"}
"""What stands for an escape, a string, an IRI, a comment and a variable, by its first character."""
# Without word boundaries before it: `1SERVICE <x> {` and `trueSERVICE:x {` are calls too.
_CALL = re.compile(r"SERVICE\s*(?:SILENT\s*)?(?:<>|\?v|[^\s{}()<>\"?]*:[^\s{}]*)\s*\{", re.IGNORECASE)
_LOAD = re.compile(r"(?<![\w:.?-])LOAD\s*(?:SILENT\s*)?(?:<>|[\w.-]*:)", re.IGNORECASE)
_FROM = re.compile(r"(?<![\w:.-])FROM\s*(?:NAMED\b\s*)?(?:<>|[\w.-]*:)", re.IGNORECASE)
_UPDATE = re.compile(r"(?<![\w:.?-])(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)(?![\w:-])", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected one of )?(.*)", re.DOTALL)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # some programs leave out the blanks before it
_CSV_CELL = re.compile(
    r"""["=+\-@＝＋－＠\s](?:(?<=")[^"]*+(?:""[^"]*+)*+"|(?<!["\r\n])(?<![^,\n].)[^,\r\n]*+)""", re.DOTALL
)
"""In CSV of the engine: a cell in quotation marks, or one that begins as formulas do. A class comes first, by which all else is skipped."""
_TSV_FORMULA = re.compile(r'"(?<![^\t\n].)(?=\s*[=+\-@＝＋－＠])(?![-+]?[\d.]+(?:[eE][-+]?\d+)?")', re.DOTALL)
"""In TSV of the engine: the quotation mark before a formula. Breaks within a value are escaped there."""
_FORMATS = {"csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON}
_LOCAL = re.compile(r"[\w-]+")
_PREFIX_OF = {iri: prefix for prefix, iri in PREFIXES.items()}
_NUMBER = re.compile(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Rows:
    """The solutions of a SELECT: names of the variables and a row of terms (None where unbound) each."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def _repr_html_(self) -> str:
        return table(self.variables, ([cell(term) for term in row] for row in self.rows))


Result = Rows | bool | list[ox.Triple]


def run(view: View, text: str) -> Result:
    """The result of a query: `Rows` for SELECT, a bool for ASK, triples for CONSTRUCT and DESCRIBE (sorted).

    The project's prefixes are known without PREFIX. All graphs are one, unless FROM chooses some.

    Raises:
        QueryError: for a malformed query, an update, SERVICE or LOAD.
    """
    return _result(view.store, text) if view.mirror is None else _asked(view.mirror, text)


def _asked(mirror: Mirror, text: str) -> Result:
    """The result that the server of a mirror gives, of the graphs that kg keeps there."""
    from kg.store.remote import normal, normal_term

    kind = _result(ox.Store(), text)  # what is malformed or refused is told before anything is sent
    heads = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    graphs = [] if _FROM.search(_allowed(text)) else mirror.graphs()
    if isinstance(kind, list):
        raw = mirror.endpoint.triples(heads + text, graphs)
        return sorted((normal(q.triple) for q in ox.parse(raw, format=ox.RdfFormat.N_TRIPLES)), key=str)
    found: Any = ox.parse_query_results(
        mirror.endpoint.solutions(heads + text, graphs), format=ox.QueryResultsFormat.JSON
    )
    if isinstance(kind, bool):  # Virtuoso answers ASK with a row, or with none
        return bool(found) if isinstance(found, ox.QueryBoolean) else any(True for _ in found)
    names = tuple(v.value for v in found.variables)
    return Rows(names, tuple(tuple(normal_term(row[n]) for n in names) for row in found))


def _result(store: ox.Store, text: str) -> Result:
    with answer(store, text) as result:
        return _plain(result)


def _plain(result: Any) -> Result:
    """What the engine gave, read to its end."""
    if isinstance(result, ox.QuerySolutions):
        names = tuple(v.value for v in result.variables)
        return Rows(names, tuple(map(tuple, result)))
    return bool(result) if isinstance(result, ox.QueryBoolean) else sorted(result, key=str)


@contextmanager
def answer(
    store: ox.Store,
    text: str,
    *,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
    base: str | None = None,
) -> Iterator[Any]:
    """What the engine gives for a query, to be read within the block. `default` and `named` are IRIs of graphs, which outrank FROM; `base`
    completes relative IRIs, which are errors without it.

    Raises:
        QueryError: as `run` does, also while the result is read.
    """
    bare = _allowed(text)
    given = default is not None or named is not None
    try:
        yield store.query(
            text,
            base_iri=base,
            prefixes=PREFIXES,
            use_default_graph_as_union=not given and not _FROM.search(bare),
            default_graph=[ox.NamedNode(iri) for iri in default or ()] if given else None,
            named_graphs=[ox.NamedNode(iri) for iri in named or ()] if given else None,
        )
    except SyntaxError as error:
        update = _UPDATE.search(bare)
        raise (_refused(update[1]) if update else _malformed(str(error), text)) from error
    except UnicodeEncodeError as error:
        raise QueryError(f"the query is malformed: character {error.start + 1} is half of a surrogate pair") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query failed: {error}") from error


def _allowed(text: str) -> str:
    """`text` with its strings, IRIs, variables and comments blanked, once no call to another server is found in it.

    Updates need no such care: the engine reads queries only, and its parser refuses them.
    """
    bare = shape(text)
    if _CALL.search(bare):
        raise QueryError("SERVICE is refused: a query reads this store only")
    return bare


def shape(text: str) -> str:
    """`text` without its strings, IRIs, comments and names of variables: what queries have in common that differ in what they are asked about."""
    return _TOKEN.sub(lambda match: _BARE[match[0][0]], text)


def update(writer: Writer, text: str, *, base: str | None = None) -> None:
    """Change the store of `writer` by a SPARQL update, all of it or nothing; `base` completes relative IRIs.

    Raises:
        QueryError: if it is malformed, calls SERVICE or LOAD, or cannot be done; nothing is changed then.
    """
    if _LOAD.search(_allowed(text)):
        raise QueryError("LOAD is refused: documents come in with `kg build`, files of RDF with `kg import`")
    try:
        with suppress(RuntimeError, OSError):  # what fails only where there is nothing
            ox.Store().update(text, base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise _malformed(str(error), text) from error
    except UnicodeEncodeError as error:
        raise QueryError(f"the update is malformed: character {error.start + 1} is half of a surrogate pair") from error
    writer.update(text, base)


def _refused(verb: str) -> QueryError:
    return QueryError(
        f"{verb.upper()} is refused: queries only read; documents come in with `kg build` and go with `kg remove`"
    )


def _malformed(said: str, text: str) -> QueryError:
    place = _PLACE.fullmatch(said)
    if not place:
        return QueryError(f"the query is malformed: {said}")
    line, column = int(place[1]), int(place[2])
    rest = [*text.split("\n"), "", ""][line - 1][column - 1 :].strip()[:30]
    # The parser names some of the words that could follow, which misleads; its sentences help.
    why = "; ".join(w for w in place[3].removeprefix("expected ").split(", ") if " " in w and "[" not in w)
    return QueryError(
        f"the query is malformed at line {line}, column {column}, {f'before {rest!r}' if rest else 'at its end'}{why and f': {why}'}"
    )


def text_of(query: str) -> str:
    """The text of a query that is given as SPARQL, as the path of an .rq file, or by the name of one of `ontology/queries`.

    Raises:
        QueryError: if it is none of these.
    """
    if re.search(r"[\s{]", query.strip()):
        return query
    path = Path(query)
    named = folder() / "queries" / f"{path.name.removesuffix('.rq')}.rq"
    for file in (path, named):
        if file.is_file():
            return file.read_text("utf-8-sig")
    raise QueryError(
        f"{query}: neither SPARQL, nor a file, nor a named query; named queries are {', '.join(name for name, _ in named_queries())}"
    )


def named_queries(lang: str = "en") -> Iterator[tuple[str, str]]:
    """Name and help of each named query; its first comment line is the help in English, the second in Chinese."""
    for path in sorted((folder() / "queries").glob("*.rq")):
        line = path.read_text("utf-8").splitlines()[1 if lang == "zh" else 0]
        yield path.stem, line.lstrip("# ").strip()


def explain(text: str) -> str:
    """The algebra of a query as rdflib prints it (the engine has no plan to show; it may join in another order).

    Raises:
        QueryError: as `run` does.
    """
    from contextlib import redirect_stdout

    from rdflib.plugins.sparql.algebra import pprintAlgebra, translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    _result(ox.Store(), text)  # its messages are better than those of rdflib
    out = io.StringIO()
    try:
        with redirect_stdout(out):
            pprintAlgebra(translateQuery(parseQuery(text), initNs=PREFIXES))
    except Exception as error:  # rdflib raises bare Exceptions for what it does not know
        raise QueryError(f"rdflib cannot show the algebra of this query: {error}") from error
    return out.getvalue()


def cell(term: Any) -> str:
    """A term as people read it: literals by their value, the project's terms with a prefix, other IRIs whole."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        iri = term.value
        cut = iri.rfind("#") + 1 or iri.rfind("/") + 1  # what each of the prefixes stands for ends so
        prefix = _PREFIX_OF.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL.fullmatch(iri, cut) else iri
    return str(getattr(term, "value", term))


def serialized(view: View, text: str, form: str) -> str:
    """What `formatted` makes of the result of a query, without an object for each term.

    Raises:
        QueryError: as `run` does.
    """
    if view.mirror is not None:
        return formatted(_asked(view.mirror, text), form)
    with answer(view.store, text) as result:
        return formatted(result if isinstance(result, ox.QuerySolutions) else _plain(result), form)


def formatted(result: Result | ox.QuerySolutions, form: str) -> str:
    """`result` as text. SELECT: csv, tsv, json (the W3C's formats; formulas in CSV and TSV are disarmed). ASK: true or false. Triples: Turtle."""
    if isinstance(result, bool):
        return f'{{"head": {{}}, "boolean": {str(result).lower()}}}\n' if form == "json" else f"{str(result).lower()}\n"
    if isinstance(result, list):
        data = ox.serialize(result, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        return (data or b"").decode("utf-8")
    solutions = _solutions(result) if isinstance(result, Rows) else result
    data = solutions.serialize(format=_FORMATS[form])
    text = (data or b"").decode("utf-8")
    if form == "csv":
        return _CSV_CELL.sub(_disarmed_cell, text)
    return _TSV_FORMULA.sub("\"'", text) if form == "tsv" else f"{text}\n"


def _disarmed_cell(match: re.Match[str]) -> str:
    cell = match[0]
    return f'"{disarmed(cell[1:-1])}"' if cell[0] == '"' else disarmed(cell)


def _solutions(rows: Rows) -> Any:
    """Rows as the engine has them, by way of JSON."""
    import json

    def binding(term: Any) -> dict[str, Any]:
        if isinstance(term, ox.NamedNode):
            return {"type": "uri", "value": term.value}
        if isinstance(term, ox.Literal):
            kind = {"datatype": term.datatype.value} if term.language is None else {"xml:lang": term.language}
            way = {} if term.direction is None else {"its:dir": str(term.direction)}
            return {"type": "literal", "value": term.value, **kind, **way}
        if isinstance(term, ox.Triple):
            ends = ("subject", "predicate", "object")
            return {"type": "triple", "value": {end: binding(getattr(term, end)) for end in ends}}
        return {"type": "bnode", "value": term.value}

    some = [{n: binding(t) for n, t in zip(rows.variables, row, strict=True) if t is not None} for row in rows.rows]
    text = json.dumps({"head": {"vars": rows.variables}, "results": {"bindings": some}})
    return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)


def separated(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as CSV, formulas disarmed. A cell with a lone carriage return is quoted too, as `csv` does not before Python 3.13."""
    special = re.compile('[,"\r\n]').search

    def quoted(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if special(text) else text

    return "".join([f"{','.join([quoted(disarmed(text)) for text in row])}\n" for row in rows])


def disarmed(text: str) -> str:
    """`text` so that a spreadsheet does not take it for a formula: led by an apostrophe, unless it is a number."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
