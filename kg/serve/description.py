"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

import pyoxigraph as ox

from kg.serve.forms import GRAPHS, ROWS
from kg.store.terms import PREFIXES

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_SEE = ox.NamedNode(f"{PREFIXES['rdfs']}seeAlso")
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")


def description(endpoint: str, media_type: str, *, updates: bool = False) -> bytes:
    """What the endpoint can do, in a form of `GRAPHS`."""

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    service, data = ox.NamedNode(f"{endpoint}#service"), ox.NamedNode(f"{endpoint}#dataset")
    default = ox.NamedNode(f"{endpoint}#default")
    triples = [
        ox.Triple(service, _TYPE, sd("Service")),
        ox.Triple(service, sd("endpoint"), ox.NamedNode(endpoint)),
        ox.Triple(service, _SEE, ox.NamedNode(f"{endpoint.removesuffix('/').removesuffix('/sparql')}/openapi.json")),
        ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        ox.Triple(service, sd("feature"), sd("UnionDefaultGraph")),
        ox.Triple(service, sd("defaultDataset"), data),
        ox.Triple(data, _TYPE, sd("Dataset")),
        ox.Triple(data, sd("defaultGraph"), default),
        ox.Triple(default, _TYPE, sd("Graph")),
    ]
    if updates:
        triples.append(ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Update")))
    forms = {form.iri for form in ROWS.values()} | {form.iri for form in GRAPHS.values()}
    triples += [
        ox.Triple(service, sd("resultFormat"), ox.NamedNode(form))
        for form in sorted(forms)
        if form.startswith(_FORMATS)
    ]
    data_bytes = ox.serialize(triples, format=GRAPHS[media_type], prefixes={"sd": _SD, "formats": _FORMATS})
    assert data_bytes is not None
    return data_bytes
