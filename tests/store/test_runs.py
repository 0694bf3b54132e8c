"""Lines sort on disk as they do in memory."""

from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st
from kg.store.runs import Runs

LINE = st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b"") + b"\n")


@given(st.lists(LINE), st.integers(1, 40), st.integers(1, 200), st.booleans())
def test_runs_on_disk_merge_into_one_order(lines: list[bytes], piece: int, size: int, backwards: bool) -> None:
    key = (lambda line: line[::-1]) if backwards else None
    data = b"".join(lines)
    with ExitStack() as stack:
        runs = Runs(stack, key=key, size=size)
        for start in range(0, len(data), piece):  # the engine cuts where it likes
            assert runs.write(data[start : start + piece]) == len(data[start : start + piece])
        assert list(runs.merged()) == sorted(lines, key=key)
