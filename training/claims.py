"""Train what reads claims and numbers: the scorer of claims, and whose a number is. Passages are read once for both.

python -m training.claims zh en
"""

from __future__ import annotations

import sys

from training.reading import readings

from training import relations, whose


def train(lang: str) -> None:
    """Fit and write the weights of a language."""
    read = readings(lang)
    relations.train(lang, read)
    whose.train(lang, read)


if __name__ == "__main__":
    for name in sys.argv[1:] or ("zh", "en"):
        train(name)
