"""The licences of all that is installed for the project, from the packages' own metadata; run as a script it writes docs/licences.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent.parent / "docs" / "licences.md"
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|MPL[- ]2|Mozilla Public License 2|PSF|Python Software Foundation|W3C|Zlib|Unlicense|Public[- ]Domain|CNRI",
    re.IGNORECASE,
)
REFUSED = re.compile(
    r"Affero|\bAGPL|\bL?GPL|\bGNU\b|non-?commercial|\bNC\b|SSPL|BUSL|Business Source|Commons Clause|proprietary",
    re.IGNORECASE,
)
EXPLAINED = {
    "tld": "offered under MPL-1.1 as well, which is the one taken; trafilatura uses it unchanged",
    "fpdf2": "LGPL: makes the PDF files of tests and examples, is installed for development only and not shipped",
}
"""What would be refused but for the reason given."""
HEAD = """# Licences

All that `pip` installs for kg, with the licence that each package states in its metadata. `make licences` writes this page;
`tests/test_supply_chain.py` compares it with what is installed, and refuses AGPL, GPL and what forbids commercial use. A package
is listed under the first of: what kg needs to run, its extras, development.

"""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package. `use` is `run`, or the extra that needs it."""

    name: str
    use: str
    licence: str


def packages() -> list[Package]:
    """All packages that the project needs, by name; extras in the order of how near they are to users."""
    extras = [e for e in distribution("kg").metadata.get_all("Provides-Extra") or [] if e != "dev"]
    found: dict[str, Package] = {}
    for use in ("", *extras, "dev"):
        _follow("kg", frozenset({use}), use or "run", found, set())
    return sorted(found.values(), key=lambda p: p.name)


def _follow(
    name: str, extras: frozenset[str], use: str, found: dict[str, Package], seen: set[tuple[str, frozenset[str]]]
) -> None:
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    try:
        made = distribution(name)
    except PackageNotFoundError:  # of an extra that is not installed here
        return
    if name != "kg":
        found.setdefault(name, Package(name, use, licence(name)))
    for line in made.requires or []:
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras or {""}):
            _follow(canonicalize_name(need.name), frozenset(need.extras) | {""}, use, found, seen)


def licence(name: str) -> str:
    """What a package says of its licence, in one line: the SPDX expression, else the classifiers, else the first line of its text."""
    about = distribution(name).metadata
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License :: ")]
    words = [c for c in classes if c != "OSI Approved"]
    first = (about.get("License") or "").strip().split("\n")[0]
    return about.get("License-Expression") or " / ".join(sorted(words)) or first or _heading(name) or "unknown"


def _heading(name: str) -> str:
    """The first line of the text of the licence that lies in the package."""
    texts = (f.read_text() for f in distribution(name).files or [] if f.parent.name == "licenses")
    return next((line.strip() for text in texts for line in text.split("\n") if line.strip()), "")


def page() -> str:
    rows = [f"| {p.name} | {p.use} | {p.licence} | {EXPLAINED.get(p.name, '')} |" for p in packages()]
    return HEAD + "\n".join(["| package | needed for | licence | remark |", "| --- | --- | --- | --- |", *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
