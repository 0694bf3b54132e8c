"""Files that mean harm, parsed as `kg build` does it: each is one skipped file with its cause and remedy, in bounded time and memory.

Time and memory are held by the process; the table holds each file to far less, so that a new reader that drops a check is found.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from kg.config import Config
from kg.ingest.content import MAX_CHARACTERS, MAX_MARKUP
from kg.model import Document, Skipped
from kg.scale import parse
from kg.scale.parse import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EN = "The company released a new model."
BOUNDS = Config(document_seconds=2.5, document_megabytes=1024)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(10))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY k SYSTEM "file:///etc/passwd">]>'


def gzipped(block: bytes, times: int) -> bytes:
    """A gzip file of many blocks, each a member: cheap to make, and read like one."""
    return gzip.compress(block) * times


def word(body: str = "", *, head: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A Word file with this body, or with other parts than its own."""
    file, out = io.BytesIO(), io.BytesIO()
    plain = docx.Document()
    plain.add_paragraph(EN)
    plain.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            made = f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
            new.writestr(name, made if body and name == "word/document.xml" else old.read(name))
        for name, data in (parts or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def pdf(*objects: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (size, table, tail)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), more, data)


CATALOG, FONT = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
ONE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>/Contents 4 0 R>>"
WORDS = b"BT /F1 12 Tf 72 700 Td (The company released a new model.) Tj ET"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>"


def deep(opening: str, closing: str, depth: int, inner: str = EN) -> str:
    return opening * depth + inner + closing * depth


