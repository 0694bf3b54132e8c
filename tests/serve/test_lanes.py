"""The two lanes: what is quick never waits for what is heavy, and what is heavy goes there at once the next time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from kg.query import shape
from kg.serve.limits import Limits, RequestError
from kg.serve.pool import Pool
from kg.serve.worker import Answer, Job

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(?a != <x:%s>) }"
JOIN = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f FILTER(?a != <x:%s>) }"


def ran(what: Coroutine[Any, Any, Any]) -> Any:
    # In a thread: Playwright's browser, once started by other tests, keeps an event loop in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, what).result()


def job(query: str) -> Job:
    return Job(query=query, rows_as="application/sparql-results+json", graph_as=None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SELECT ?a { ?a rdfs:label '云帆' }", 'SELECT ?b { ?b rdfs:label "Opera" }', True),
        ("ASK { <x:a> kg:uses ?b } # why", "ASK { <x:long> kg:uses ?other } # what", True),
        ("ASK { ?a kg:uses ?b }", "ASK { ?a kg:develops ?b }", False),
        ("SELECT * { ?s ?p ?o } LIMIT 1", "SELECT * { ?s ?p ?o } LIMIT 100000", False),
    ],
)
def test_shapes(one: str, other: str, same: bool) -> None:
    assert (shape(one) == shape(other)) is same


def test_lookups_overtake_heavy_queries_as_many_as_there_are(served_store: Path) -> None:
    async def run() -> tuple[list[Answer], list[Any], int]:
        pool = Pool(served_store, Limits(workers=1, seconds=8))
        await pool.start()
        try:
            bombs = [asyncio.create_task(pool.answer(job(BOMB % n))) for n in range(5)]
            lookups = [await pool.answer(job(f"ASK {{ <x:{n}> ?p ?o }}")) for n in range(20)]
            ended = sum(b.done() for b in bombs)
            for bomb in bombs:
                bomb.cancel()
            return lookups, await asyncio.gather(*bombs, return_exceptions=True), ended
        finally:
            await pool.stop()

    lookups, bombs, ended = ran(run())
    assert {(a.status, b"false" in a.body) for a in lookups} == {(200, True)}
    # They were answered before the five could have been stopped one after the other.
    assert ended < 5
    assert all(isinstance(b, (asyncio.CancelledError, RequestError)) for b in bombs)


def test_a_query_too_heavy_for_the_quick_lane_is_answered_by_the_slow_one(served_store: Path) -> None:
    async def run() -> tuple[Answer, Answer, list[float]]:
        pool = Pool(served_store, Limits(workers=1, seconds=60, quick_seconds=0.02))
        await pool.start()
        try:
            first = await pool.answer(job(JOIN % "a"))
            return first, await pool.answer(job(JOIN % "b")), list(pool._seconds.values())
        finally:
            await pool.stop()

    first, second, known = ran(run())
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    assert len(known) == 1  # both are of one shape
    assert known[0] >= 0.02


def test_lookups_behind_a_query_that_is_stopped_are_answered_all_the_same(served_store: Path) -> None:
    """They were given to the same process, which ended before it came to them."""

    async def run() -> list[Any]:
        pool = Pool(served_store, Limits(workers=1, seconds=1, quick_seconds=0.2))
        await pool.start()
        try:
            await pool.answer(job("ASK { <x:a> ?p ?o }"))  # of a shape known to be quick
            bomb = asyncio.create_task(pool.answer(job(BOMB % "a")))
            await asyncio.sleep(0)
            lookups = [asyncio.create_task(pool.answer(job(f"ASK {{ <x:{n}> ?p ?o }}"))) for n in range(12)]
            return await asyncio.gather(bomb, *lookups, return_exceptions=True)
        finally:
            await pool.stop()

    bomb, *lookups = ran(run())
    assert isinstance(bomb, RequestError)
    assert "stopped after 1 seconds" in str(bomb)
    assert {(a.status, b"false" in a.body) for a in lookups} == {(200, True)}, lookups[-1]
