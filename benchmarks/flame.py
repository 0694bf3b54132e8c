"""Where `kg extract` spends its time, as a flame graph of a few kilobytes.

    py-spy record --subprocesses --function --format raw -o stacks.txt -- python -m kg extract -j 1 FILE... >/dev/null
    python benchmarks/flame.py stacks.txt docs/flame.svg

Reads folded stacks (a line a stack: frames parted by semicolons, then how often it was seen) as py-spy and others write them. Frames of less
than a 200th of all samples are left out; wider is longer, below is what called it, and each shows its name and share when pointed at.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH, ROW, LEAST = 1200, 16, 0.005
OURS, OTHERS = "#e8944a", "#d8d2c4"


class Frame:
    """A function as it was called from those below it."""

    def __init__(self) -> None:
        self.count = 0
        self.above: dict[str, Frame] = {}


def read(path: Path) -> Frame:
    root = Frame()
    for line in path.read_text("utf-8").splitlines():
        stack, count = line.rsplit(" ", 1)
        frame = root
        root.count += int(count)
        for name in stack.split(";"):
            if name.startswith("process "):  # the command line of a process is a frame of its own to py-spy
                continue
            frame = frame.above.setdefault(name, Frame())
            frame.count += int(count)
    return root


def boxes(frame: Frame, x: float, depth: int, whole: int) -> Iterator[tuple[float, int, float, str]]:
    for name, above in sorted(frame.above.items(), key=lambda some: -some[1].count):
        share = above.count / whole
        if share >= LEAST:
            yield x, depth, share, name
            yield from boxes(above, x, depth + 1, whole)
            x += share


def drawn(root: Frame) -> str:
    found = list(boxes(root, 0.0, 0, root.count))
    height = (max(depth for _, depth, _, _ in found) + 1) * ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="10">'
    ]
    for x, depth, share, name in found:
        left, wide, top = x * WIDTH, share * WIDTH, height - (depth + 1) * ROW
        colour = OURS if "(kg/" in name else OTHERS
        letters = int(wide / 5.6)
        text = f'<text x="{left + 2:.1f}" y="{top + 11}">{escape(name[:letters])}</text>' if letters > 3 else ""
        lines.append(
            f'<g><title>{escape(name)}: {share:.1%}</title><rect x="{left:.1f}" y="{top}" width="{max(wide - 0.5, 0.5):.1f}" height="{ROW - 1}" fill="{colour}"/>{text}</g>'
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(drawn(read(Path(sys.argv[1]))), "utf-8")
