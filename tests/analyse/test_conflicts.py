"""What agrees and what excludes each other, on graphs made by hand."""

from __future__ import annotations

import networkx as nx
import pytest
from kg.analyse.conflicts import conflicts, copies, facts


def graph(*rows: tuple[str, str, str, dict[str, object]]) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    for n, (s, p, o, more) in enumerate(rows):
        for end in (s, o):
            made.add_node(end, label=end)
        base = {"predicate": p, "confidence": 0.6, "quote": f"{s} {p} {o} {n}", "document": f"{n}.txt", "date": None}
        made.add_edge(s, o, key=str(n), **{**base, **more})
    return made


def post(person: str, role: str, date: str, **more: object) -> tuple[str, str, str, dict[str, object]]:
    return person, "holdsPositionAt", "澜石", {"role": role, "date": date, **more}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (post("a", "首席执行官", "2024-03-01"), post("b", "CEO", "2024-04-01"), 1),
        (post("a", "chief executive", "2024-03-01"), post("b", "CEO", "2019-04-01"), 0),
        (post("a", "联席首席执行官", "2024-03-01"), post("b", "CEO", "2024-04-01"), 0),
        (post("a", "CEO", "2024-03-01", status="ended"), post("b", "CEO", "2024-04-01"), 0),
        (post("a", "副董事长", "2024-03-01"), post("b", "董事长", "2024-04-01"), 0),
        (post("a", "董事长", "2024-03-01"), post("b", "董事长", "2024-04-01"), 1),
        (post("a", "董事长", "2024-03-01"), post("a", "董事长", "2024-04-01"), 0),
        (post("a", "CEO", "2024-03-01", until="2020"), post("b", "CEO", "2024-04-01"), 0),
    ],
)
def test_sole_posts(
    left: tuple[str, str, str, dict[str, object]], right: tuple[str, str, str, dict[str, object]], expected: int
) -> None:
    found = conflicts(graph(left, right))
    assert len(found) == expected
    assert all(len(c.sides) == 2 for c in found)


def test_owners_in_a_circle() -> None:
    found = conflicts(
        graph(
            ("a", "subsidiaryOf", "b", {}),
            ("b", "subsidiaryOf", "c", {}),
            ("c", "subsidiaryOf", "a", {}),
            ("d", "subsidiaryOf", "a", {}),
        )
    )
    assert [(c.kind, len(c.sides)) for c in found] == [("subsidiaryOf in a circle", 3)]


def test_shares_above_the_whole() -> None:
    rows = [(s, "investedIn", "x", {"value": v, "date": "2024"}) for s, v in (("a", "60%"), ("b", "55.5％"))]
    assert [c.kind for c in conflicts(graph(*rows))] == ["shares of 115.5 %"]
    assert conflicts(graph(rows[0])) == []


def test_independent_documents_agree_and_copies_count_once() -> None:
    told = ("a", "develops", "m")
    long = {"quote": "澜石科技在昨天的会议上向来宾介绍了新一代推理模型青鸾二号并宣布开放接口"}
    other = {"quote": "At its yearly meeting the firm from Hangzhou showed a model that it had trained alone"}
    made = graph((*told, long), (*told, {**long, "quote": long["quote"] + "。"}), (*told, other))
    assert copies(made) == {"0.txt": "0.txt", "1.txt": "0.txt", "2.txt": "2.txt"}
    (fact,) = facts(made)
    assert (fact.confidence, fact.documents, fact.copies) == (0.84, 2, 1)
