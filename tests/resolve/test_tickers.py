"""A ticker that stands alone names the firm of the registry that has it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kg.annotate.inventory import Annotated
from kg.config import BASE
from kg.registry.load import Entry, Registry
from kg.resolve.link import entities
from tests.factory import document, mention

REGISTRY = Registry(
    (
        Entry(id="company/yunfan", type="Company", en="Yunfan Tech", zh="云帆科技", tickers=("SZSE:300999",)),
        Entry(id="company/lanshi", type="Company", en="Lanshi", zh="澜石集团", tickers=("HKEX:0999", "NYSE:LSG")),
        Entry(id="company/other", type="Company", en="Other", zh="他山", tickers=("KRX:600999",)),
    )
)


def found(
    text: str, code: str, firm: str | None = None, found_by: str = "ticker"
) -> list[tuple[str, str, tuple[str, ...]]]:
    doc = document(text)
    some = [replace(mention(doc, code, "Company"), found_by=found_by)]
    if firm:
        some.append(mention(doc, firm, "Company", entry="company/yunfan"))
    made = Annotated(
        document=doc,
        passages=(),
        mentions=[(0, m.start, m.end, m) for m in some],
        cluster_of={m.id: at for at, m in enumerate(some)},
        filer=None,
    )
    known, entity_of = entities(made, base=BASE, registry=REGISTRY)
    assert set(entity_of) == {m.id for m in some}
    return [(e.iri.removeprefix(f"{BASE}entity/"), e.label, e.names) for e in known]


@pytest.mark.parametrize(
    ("text", "code", "firm", "iri", "label"),
    [
        ("证券代码：300999 证券简称：云帆科技", "300999", "云帆科技", "company/yunfan", "云帆科技"),
        ("Yunfan Tech, 证券代码：300999", "300999", "Yunfan Tech", "company/yunfan", "Yunfan Tech"),
        ("证券代码：300999", "300999", None, "company/yunfan", "Yunfan Tech"),
        ("（300999.SZ）公告", "300999.SZ", None, "company/yunfan", "Yunfan Tech"),
        ("（0999.HK）公告", "0999.HK", None, "company/lanshi", "Lanshi"),
        ("（00999.HK）公告", "00999.HK", None, "company/lanshi", "Lanshi"),
    ],
)
def test_it_is_its_firm(text: str, code: str, firm: str | None, iri: str, label: str) -> None:
    assert found(text, code, firm) == [(iri, label, tuple(sorted({code, firm or code})))]


@pytest.mark.parametrize(
    ("code", "found_by"),
    [
        ("300999.SH", "ticker"),  # of another exchange
        ("999", "ticker"),  # of Hong Kong or of any other place
        ("600999", "ticker"),  # a bare code of six digits is one of Shanghai or Shenzhen
        ("3009XX", "ticker"),
        ("300999", "latin"),  # a number that nothing calls a code
    ],
)
def test_it_is_no_other_firm(code: str, found_by: str) -> None:
    [(iri, label, _)] = found(f"代码：{code}", code, found_by=found_by)
    assert iri not in {e.id for e in REGISTRY}
    assert label == code