# Name -> how its bytes are made, and what the cause says.
FILES: dict[str, tuple[Callable[[], bytes | str], str]] = {
    # bombs
    "bomb.txt.gz": (lambda: gzipped(b" " * (1 << 20), 1000), "MB once unpacked; split"),
    "bomb.html.gz": (lambda: gzipped(b"<p>" * (1 << 18), 1000), "MB once unpacked; split"),
    "bomb.pdf.gz": (lambda: gzipped(b"%PDF-1.4\n" + b" " * (1 << 20), 300), "MB once unpacked; split"),
    "bomb.jsonl.gz": (lambda: gzipped(b" " * (1 << 20), 1000), "is longer than 18 MB"),
    "lines.jsonl.gz": (lambda: gzipped(b"\n" * (1 << 20), 1000), "took more than"),
    "bomb.docx": (lambda: word(parts={"word/x.bin": b"\0" * (201 << 20)}), "MB once unpacked; split"),
    "xml.docx": (lambda: word("<w:p/>" * 12_000_000), "67 MB once unpacked; split"),
    "parts.docx": (lambda: word(parts={f"a{i}": b"" for i in range(10_001)}), "parts, more than 10,000; save"),
    "flate.pdf": (
        lambda: pdf(CATALOG, ONE, PAGE, stream(zlib.compress(b" " * (1500 << 20), 1), b"/Filter/FlateDecode"), FONT),
        "not parsed to its end",
    ),
    # entities
    "laughs.docx": (lambda: word("<w:p><w:r><w:t>&k;</w:t></w:r></w:p>", head=LAUGHS), "save it again"),
    "external.docx": (lambda: word("<w:p><w:r><w:t>a &k; b</w:t></w:r></w:p>", head=EXTERNAL), "XML entities"),
    # length
    "line.txt": (lambda: EN * (100_000_000 // len(EN)), "MB once unpacked; split"),
    "line.html": (lambda: f"<p>{EN * (100_000_000 // len(EN))}", "MB once unpacked; split"),
    "line.jsonl": (lambda: json.dumps({"text": "a" * 100_000_000}), "line 1 is longer than 18 MB"),
    "long.txt": (lambda: "a" * (MAX_CHARACTERS + 1), "more than 3,000,000 characters; split"),
    "long.jsonl": (lambda: json.dumps({"text": "a" * (MAX_CHARACTERS + 1)}), "more than 3,000,000 characters; split"),
    # nesting
    "deep.html": (lambda: "<div>" * 200_000 + EN, "nested too deeply"),
    "deep.docx": (lambda: word(deep("<w:ins>", "</w:ins>", 5000)), "save it again"),
    "deep.jsonl": (lambda: f'{{"text": {deep("[", "]", 500_000, "")}}}', "line 1 is not JSON"),
    "attributes.html": (lambda: f"<p {' '.join(f'a{i}=1' for i in range(100_000))}>{EN}</p>", "took more than"),
    # endless
    "loop.pdf": (
        lambda: pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 5>>", PAGE, stream(WORDS), FONT), "of 5 is damaged"),
    "pages.pdf": (
        lambda: pdf(CATALOG, b"<</Type/Pages/Kids[%b]/Count 30000>>" % (b"3 0 R " * 30_000), PAGE, stream(WORDS), FONT),
        "30,000 pages, more than 20,000; split",
    ),
    "itself.pdf": (
        lambda: pdf(CATALOG, ONE, PAGE, stream(b"/X Do " + WORDS), FONT, stream(b"/X Do /X Do ", FORM)),
        "not parsed to its end",
    ),
    # characters
    "nul.txt": (lambda: EN.replace(" ", "\0"), "binary data"),
    "nul.html": (lambda: f"<p>{EN}\0</p>", "binary data"),
    "random.txt": (lambda: bytes(range(256)) * 40, "binary data"),
}  # fmt: skip
# Name -> what is read of it all the same.
READ: dict[str, tuple[Callable[[], bytes | str], str]] = {
    "laughs.html": (lambda: f"{LAUGHS}<html><body><p>&k; {EN}</p></body></html>", f"&k; {EN}"),
    "external.html": (lambda: f"{EXTERNAL}<html><body><p>&k; {EN}</p></body></html>", f"&k; {EN}"),
    "media.docx": (lambda: word(parts={"word/x.bin": b"\0" * (20 << 20)}), EN),
    "count.pdf": (lambda: pdf(CATALOG, ONE.replace(b"Count 1", b"Count 2000000000"), PAGE, stream(WORDS), FONT), EN),
    "surrogate.txt": (lambda: EN.encode() + b" \xed\xa0\x80", EN),
    "surrogate.jsonl": (
        lambda: '{"text": "EN \\ud800", "id": "\\udfff", "title": "\\ud800abcd"}'.replace("EN", EN),
        f"{EN} \ufffd",
    ),
    "nul.jsonl": (lambda: json.dumps({"text": f"{EN}\0"}), f"{EN}\0"),
    "bidi.txt": (lambda: f"\u202e{EN}\u202c\u200b", f"\u202e{EN}\u202c\u200b"),
    "lists.html": (lambda: f"<p>{EN}</p>" + "<ul><li>" * 3000, EN),
    "blank.txt": (lambda: EN + " \n\t" * 900_000, EN),
    "deeper.jsonl": (lambda: json.dumps({"text": EN, "id": [[["x"]]]}), EN),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(parse, "_PER_SECOND", 1e9)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    os.chdir(tmp_path)
    clear(tmp_path)


def clear(folder: Path) -> None:
    """Remove what is in `folder`, however deep: pytest's own removal recurses. Each folder's content is lifted to the top before it goes."""
    names = (f"lifted-{number}" for number in itertools.count())
    while found := list(folder.iterdir()):
        for each in found:
            if each.is_symlink() or not each.is_dir():
                each.unlink()
                continue
            for inner in list(each.iterdir()):
                inner.rename(folder / next(names))
            each.rmdir()


def put(name: str, data: bytes | str) -> str:
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return name


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_skipped_with_its_cause_and_the_run_goes_on(here: Path, name: str) -> None:
    make, cause = FILES[name]
    began = time.monotonic()
    found = list(documents([put(name, make()), put("good.txt", EN)], BOUNDS))
    assert time.monotonic() - began < 30
    *bad, good = found
    assert [type(b) for b in bad] == [Skipped]
    assert bad[0].path.split("#")[0] == name
    assert cause in bad[0].cause
    assert "\n" not in bad[0].cause
    assert isinstance(good, Document)
    assert good.text == EN


@pytest.mark.parametrize("name", READ)
def test_what_is_only_odd_is_read(here: Path, name: str) -> None:
    make, text = READ[name]
    found = list(documents([put(name, make())], BOUNDS))
    assert [type(f) for f in found] == [Document]
    assert text in found[0].text
    assert "root:" not in found[0].text
    found[0].text.encode("utf-8")
    found[0].id.encode("utf-8")


def test_files_as_large_as_may_be_are_parsed_within_the_memory(here: Path) -> None:
    row = "<p>The company released a new model, and more words to read.</p>\n"
    put("large.txt", "公司发布新模型。" * (MAX_CHARACTERS // 8))
    put("large.html", f"<html><body>{'x' * (MAX_MARKUP - 9_000_000)}{row * 100_000}")
    # A process of its own: the children of this one are those of other tests, too.
    code = (
        "import resource; from kg.config import Config; from kg.scale.parse import documents; "
        "found = list(documents(['large.txt', 'large.html'], Config())); "
        "assert all('memory' not in getattr(f, 'cause', '') for f in found), found; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    kilobytes = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert kilobytes < 2 << 20


def test_links_that_run_in_circles_end(here: Path) -> None:
    (here / "a").mkdir()
    (here / "a" / "up").symlink_to(here)
    (here / "a" / "self").symlink_to("self")
    (here / "x.txt").symlink_to("y.txt")
    (here / "y.txt").symlink_to("x.txt")
    put("good.txt", EN)
    found = list(documents(["."], BOUNDS))
    assert [f.path for f in found if isinstance(f, Document)] == ["good.txt"]
    assert {f.path for f in found if isinstance(f, Skipped)} >= {"x.txt", "y.txt"}


@pytest.mark.parametrize(
    "name", ["a" * 251 + ".txt", "=1+1.txt", "<script>.txt", "a\nb.txt", "\u202etxt.exe.txt", "公" * 80 + ".txt", "$(id).txt", "-.txt"]
)  # fmt: skip
def test_names_of_files_are_only_names(here: Path, name: str) -> None:
    put("./" + name, EN)
    (document,) = documents(["."], BOUNDS)
    assert isinstance(document, Document)
    assert document.id == name


def test_what_these_tests_leave_goes_however_deep_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outside.txt").write_text(EN)
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for _ in range(3000):
        Path("d").mkdir()
        Path("x").symlink_to("..")
        os.chdir("d")
    os.chdir(folder)
    clear(folder)
    assert list(folder.iterdir()) == []
    assert (tmp_path / "outside.txt").exists()


def test_a_path_of_ten_thousand_characters(here: Path) -> None:
    found = list(documents(["a" * 10_000 + ".txt", "b/" * 5000 + "*.txt", "[" * 10_000], BOUNDS))
    assert [type(f) for f in found] == [Skipped] * 3


def test_a_folder_as_deep_as_paths_go(here: Path) -> None:
    for number in range(300):
        Path("d").mkdir()
        os.chdir("d")
        if number < 3:
            put("x.txt", EN)
    os.chdir(here)
    deep, *shallow = documents(["."], BOUNDS)
    assert [type(f) for f in shallow] == [Document] * 3
    assert "folders deep" in deep.cause


def test_a_folder_whose_paths_are_too_long_for_the_system(here: Path) -> None:
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    os.chdir(here)
    put("z.txt", EN)
    long, good = documents(["."], BOUNDS)
    assert "too long" in long.cause
    assert good.text == EN
