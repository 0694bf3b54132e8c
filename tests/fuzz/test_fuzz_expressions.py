"""No pattern takes long on any text: each of the project's regular expressions over strings that make bad ones backtrack."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from typing import TYPE_CHECKING, Any

import kg
import pytest
from kg.scale.worker import EndedError, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNITS = (
    "a", "A", "1", " ", "\n", "\t", "\0", ".", ",", "-", "/", "(", ")", "<", ">", "&", "|", "*", "_", "#", "`", "[", '"', "'", "%", "$", "=", "é", "公", "、", "，", "。", "（", "《", "“",
    "年", "第", "和", "1,", "1.", "a ", "a.", "A.", "Aa ", "1 ", "- ", "| ", "> ", "<a", "</", "&a", "()", "[](", "![", "**", "公司", "公 ", "1年", "12月", "亿元", "a1", "1a", "a-", "and ",
    "of ", "\n\n", "\n-", "\n1. ", "\r\n", "\\", "www.", "http://", "2023年1月", "Q1 ", "$1", "1% ",
)  # fmt: skip
LENGTH, SECONDS = 1000, 0.3


def found() -> dict[str, re.Pattern[str]]:
    """Every compiled expression of text in the project: of modules, in containers of theirs, and of the patterns that are data."""
    from kg.relate.rules import patterns

    some: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ModuleNotFoundError as error:  # what an extra brings that is not installed
            if error.name not in ("fsspec", "pyarrow", "ray"):
                raise
            continue
        for name, value in vars(loaded).items():
            for number, each in enumerate(within(value, 3)):
                some.setdefault(each.pattern, each)
                assert number < 100_000, name
    for lang in ("zh", "en"):
        for pattern in patterns(lang):
            some.update((row, re.compile(row)) for row in pattern.rows)
    return some


def within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, dict):
        for each in (*value.keys(), *value.values()):
            yield from within(each, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from within(each, depth - 1)


def texts(expression: re.Pattern[str], length: int) -> Iterator[str]:
    """A unit many times over, with an end that it does not expect, behind what the expression may begin with."""
    own = re.findall(r"[\u4e00-\u9fff]{1,3}|[A-Za-z]{2,8} ", expression.pattern)[:6]
    for unit in (*UNITS, *own):
        for head in ("", *own[:1]):
            yield head + unit * (length // len(unit)) + "\x01"


def slow() -> Callable[[tuple[str, int, int]], Iterator[tuple[str, str, float]]]:
    """Runs in a process that can be ended, for an expression holds all else up."""
    some = list(found().values())

    def work(job: tuple[str, int, int]) -> Iterator[tuple[str, str, float]]:
        _, step, steps = job
        for expression in some[step::steps]:
            for text in texts(expression, LENGTH):
                began = time.process_time()
                for _ in expression.finditer(text):
                    pass
                if (took := time.process_time() - began) > SECONDS:
                    yield expression.pattern, text[:12], took
            yield expression.pattern, "", 0.0

    return work


def run(step: int, steps: int) -> list[str]:
    worker = Worker(slow)
    bad, seen, last = [], set(), "the first"
    try:
        for expression, text, took in worker.run(("", step, steps), seconds=600):
            last = expression
            seen.add(expression)
            if took:
                bad.append(f"{took:.1f} s on {text!r}…: {expression[:200]}")
    except EndedError as error:
        bad.append(f"the expression after {last[:200]} {error}")
    finally:
        worker.end()
    assert bad or len(seen) * steps > 300  # they were found
    return bad


def test_a_bad_expression_would_be_found() -> None:
    bad = re.compile(r"(a|aa)+b")
    assert any(text.startswith("aaaa") for text in texts(bad, 30))


def test_initials_do_not_hold_the_names_of_firms_up() -> None:
    """Each full stop could be taken in two ways, so that thirty initials took minutes."""
    from kg.annotate.names import _LEGAL_EN

    began = time.process_time()
    assert not _LEGAL_EN.search("A." * 500)
    assert time.process_time() - began < 1
    assert _LEGAL_EN.search("J.P. Morgan Co., Ltd.")[0] == "J.P. Morgan Co., Ltd."


def test_a_line_in_capitals_after_a_name_does_not_hold_offices_up() -> None:
    """Each letter could begin a word of the title, so that thirty of them took minutes; blanks could be parted in all ways."""
    from kg.relate.offices import _PLAIN_TITLE

    began = time.process_time()
    for title in ("A" * 500 + "!", " " * 500 + "!"):
        assert not _PLAIN_TITLE["en"].fullmatch(title)
    assert time.process_time() - began < 1
    assert _PLAIN_TITLE["en"].fullmatch("Chairwoman and Chief Executive Officer, R&D")


def test_a_sample_of_expressions_is_quick() -> None:
    assert run(0, 40) == []


@pytest.mark.faults
def test_every_expression_is_quick() -> None:
    assert run(0, 1) == []
