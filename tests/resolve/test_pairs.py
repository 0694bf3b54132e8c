"""The table of hard pairs: what is one thing and what is not."""

from __future__ import annotations

from pathlib import Path

from kg.resolve.judge import judge
from kg.resolve.profile import Profile, Verdict

TABLE = Path(__file__).parent.parent / "cases" / "pairs.txt"


def profile(side: str, kind: str, name: str, context: str) -> Profile:
    some = [c.strip() for c in context.split(";") if c.strip()]

    def given(key: str) -> list[str]:
        return [c.removeprefix(f"{key}=") for c in some if c.startswith(f"{key}=")]

    name, _, other = name.partition("/") if "/AIModel" in name or "/Company" in name else (name, "", "")
    return Profile(
        iri=f"urn:{side}",
        type=other or kind,
        names=(name,),
        entry=next(iter(given("entry")), None),
        tickers=frozenset(given("ticker")),
        around=frozenset(given("around")),
        neighbours=frozenset(c for c in some if "=" not in c),
    )


def rows() -> list[tuple[bool, Profile, Profile]]:
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            same, kind, left, right, here, there = ([*line.split("|"), "", ""])[:6]
            found.append((same == "1", profile("a", kind, left, here), profile("b", kind, right, there)))
    return found


def test_the_table_is_large_and_balanced() -> None:
    same = [r for r in rows() if r[0]]
    assert len(rows()) >= 300
    assert 0.45 <= len(same) / len(rows()) <= 0.55


def test_hard_pairs_are_told_apart() -> None:
    right = wrong = missed = 0
    problems = []
    for same, left, right_ in rows():
        found = judge(left, right_)
        if found.verdict == Verdict.SAME:
            right, wrong = right + same, wrong + (not same)
        else:
            missed += same
        if same != (found.verdict == Verdict.SAME):
            problems.append(f"{left.names[0]} | {right_.names[0]}: {found.verdict} {found.score} {found.reason}")
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    assert precision >= 0.98, problems
    assert f1 >= 0.95, problems


def test_the_verdict_does_not_depend_on_the_side() -> None:
    for _, left, right in rows():
        a, b = judge(left, right), judge(right, left)
        assert (a.verdict, a.score, a.reason) == (b.verdict, b.score, b.reason)
