"""axe-core finds nothing serious on any page: light and dark, both languages, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kg.config import BASE
from kg.store.terms import document_iri

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "home": "/",
    "search": "/?q=云帆",
    "nothing found": "/?q=zzz",
    "entity": f"/entity?iri={BASE}entity/company/yunfan",
    "not there": "/entity?iri=nonsense",
    "documents": "/documents",
    "document": f"/document?iri={document_iri(BASE, 'a.txt').value}",
    "analyses": "/analyses",
    "analysis": "/analyses?name=pagerank",
    "analysis of one": "/analyses?name=dependents&of=云帆科技",
    "analysis refused": "/analyses?name=links&of=zzz",
    "graph": "/graph",
    "graph around one": f"/graph?iri={BASE}entity/company/yunfan",
    "ask": "/ask",
    "answered": "/ask?question=云帆科技发布了什么？",
    "not understood": "/ask?question=zzz",
    "console": "/console?name=developers",
    "rows": "/console?query=SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 9",
    "refused": "/console?query=CLEAR ALL",
}


def violations(tab: Any) -> list[str]:
    found = tab.evaluate("axe.run().then((r) => r.violations)")
    return [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", 390)])
def test_no_page_shuts_anybody_out(browser: Any, server: str, scheme: str, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core here: in tests/serve, npm install --no-package-lock")
    # The page's policy forbids scripts of others; only for the test it is set aside.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}, locale=lang
    )
    tab, script = context.new_page(), AXE.read_text("utf-8")
    found = {}
    for name, path in PAGES.items():
        tab.goto(f"{server}{path}", timeout=120_000)
        tab.evaluate(script)
        found[name] = violations(tab)
    context.close()
    assert {name: said for name, said in found.items() if said} == {}
